"""What happens around houses, each made anew from a seed: place, thing, box, times and passers follow from it."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from benchmarks.change.case import Case, Truth
from benchmarks.change.script import Box, Lamp, Passer, Ramp, Script, Shadow, Stay, Weather
from benchmarks.change.things import Kind as ThingKind
from benchmarks.change.view import Place

_HOUR_S = 3600.0
_SMALL: tuple[ThingKind, ...] = ("box", "bag", "bin", "plank", "writing")
_PLACES: tuple[Place, ...] = ("yard", "street", "hall")


class Teller:
    """Random choices of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.place: Place = self.chance.choice(_PLACES)

    def spot(self, least: float = 0.05, most: float = 0.14) -> Box:
        """Where a thing is put, on the ground."""
        width = self.chance.uniform(least, most)
        height = width * self.chance.uniform(1.0, 1.8)
        return self.chance.uniform(0.12, 0.8 - width), self.chance.uniform(0.5, 0.9 - height), width, height

    def stay(self, from_s: float, to_s: float = 1e12, **more: object) -> Stay:
        kind: ThingKind = self.chance.choice(_SMALL)
        made = Stay(kind, self.spot(), from_s, to_s, seed=self.chance.randrange(1000))
        return replace(made, **more)  # type: ignore[arg-type]

    def moment(self, first: float = 0.15, last: float = 0.85, of_s: float = _HOUR_S) -> float:
        return round(self.chance.uniform(first * of_s, last * of_s), 2)

    def around(self, box: Box, more: tuple[float, float] = (0.1, 0.6)) -> Box:
        """A rectangle that a person would draw around it."""
        x, y, width, height = box
        left, right, above, below = (self.chance.uniform(*more) / 2 for _ in range(4))
        x0, y0 = max(0.0, x - left * width), max(0.0, y - above * height)
        x1, y1 = min(1.0, x + width + right * width), min(1.0, y + height + below * height)
        return round(x0, 4), round(y0, 4), round(x1 - x0, 4), round(y1 - y0, 4)

    def passers(self, number: int, of_s: float = _HOUR_S, y: tuple[float, float] = (0.65, 0.98)) -> tuple[Passer, ...]:
        made = []
        for _ in range(number):
            start = self.chance.uniform(0, of_s)
            kind: Literal["person", "car"] = "person" if self.chance.random() < 0.75 else "car"
            last = self.chance.uniform(7, 14) if kind == "person" else self.chance.uniform(3, 5)
            feet = self.chance.uniform(*y)
            tall = (0.2 + 0.5 * (feet - 0.5)) * (1 if kind == "person" else 0.8)
            made.append(
                Passer(
                    kind,
                    start,
                    start + last,
                    feet,
                    tall,
                    self.chance.random() < 0.5,
                    seed=self.chance.randrange(1000),
                )
            )
        return tuple(made)

    def bringer(self, box: Box, at_s: float) -> tuple[Passer, Truth]:
        """Somebody who comes, stands at the box while it changes, and goes; the truth's kind is to be replaced."""
        middle, feet = box[0] + box[2] / 2, min(0.99, box[1] + box[3] + 0.05)
        tall = 0.3 + 0.5 * (feet - 0.5)
        walk_s, stand_s = self.chance.uniform(5, 9), self.chance.uniform(3, 8)
        arrives_s, leaves_s = at_s - stand_s / 2, at_s + stand_s / 2
        to_left = middle > 0.5
        made = Passer(
            "person",
            arrives_s - walk_s,
            leaves_s + walk_s,
            feet,
            tall,
            to_left,
            (middle, arrives_s, leaves_s),
            self.chance.randrange(1000),
        )
        # Until the person has left the place: half of the box and half of the person's width.
        way = (1 - middle if to_left else middle) + 0.1
        clear_s = walk_s * (box[2] * 0.75 + tall * 0.35) / way
        return made, Truth("changed", arrives_s - clear_s, leaves_s + clear_s)


