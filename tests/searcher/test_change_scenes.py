"""The search for a change on recordings of scenes that are made up (see benchmarks/change), so that it's known when."""

from dataclasses import replace

import av
import pytest

from benchmarks.change.case import Case, Truth
from benchmarks.change.method import pynvr
from benchmarks.change.recorded import recorded
from benchmarks.change.report import line
from benchmarks.change.score import judge
from benchmarks.change.script import Lamp, Passer, Ramp, Script, Stay, Weather
from pynvr.media.jpeg import THUMBNAIL_QUALITY, to_jpeg
from pynvr.media.still import Picture
from pynvr.searcher import change_closely, change_row
from pynvr.vision.change_compare import compare

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


def at_the_switch(name, seconds_later):
    """A box is put there so many seconds after the camera has gone over to infrared."""
    bringer = Passer("person", 388, 412, 0.8, 0.45, stands=(0.48, 396, 404), seed=2)
    # Noise as it would be if the pictures were twice as large.
    infrared = ((400.0 - seconds_later, 1e9),)
    weather = Weather(light=(Ramp(1, 0.5, 0, 300),), infrared=infrared, noise=1, night_noise=3.5)
    script = Script("yard", 3, (Stay("box", PLACE, 400.0),), (*people(6, 14), bringer), weather)
    truths = (Truth("appeared", 394, 406),)
    return Case(name, "", script, RECTANGLE, truths, busy_s=((388, 412),), minutes=14, size=SIZE)


# The camera goes over to infrared for two minutes, and sees by day before and after.
TO_AND_FRO = Case(
    "to and fro",
    "",
    Script(
        "street",
        4,
        (Stay("bin", PLACE, 365.0),),
        people(6, 14),
        Weather(light=(Ramp(0.6, 0.5, 0, 900),), infrared=((310, 430),)),
    ),
    RECTANGLE,
    (Truth("appeared", 365, 365),),
    busy_s=((360, 370),),
    minutes=14,
    size=SIZE,
)
SWITCHED = replace(
    TO_AND_FRO, name="switched alone", script=replace(TO_AND_FRO.script, stays=(Stay("bin", PLACE),)), truths=()
)


@pytest.mark.parametrize(
    "case",
    [at_the_switch("before", -14), at_the_switch("meanwhile", 1), at_the_switch("behind", 14), TO_AND_FRO, SWITCHED],
    ids=lambda case: case.name.replace(" ", "-"),
)
def test_what_comes_while_the_camera_goes_over_to_infrared_is_found_as_well(case, tmp_path):
    verdict = judge(recorded(case, tmp_path), pynvr)
    assert verdict.is_right, line(verdict)


@pytest.mark.parametrize("case", [BROUGHT, AT_NIGHT, PARKED], ids=lambda case: case.name.replace(" ", "-"))
def test_a_change_is_found_to_the_keyframe_and_nothing_else_is(case, tmp_path):
    verdict = judge(recorded(case, tmp_path), pynvr)
    assert verdict.is_right, line(verdict)


def test_neither_people_nor_weather_nor_lamps_are_taken_for_a_change(tmp_path):
    verdict = judge(recorded(RESTLESS, tmp_path), pynvr)
    assert not verdict.problem
    assert verdict.answers == 0, line(verdict)


def test_previews_that_are_paler_than_the_video_do_not_delay_it(tmp_path, monkeypatch):
    only_first_pictures(monkeypatch)
    recording = recorded(replace(BROUGHT, minutes=14), tmp_path)
    thumbnails = list(tmp_path.rglob("*.thumbnail.*.jpg"))
    assert len(thumbnails) == 14
    for path in thumbnails:
        make_paler(path)
    verdict = judge(recording, pynvr)
    assert verdict.is_right, line(verdict)


def test_if_no_video_before_it_can_be_read_any_more_previews_tell_what_was_there(tmp_path, monkeypatch):
    only_first_pictures(monkeypatch)
    recording = recorded(replace(BROUGHT, minutes=14), tmp_path)
    for lost in sorted(tmp_path.rglob("*.mp4"))[:7]:
        lost.write_bytes(b"")
    answers = pynvr(recording)
    assert [answer.at_us for answer in answers] == [
        next(at_us for at_us in recording.keyframes_us if at_us > recording.at_us(420))
    ]


def test_where_a_few_pictures_of_a_restless_place_do_not_tell_more_are_compared(tmp_path, monkeypatch):
    recording = recorded(BROUGHT, tmp_path)
    asked = []

    def unsure(before, after, inside, colour):
        asked.append(len(before) + len(after))
        found = compare(before, after, inside, colour)
        return found if asked[-1] > 10 else replace(found, apart=2.0)

    monkeypatch.setattr(change_closely, "compare", unsure)
    assert pynvr(recording) == []
    assert max(asked) == 10
    monkeypatch.setattr(change_closely, "_RESTLESS", 0.0)
    verdict = judge(recording, pynvr)
    assert verdict.is_right, line(verdict)


def only_first_pictures(monkeypatch):
    """As of a longer time, in which there are enough of them: of those there are previews."""
    monkeypatch.setattr(change_row, "_FEW_SHOTS", 0)


def make_paler(path):
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    luma = frame.planes[0]
    luma.update(bytes(128 + (value - 128) // 2 for value in bytes(luma)))
    path.write_bytes(to_jpeg(Picture(frame), quality=THUMBNAIL_QUALITY))


def test_if_its_minute_cannot_be_read_any_more_the_next_picture_tells(tmp_path):
    recording = recorded(BROUGHT, tmp_path)
    lost = sorted(tmp_path.rglob("*.mp4"))[6]
    lost.write_bytes(b"")
    answers = pynvr(recording)
    assert [answer.kind for answer in answers] == ["appeared"]
    assert answers[0].at_us == next(at_us for at_us in recording.keyframes_us if at_us > recording.at_us(420))
