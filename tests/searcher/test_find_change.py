"""The search for a change where recordings are less than whole; tests/web and test_change_scenes have whole ones."""

from dataclasses import asdict, replace
from fractions import Fraction

import pytest

from pynvr.base.errors import NothingRecordedError
from pynvr.model.box import Box
from pynvr.model.search_change import FIND_CHANGE, FindChangeOrder
from pynvr.searcher.jobs import JOBS
from pynvr.searcher.tools import Tools
from pynvr.vision.change_lasting import Split, split_at
from pynvr.vision.change_scan import steps
from tests.archive.clips import ANCHOR_US
from tests.playback.recording import in_segments
from tests.searcher.footage import clip_of
from tests.searcher.outcome import outcome_of
from tests.searcher.standing import standing

SECOND = 1_000_000
BOX = Box(0.35, 0.3, 0.3, 0.4)


@pytest.fixture(scope="module")
def clip():
    """Ten minutes, a picture each two seconds, a keyframe each 10; a box stands there from 301 s on."""
    return clip_of(standing(lambda number: number >= 151, 300), keyframe_every=5, fps=1)


def add(recording, clip, times=slice(None)):
    for part in in_segments(clip, 6)[times]:
        recording.add(clip, ANCHOR_US, part)


def order(**more):
    return replace(FindChangeOrder("gate", BOX, ANCHOR_US, ANCHOR_US + 3600 * SECOND), **more)


def begun(recording, asked):
    return JOBS[FIND_CHANGE](Tools(lambda: recording.settings, recording.store, recording.footage), asdict(asked))


def search(recording, **more):
    return outcome_of(begun(recording, order(**more)))


def seconds(result):
    return [round((change["at_us"] - ANCHOR_US) / SECOND) for change in result["changes"]]


def test_segments_without_signatures_are_looked_at_and_the_growing_one_is_too(recording, clip):
    add(recording, clip, slice(0, -2))
    recording.clock.at_us = ANCHOR_US + 301 * SECOND
    recording.footage = type(recording.footage)(recording.store, lambda: recording.settings, recording.clock)
    recording.add(clip, ANCHOR_US, [frame for part in in_segments(clip, 6)[-2:] for frame in part], finish=False)
    result = search(recording)
    assert seconds(result) == [151]
    assert result["changes"][0]["kind"] == "appeared"
    assert result["changes"][0]["is_exact"]


def test_what_came_while_nothing_was_recorded_is_told_with_the_first_picture_after(recording, clip):
    parts = in_segments(clip, 6)
    for part in parts[:4] + parts[6:]:
        recording.add(clip, ANCHOR_US, part)
    assert seconds(search(recording)) == [180]


def test_minutes_that_are_not_looked_at_first_are_when_it_comes_to_the_moment(recording):
    minutes = clip_of(standing(lambda number: number >= 72, 140), keyframe_every=1, fps=Fraction(1, 60))
    for part in in_segments(minutes, 1):
        recording.add(minutes, ANCHOR_US, part)
    result = search(recording, to_us=ANCHOR_US + 9000 * SECOND)
    assert seconds(result) == [72 * 60]
    assert result["changes"][0]["is_exact"]


@pytest.mark.parametrize("segment_minutes", [3, 60])
def test_asked_for_all_what_stays_for_half_an_hour_is_found_whatever_the_segments(recording, segment_minutes):
    half_day = clip_of(standing(lambda number: 370 <= number < 400, 720), keyframe_every=1, fps=Fraction(1, 60))
    for part in in_segments(half_day, segment_minutes):
        recording.add(half_day, ANCHOR_US, part)
    result = search(recording, every=True, limit=50, to_us=ANCHOR_US + 43_200 * SECOND)
    assert seconds(result) == [400 * 60, 370 * 60]
    assert [change["kind"] for change in result["changes"]] == ["vanished", "appeared"]