def appears(seed: int, minutes: int = 60) -> Case:
    """Somebody brings a thing."""
    tell = Teller(seed)
    at_s = tell.moment(of_s=minutes * 60)
    thing = tell.stay(at_s)
    return _brought(tell, "appears", thing, at_s, "appeared", minutes)


def vanishes(seed: int) -> Case:
    tell = Teller(seed)
    at_s = tell.moment()
    return _brought(tell, "vanishes", tell.stay(-1, at_s), at_s, "vanished")


def moved(seed: int) -> Case:
    """By its own width, within what the rectangle encloses."""
    tell = Teller(seed)
    at_s = tell.moment()
    before = tell.stay(-1, at_s)
    x, y, width, height = before.box
    after = replace(before, box=(min(x + 1.2 * width, 0.95 - width), y, width, height), from_s=at_s, to_s=1e12)
    both = (x, y, after.box[0] + width - x, height)
    bringer, truth = tell.bringer(both, at_s)
    script = Script(tell.place, seed, (before, after), (*tell.passers(14), bringer))
    return _case(tell, "moved", script, tell.around(both), (truth,))


def at_once(seed: int) -> Case:
    """From one frame to the next, without anybody: a gate that swings, something that falls."""
    tell = Teller(seed)
    at_s = tell.moment()
    kind: ThingKind = tell.chance.choice(("gate", "plank", "bin"))
    thing = tell.stay(at_s, kind=kind, box=tell.spot(0.1, 0.2))
    script = Script(tell.place, seed, (thing,), tell.passers(14))
    return _case(tell, "at once", script, tell.around(thing.box), (Truth("appeared", at_s, at_s),))


def parks(seed: int) -> Case:
    """A car parks for 20 minutes and leaves: both are asked for."""
    tell = Teller(seed)
    come_s, gone_s = tell.moment(0.15, 0.4), tell.moment(0.7, 0.9)
    box = (tell.chance.uniform(0.3, 0.6), tell.chance.uniform(0.6, 0.75), 0.28, 0.18)
    car = Stay("car", box, come_s, gone_s, drives_s=4.0, seed=seed)
    script = Script(tell.place, seed, (car,), tell.passers(10))
    truths = Truth("appeared", come_s - 4, come_s), Truth("vanished", gone_s, gone_s + 4)
    return _case(tell, "car parks, leaves", script, tell.around(box, (0.05, 0.3)), truths, asks_all=True)


def several(seed: int) -> Case:
    """Comes, goes and comes again: all are asked for."""
    tell = Teller(seed)
    first, second, third = (tell.moment(part, part + 0.12) for part in (0.12, 0.42, 0.72))
    thing = tell.stay(first, second)
    again = replace(thing, from_s=third, to_s=1e12)
    people, truths = [], []
    for at_s, kind in ((first, "appeared"), (second, "vanished"), (third, "appeared")):
        bringer, truth = tell.bringer(thing.box, at_s)
        people.append(bringer)
        truths.append(replace(truth, kind=kind))  # type: ignore[arg-type]
    script = Script(tell.place, seed, (thing, again), (*tell.passers(8), *people))
    return _case(tell, "comes, goes, comes", script, tell.around(thing.box), tuple(truths), asks_all=True)


def looked_at_in_between(seed: int) -> Case:
    """It came and went; when did that come which is seen in the middle?"""
    tell = Teller(seed)
    first, second = tell.moment(0.15, 0.35), tell.moment(0.7, 0.85)
    thing = tell.stay(first, second)
    bringer, truth = tell.bringer(thing.box, first)
    taker, _ = tell.bringer(thing.box, second)
    script = Script(tell.place, seed, (thing,), (*tell.passers(8), bringer, taker))
    case = _case(tell, "asked at a time between", script, tell.around(thing.box), (replace(truth, kind="appeared"),))
    return replace(case, at_s=(first + second) / 2)


def crowd(seed: int) -> Case:
    """Somebody is before the place for more than half of the time."""
    tell = Teller(seed)
    at_s = tell.moment()
    thing = tell.stay(at_s)
    bringer, truth = tell.bringer(thing.box, at_s)
    feet = thing.box[1] + thing.box[3]
    people = tell.passers(900, y=(feet, min(0.99, feet + 0.12)))
    script = Script(tell.place, seed, (thing,), (*people, bringer))
    return _case(tell, "crowd before it", script, tell.around(thing.box), (replace(truth, kind="appeared"),))


