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


def _swaying(case: Case) -> Script:
    x, y, width, height = case.box
    whole = max(0.0, x - 0.1), max(0.0, y - 0.1), min(0.99 - x, width + 0.2), min(0.99 - y, height + 0.2)
    return replace(case.script, weather=replace(case.script.weather, sways=((whole, 5.0),)))
