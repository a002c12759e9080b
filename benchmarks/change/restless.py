"""Pictures in which nearly everything changes, all the time or at the moment that is asked for."""

from dataclasses import replace

from benchmarks.change import situations as s
from benchmarks.change.case import Case
from benchmarks.change.script import Ramp, Script, Weather
from benchmarks.change.situations import Teller


def at_the_switch(seed: int) -> Case:
    """It is put there in the half minute in which the camera goes over to infrared."""
    tell = Teller(seed)
    at_s = tell.moment(0.3, 0.7)
    switch_s = at_s + tell.chance.uniform(-15, 15)
    thing = tell.stay(at_s)
    bringer, truth = tell.bringer(thing.box, at_s)
    weather = Weather(light=(Ramp(1.0, 0.3, switch_s - 1800, switch_s),), infrared=((switch_s, 1e9),))
    script = Script(tell.place, seed, (thing,), (*tell.passers(12), bringer), weather)
    name = "at the switch to infrared"
    busy = ((truth.earliest_s - 8, truth.latest_s + 8),)
    truths = (replace(truth, kind="appeared"),)
    return Case(f"{name} {seed}", name, script, tell.around(thing.box), truths, busy_s=busy)


def swaying_tree(seed: int) -> Case:
    """The wind moves all that is in the rectangle, before and after a thing is put there."""
    case = s.appears(seed)
    return replace(case, name=f"swaying {seed}", difficulty="swaying tree", script=_swaying(case))


def swaying_tree_alone(seed: int) -> Case:
    case = s.nothing(seed)
    return replace(case, name=f"swaying, nothing {seed}", difficulty="swaying tree, nothing", script=_swaying(case))


def dusk_and_rain(seed: int) -> Case:
    """Evening, rain, a lamp with a sensor and a shaking mast at once."""
    case = s.evening(seed)
    more = s.lamps(seed).script.weather.lamps[:1]
    weather = replace(
        case.script.weather, rain=150, rains_s=((1200.0, 3000.0),), noise=4.0, shake=1.5, lamps=more, drift=1.0
    )
    script = replace(case.script, weather=weather)
    return replace(case, name=f"dusk and rain {seed}", difficulty="dusk, rain, lamp and shaking", script=script)


def _swaying(case: Case) -> Script:
    x, y, width, height = case.box
    whole = max(0.0, x - 0.1), max(0.0, y - 0.1), min(0.99 - x, width + 0.2), min(0.99 - y, height + 0.2)
    return replace(case.script, weather=replace(case.script.weather, sways=((whole, 5.0),)))