def stands_about(seed: int) -> Case:
    """Somebody stands in the rectangle for two minutes, and a car for three; nothing stays."""
    tell = Teller(seed)
    box = tell.spot(0.1, 0.2)
    middle, feet = box[0] + box[2] / 2, box[1] + box[3]
    when = [tell.moment(part, part + 0.1) for part in (0.15, 0.4, 0.65)]
    stood: tuple[tuple[float, float, Literal["person", "car"]], ...] = (
        (when[0], 100, "person"),
        (when[1], 150, "car"),
        (when[2], 45, "person"),
    )
    people = tuple(
        Passer(kind, at_s, at_s + last + 12, feet, 0.4, stands=(middle, at_s + 6, at_s + last + 6), seed=seed)
        for at_s, last, kind in stood
    )
    script = Script(tell.place, seed, (), (*people, *tell.passers(14)))
    return _case(tell, "somebody stands about, nothing stays", script, tell.around(box), (), asks_all=seed % 2 == 0)


def nothing(seed: int) -> Case:
    tell = Teller(seed)
    kept = tell.stay(-1)
    script = Script(tell.place, seed, (kept,), tell.passers(60))
    return _case(tell, "nothing happens, passers", script, tell.around(kept.box), (), asks_all=seed % 2 == 0)


def evening(seed: int, what: str = "appears") -> Case:
    """It grows dark over 35 minutes, then the camera goes over to infrared."""
    tell = Teller(seed)
    switch_s = tell.moment(0.55, 0.7)
    at_s = tell.moment(0.75, 0.92) if seed % 2 else tell.moment(0.2, 0.5)
    dark = (Ramp(1.0, 0.3, switch_s - 2100, switch_s),)
    case = appears(seed) if what == "appears" else nothing(seed)
    if what == "appears":
        case = _brought(tell, "", tell.stay(at_s), at_s, "appeared")
    weather = replace(case.script.weather, light=dark, infrared=((switch_s, 1e9),))
    name = "evening and infrared" if what == "appears" else "evening and infrared, nothing"
    return replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))


def infrared_flaps(seed: int, what: str = "nothing") -> Case:
    """At dusk the camera goes to and fro between colour and infrared."""
    case = nothing(seed) if what == "nothing" else appears(seed)
    tell = Teller(seed + 5)
    starts = sorted(tell.moment(0.1, 0.9) for _ in range(3))
    times = tuple((start, start + tell.chance.uniform(120, 900)) for start in starts)
    weather = replace(case.script.weather, light=(Ramp(0.7, 0.5, 0, 3600),), infrared=times)
    name = "infrared to and fro" + (", nothing" if what == "nothing" else "")
    return replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))


def lamps(seed: int, what: str = "appears") -> Case:
    """A lamp with a sensor lights the place now and then, and one that stays on for long."""
    case = appears(seed) if what == "appears" else nothing(seed)
    tell = Teller(seed + 7)
    x, y, width, height = case.box
    short = tuple((start, start + tell.chance.uniform(20, 90)) for start in (tell.moment(0, 1) for _ in range(12)))
    long = tell.moment(0.2, 0.4), tell.moment(0.6, 0.8)
    lit = (
        Lamp((x + width / 2, y + height / 2), tell.chance.uniform(0.15, 0.4), 0.8, short),
        Lamp((x + width, y), tell.chance.uniform(0.2, 0.5), 0.6, (long,)),
    )
    weather = replace(case.script.weather, light=(Ramp(0.5, 0.5, 0, 1),), lamps=lit, noise=3.5)
    name = "lamps" + (", nothing" if what == "nothing" else "")
    return replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))


