"""Cases that methods are judged by. None may be fitted to them: other seeds, and scenes that tuning has none of."""

from dataclasses import replace

from benchmarks.change import situations as s
from benchmarks.change.case import Case, Truth
from benchmarks.change.restless import at_the_switch, swaying_tree, swaying_tree_alone
from benchmarks.change.script import Passer, Script, Stay
from benchmarks.change.situations import Teller

_MAKERS = (
    s.appears,
    s.vanishes,
    s.moved,
    s.at_once,
    s.parks,
    s.several,
    s.looked_at_in_between,
    s.crowd,
    s.stands_about,
    s.nothing,
    s.evening,
    s.infrared_flaps,
    s.lamps,
    s.clouds,
    s.rain,
    s.shaking,
    s.shadow,
    s.night_noise,
    s.small,
    s.faint,
    s.generous_box,
    s.gap,
)
# Things that nobody could tell from what is behind them (less than 15 of 255 on less than 5 % of the box).
_INSTEAD = {1121: 1122, 1130: 1132}
_ALSO_WITHOUT = (s.evening, s.infrared_flaps, s.lamps, s.clouds, s.rain, s.shaking, s.shadow, s.night_noise)


def cases() -> list[Case]:
    made = [make(_seed(1000 + 10 * number + turn)) for number, make in enumerate(_MAKERS) for turn in (0, 1)]
    made += [make(1400 + number, "nothing") for number, make in enumerate(_ALSO_WITHOUT)]
    made += [s.infrared_flaps(1500, "appears"), s.infrared_flaps(1501, "appears")]
    for number in range(2):
        made += [
            at_the_switch(1600 + number),
            swaying_tree(1610 + number),
            swaying_tree_alone(1620 + number),
            bicycle(1630 + number),
            exchanged(1640 + number),
            short_visits(1650 + number),
            other_size(1660 + number),
            dusk_and_rain(1670 + number),
            s.real(1700 + number, "street behind a railing"),
            s.real(1710 + number, "bicycle at a wall"),
            s.real(1720 + number, "man in a car"),
            s.large(1740 + number, (s.small, s.lamps)[number]),
            s.whole_view(1800 + number),
        ]
    made += [s.real(1730, "street behind a railing", "nothing"), s.real(1731, "man in a car", "nothing")]
    made += [
        hevc(1750),
        s.whole_day(1761),
        s.whole_day(1770, "nothing"),
        s.large(1742, lambda seed: s.shaking(seed, "nothing")),
    ]
    return made


def bicycle(seed: int) -> Case:
    """Of which there is little to be seen: leaned against something for good."""
    tell = Teller(seed)
    at_s = tell.moment()
    x, y, width, _ = tell.spot(0.12, 0.2)
    thing = Stay("bicycle", (x, y, width, width * 1.05), at_s, seed=seed)
    bringer, truth = tell.bringer(thing.box, at_s)
    script = Script(tell.place, seed, (thing,), (*tell.passers(12), bringer))
    return _case(tell, "bicycle", script, thing, replace(truth, kind="appeared"))


def exchanged(seed: int) -> Case:
    """One thing is taken, another is put in its place."""
    tell = Teller(seed)
    at_s = tell.moment()
    before = tell.stay(-1, at_s, kind="bin")
    after = replace(before, kind="box", from_s=at_s, to_s=1e12)
    bringer, truth = tell.bringer(before.box, at_s)
    script = Script(tell.place, seed, (before, after), (*tell.passers(12), bringer))
    return _case(tell, "exchanged", script, before, truth)


def short_visits(seed: int) -> Case:
    """Cars stop for three minutes in the rectangle, over and over; then a bag is left there."""
    tell = Teller(seed)
    at_s = tell.moment(0.6, 0.85)
    thing = tell.stay(at_s)
    x, y, width, height = thing.box
    cars = tuple(
        Passer("car", start, start + 190, y + height + 0.03, 0.22, stands=(x + width / 2, start + 5, start + 185))
        for start in (tell.moment(part, part + 0.05) for part in (0.08, 0.2, 0.32, 0.44))
    )
    bringer, truth = tell.bringer(thing.box, at_s)
    script = Script(tell.place, seed, (thing,), (*cars, *tell.passers(8), bringer))
    return _case(tell, "cars stop, then it appears", script, thing, replace(truth, kind="appeared"))


def other_size(seed: int) -> Case:
    """The camera's pictures get another size, some time before or after the change."""
    case = s.appears(seed)
    resized = 900.0 if seed % 2 else 2700.0, (480, 272)
    return replace(case, name=f"other size {seed}", difficulty="pictures of another size", resized=resized)


def dusk_and_rain(seed: int) -> Case:
    """Evening, rain, a lamp with a sensor and a shaking mast at once."""
    case = s.evening(seed)
    more = s.lamps(seed).script.weather.lamps[:1]
    weather = replace(
        case.script.weather, rain=150, rains_s=((1200.0, 3000.0),), noise=4.0, shake=1.5, lamps=more, drift=1.0
    )
    script = replace(case.script, weather=weather)
    return replace(case, name=f"dusk and rain {seed}", difficulty="dusk, rain, lamp and shaking", script=script)


def hevc(seed: int) -> Case:
    """H.265 at 1080p."""
    case = s.appears(seed, 30)
    return replace(
        case, name=f"hevc {seed}", difficulty="1080p", codec="hevc", size=(1920, 1080), gop_s=10.0, calm_frames=1
    )


def _seed(number: int) -> int:
    return _INSTEAD.get(number, number)


def _case(tell: Teller, name: str, script: Script, thing: Stay, truth: Truth) -> Case:
    busy = ((truth.earliest_s - 8, truth.latest_s + 8),)
    return Case(f"{name} {tell.seed}", name, script, tell.around(thing.box), (truth,), busy_s=busy)