@pytest.mark.parametrize("lost", [[4], [5], [4, 5], [5, 6]])
def test_if_the_very_minute_is_lost_it_is_answered_by_its_neighbours(recording, clip, lost):
    add(recording, clip)
    for place, start_us in enumerate(sorted(recording.paths)):
        if place in lost:
            recording.paths[start_us].write_bytes(b"")
    result = search(recording)
    assert [change["kind"] for change in result["changes"]] == ["appeared"]
    assert seconds(result) == [151 if 5 not in lost else 30 * (max(lost) + 1)]


def test_what_was_deleted_meanwhile_is_left_out(recording, clip):
    add(recording, clip)
    for start_us in sorted(recording.paths)[3:5]:
        recording.paths[start_us].unlink()
    found = seconds(search(recording))
    assert found == [151]


def test_a_change_outside_of_the_time_is_none_and_nothing_recorded_is_said(recording, clip):
    add(recording, clip)
    assert seconds(search(recording, from_us=ANCHOR_US + 200 * SECOND)) == []
    assert seconds(search(recording, to_us=ANCHOR_US + 100 * SECOND)) == []
    assert seconds(search(recording, box=Box(0.0, 0.0, 0.15, 0.15))) == []
    with pytest.raises(NothingRecordedError):
        search(recording, camera_id="yard")
    with pytest.raises(NothingRecordedError):
        search(recording, from_us=ANCHOR_US + 3000 * SECOND)


@pytest.mark.parametrize("border_s", [150.5, 151, 153])
def test_at_the_border_of_two_days_it_is_answered_once(recording, clip, border_s):
    add(recording, clip)
    to_us = ANCHOR_US + int(border_s * SECOND) + 86_400 * SECOND
    assert seconds(search(recording, every=True, to_us=to_us)) == [151]


def test_two_steps_that_lead_to_one_moment_are_one_answer(recording, clip, monkeypatch):
    add(recording, clip)
    seen: list[Split] = []

    def seen_twice(*given):
        return [step for step in steps(*given) for _ in range(2)]

    def one_wider(*given):
        split = split_at(*given)
        if split is not None:
            split = replace(split, last=split.last - len(seen))
            seen.append(split)
        return split

    monkeypatch.setattr("pynvr.searcher.find_change.steps", seen_twice)
    monkeypatch.setattr("pynvr.searcher.find_change.split_at", one_wider)
    assert seconds(search(recording, every=True, limit=50)) == [151]
    assert len(seen) == 2


def test_asked_for_the_first_frame_that_shows_it_that_is_the_answer_and_for_the_one_before_nothing_is(recording, clip):
    add(recording, clip)
    first_us = search(recording)["changes"][0]["at_us"]
    assert seconds(search(recording, at_us=first_us)) == [151]
    assert seconds(search(recording, at_us=first_us - 1)) == []


def test_it_is_found_in_light_that_comes_and_goes(recording):
    def light(number):
        return 0.6 if number // 40 % 2 else 1.0

    add(recording, clip_of(standing(lambda number: number >= 151, 300, light), keyframe_every=5, fps=1))
    assert seconds(search(recording)) == [151]


def test_it_can_be_ended_early(recording, clip):
    add(recording, clip)
    for count in (1, 3, 40):
        steps = begun(recording, order())
        for _ in range(count):
            next(steps)
        steps.close()
    assert seconds(search(recording)) == [151]


@pytest.mark.parametrize(
    "wrong",
    [{"box": [0, 0, 0, 1]}, {"box": "all"}, {"from_us": "now"}, {"to_us": 1, "from_us": 2}, {"every": 1, "x": 2}],
)
def test_an_order_that_is_none_is_refused(recording, wrong):
    asked = asdict(order()) | wrong
    with pytest.raises(ValueError, match=r"box|order"):
        next(JOBS[FIND_CHANGE](Tools(lambda: recording.settings, recording.store, recording.footage), asked))