def clouds(seed: int, what: str = "appears") -> Case:
    case = appears(seed) if what == "appears" else nothing(seed)
    weather = replace(case.script.weather, clouds=(0.45, 170.0 + 40 * (seed % 5)), steps=((900, 1500, 1.25),))
    name = "clouds, exposure jumps" + (", nothing" if what == "nothing" else "")
    return replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))


def rain(seed: int, what: str = "appears") -> Case:
    case = appears(seed) if what == "appears" else nothing(seed)
    weather = replace(
        case.script.weather, rain=260, rains_s=((600.0, 3000.0),), noise=5.0, light=(Ramp(1, 0.75, 500, 700),)
    )
    name = "rain" + (", nothing" if what == "nothing" else "")
    return replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))


def shaking(seed: int, what: str = "appears") -> Case:
    """A mast in the wind, by three points of 640, and slowly leaning."""
    case = appears(seed) if what == "appears" else nothing(seed)
    weather = replace(case.script.weather, shake=3.0, drift=2.0)
    name = "camera shakes" + (", nothing" if what == "nothing" else "")
    return replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))


def shadow(seed: int, what: str = "appears") -> Case:
    """The edge of a house's shadow crosses the rectangle in an hour."""
    case = appears(seed) if what == "appears" else nothing(seed)
    x, y, width, height = case.box
    edge = x + width / 2 + 0.3 * (y + height / 2)
    weather = replace(case.script.weather, shadows=(Shadow(edge - 0.25, edge + 0.25, -100, 3700),))
    name = "shadow wanders" + (", nothing" if what == "nothing" else "")
    return replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))


def night_noise(seed: int, what: str = "appears") -> Case:
    """Infrared all the time, a noisy sensor, strong compression."""
    case = appears(seed) if what == "appears" else nothing(seed)
    weather = replace(case.script.weather, infrared=((-1.0, 1e9),), night_noise=12.0)
    name = "noisy night" + (", nothing" if what == "nothing" else "")
    made = replace(case, name=f"{name} {seed}", difficulty=name, script=replace(case.script, weather=weather))
    return replace(made, crf=36)


def small(seed: int) -> Case:
    """A thing of 1.5 to 3 % of the picture's width."""
    tell = Teller(seed)
    at_s = tell.moment()
    thing = tell.stay(at_s, box=tell.spot(0.015, 0.03), kind=tell.chance.choice(("box", "bag")))
    case = _brought(tell, "small thing", thing, at_s, "appeared")
    return replace(case, box=tell.around(thing.box, (0.5, 1.2)))


def faint(seed: int) -> Case:
    """Hardly darker than what is behind it."""
    tell = Teller(seed)
    at_s = tell.moment()
    thing = tell.stay(at_s, kind="wet" if seed % 2 else "box", contrast=1.0 if seed % 2 else 0.35)
    return _brought(tell, "faint thing", thing, at_s, "appeared")


def generous_box(seed: int) -> Case:
    """The rectangle is ten times as large as the thing."""
    tell = Teller(seed)
    at_s = tell.moment()
    thing = tell.stay(at_s)
    case = _brought(tell, "generous rectangle", thing, at_s, "appeared")
    x, y, width, height = thing.box
    left, top = max(0.0, x - 1.2 * width), max(0.0, y - 1.0 * height)
    return replace(case, box=(left, top, min(1 - left, 3.4 * width), min(1 - top, 3.0 * height)))


def gap(seed: int) -> Case:
    """Nothing was recorded while it happened."""
    tell = Teller(seed)
    at_s = tell.moment(0.3, 0.7)
    lost = at_s - tell.chance.uniform(60, 300), at_s + tell.chance.uniform(60, 300)
    thing = tell.stay(at_s)
    script = Script(tell.place, seed, (thing,), tell.passers(14))
    case = _case(tell, "not recorded meanwhile", script, tell.around(thing.box), (Truth("appeared", *lost),))
    return replace(case, gaps_s=(lost,))


