"""The search for a change on recordings of scenes that are made up (see benchmarks/change), so that it's known when."""

import pytest

from benchmarks.change.case import Case, Truth
from benchmarks.change.method import pynvr
from benchmarks.change.recorded import recorded
from benchmarks.change.report import line
from benchmarks.change.score import judge
from benchmarks.change.script import Lamp, Passer, Ramp, Script, Stay, Weather

PLACE = (0.42, 0.6, 0.12, 0.16)
RECTANGLE = (0.38, 0.55, 0.2, 0.26)
SIZE = (320, 180)


def people(count, minutes):
    """They cross the picture, one after the other, some of them before the rectangle."""
    return tuple(
        Passer("person", at_s, at_s + 9, 0.75 + 0.07 * (number % 3), 0.35, number % 2 == 0, seed=number)
        for number, at_s in enumerate(range(20, minutes * 60, minutes * 60 // count))
    )


BRINGER = Passer("person", 388, 412, 0.8, 0.45, stands=(0.48, 397, 403), seed=2)
BROUGHT = Case(
    "brought",
    "",
    Script("yard", 3, (Stay("box", PLACE, 400.3),), (*people(9, 12), BRINGER)),
    RECTANGLE,
    (Truth("appeared", 395, 405),),
    busy_s=((390, 410),),
    minutes=12,
    size=SIZE,
)
AT_NIGHT = Case(
    "taken at night",
    "",
    Script(
        "street",
        4,
        (Stay("bin", PLACE, to_s=900.0),),
        people(8, 20),
        Weather(light=(Ramp(1, 0.35, 0, 300),), infrared=((300, 1e9),)),
    ),
    RECTANGLE,
    (Truth("vanished", 900, 900),),
    busy_s=((895, 905),),
    minutes=20,
    size=SIZE,
)
PARKED = Case(
    "parked",
    "",
    Script("street", 6, (Stay("car", (0.3, 0.6, 0.3, 0.2), 200.0, 520.0, drives_s=3.0, seed=3),), people(5, 12)),
    (0.28, 0.55, 0.36, 0.28),
    (Truth("appeared", 197, 200), Truth("vanished", 520, 523)),
    asks_all=True,
    busy_s=((190, 206), (515, 528)),
    minutes=12,
    size=SIZE,
)
RESTLESS = Case(
    "restless",
    "",
    Script(
        "yard",
        5,
        (Stay("bag", PLACE),),
        people(20, 12),
        Weather(
            clouds=(0.4, 150),
            shake=2,
            noise=4,
            rain=60,
            rains_s=((200, 500),),
            lamps=(Lamp((0.48, 0.6), 0.3, 0.6, ((100, 140), (420, 450))),),
        ),
    ),
    RECTANGLE,
    (),
    minutes=12,
    size=SIZE,
)


@pytest.mark.parametrize("case", [BROUGHT, AT_NIGHT, PARKED], ids=lambda case: case.name.replace(" ", "-"))
def test_a_change_is_found_to_the_keyframe_and_nothing_else_is(case, tmp_path):
    verdict = judge(recorded(case, tmp_path), pynvr)
    assert verdict.is_right, line(verdict)


def test_neither_people_nor_weather_nor_lamps_are_taken_for_a_change(tmp_path):
    verdict = judge(recorded(RESTLESS, tmp_path), pynvr)
    assert not verdict.problem
    assert verdict.answers == 0, line(verdict)


def test_if_its_minute_cannot_be_read_any_more_the_next_picture_tells(tmp_path):
    recording = recorded(BROUGHT, tmp_path)
    lost = sorted(tmp_path.rglob("*.mp4"))[6]
    lost.write_bytes(b"")
    answers = pynvr(recording)
    assert [answer.kind for answer in answers] == ["appeared"]
    assert answers[0].at_us == next(at_us for at_us in recording.keyframes_us if at_us > recording.at_us(420))