def real(seed: int, footage: str, what: str = "appears") -> Case:
    """Real video with a thing put into it."""
    case = appears(seed, 40) if what == "appears" else nothing(seed)
    script = replace(case.script, footage=footage, passers=case.script.passers[-1:] if what == "appears" else ())
    name = "real footage" + (", nothing" if what == "nothing" else "")
    made = replace(case, name=f"{name} {footage} {seed}", difficulty=name, script=script, minutes=40)
    return replace(made, size=(640, 272) if footage != "man in a car" else (352, 288))


def large(seed: int, situation: Callable[[int], Case]) -> Case:
    """As 1920×1080, recorded for less long."""
    case = situation(seed)
    return replace(case, name=f"1080p {case.name}", difficulty="1080p", size=(1920, 1080), gop_s=10.0)


def whole_view(seed: int) -> Case:
    """Every lasting change anywhere in the picture: two things are brought and one is taken away."""
    tell = Teller(seed)
    minutes = [tell.moment(part, part + 0.15) for part in (0.15, 0.4, 0.65)]
    stays, people, truths = [], [], []
    for number, at_s in enumerate(minutes):
        _, y, width, height = tell.spot(0.09, 0.15)
        box = (0.1 + 0.27 * number, y, width, height)
        thing = tell.stay(at_s, box=box) if number != 1 else tell.stay(-1, at_s, box=box)
        bringer, truth = tell.bringer(thing.box, at_s)
        stays.append(thing)
        people.append(bringer)
        truths.append(replace(truth, kind="vanished" if number == 1 else "appeared"))
    script = Script(tell.place, seed, tuple(stays), (*tell.passers(14), *people))
    return _case(tell, "anything in the whole view", script, (0.0, 0.0, 1.0, 1.0), tuple(truths), asks_all=True)


def whole_day(seed: int, what: str = "appears") -> Case:
    """24 hours: night, morning, wandering shadow, clouds, a shower, evening; 600 passers; one thing that stays."""
    tell = Teller(seed)
    day_s = 24 * _HOUR_S
    at_s = tell.moment(0.1, 0.95, day_s)
    dusk_s, dawn_s = 10.5 * _HOUR_S, 21.5 * _HOUR_S
    thing = tell.stay(at_s if what == "appears" else -1)
    bringer, truth = tell.bringer(thing.box, at_s)
    truth = replace(truth, kind="appeared")
    weather = Weather(
        light=(Ramp(1, 0.3, dusk_s - 3000, dusk_s), Ramp(1, 3.3, dawn_s, dawn_s + 3000)),
        infrared=((dusk_s, dawn_s),),
        clouds=(0.3, 900),
        shadows=(Shadow(-0.2, 1.3, 0, 9 * _HOUR_S),),
        rain=150,
        rains_s=((5 * _HOUR_S, 6.5 * _HOUR_S), (15 * _HOUR_S, 16 * _HOUR_S)),
        shake=1.0,
        lamps=(Lamp((0.6, 0.6), 0.4, 0.5, tuple((k * 700.0, k * 700.0 + 40) for k in range(55, 105))),),
    )
    people = (*tell.passers(600, day_s), *((bringer,) if what == "appears" else ()))
    script = Script(tell.place, seed, (thing,), people, weather)
    case = _case(
        tell,
        "a whole day" + (", nothing" if what == "nothing" else ""),
        script,
        tell.around(thing.box),
        (truth,) if what == "appears" else (),
    )
    return replace(case, minutes=1440, gop_s=10.0)


def _brought(tell: Teller, name: str, thing: Stay, at_s: float, kind: str, minutes: int = 60) -> Case:
    bringer, truth = tell.bringer(thing.box, at_s)
    script = Script(tell.place, tell.seed, (thing,), (*tell.passers(minutes // 4), bringer))
    truth = replace(truth, kind=kind)  # type: ignore[arg-type]
    return replace(_case(tell, name, script, tell.around(thing.box), (truth,)), minutes=minutes)


def _case(tell: Teller, name: str, script: Script, box: Box, truths: tuple[Truth, ...], asks_all: bool = False) -> Case:
    busy = tuple((truth.earliest_s - 8, truth.latest_s + 8) for truth in truths)
    return Case(f"{name} {tell.seed}", name, script, box, truths, asks_all, busy_s=busy)
