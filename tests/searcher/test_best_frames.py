"""The best frames of recordings in which it is known which these are."""

from dataclasses import replace
from itertools import pairwise

import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import index_path
from pynvr.base.errors import NothingRecordedError
from pynvr.searcher.jobs import JOBS
from pynvr.searcher.tools import Tools
from pynvr.store.detections import Detection
from tests.archive.clips import ANCHOR_US
from tests.playback.recording import in_segments
from tests.searcher.footage import FPS, STEP_US, clip_of, plain, talking_man
from tests.searcher.outcome import outcome_of

SECOND = 1_000_000


def search(recording, **order):
    """The result, and how far it said it is."""
    tools = Tools(lambda: recording.settings, recording.store, recording.footage)
    whole = {"camera_id": "gate", "from_us": 0, "to_us": ANCHOR_US * 2}
    return outcome_of(JOBS["best-frames"](tools, whole | order))


def places(result):
    """Which pictures of the clip they are."""
    return [round((frame["at_us"] - ANCHOR_US) / STEP_US) for frame in result["frames"]]


def add(recording, clip, keyframes_each=2, shift_us=0):
    for part in in_segments(clip, keyframes_each):
        recording.add(clip, ANCHOR_US + shift_us, part)


def test_the_brightest_frames_are_found_between_keyframes_and_best_first(recording):
    flashes = {23: 200, 57: 230, 84: 190}
    add(recording, clip_of(plain(lambda number: flashes.get(number, 60), 100)))
    result = search(recording, count=3)
    assert places(result) == [57, 23, 84]
    assert [frame["score"] for frame in result["frames"]] == pytest.approx([0.977, 0.84, 0.795], abs=0.02)
    assert result["unreadable"] == 0
    assert result["recorded_us"] == pytest.approx(10 * SECOND, abs=SECOND)


def test_they_are_apart_as_far_as_was_asked(recording):
    add(recording, clip_of(plain(lambda number: 60 + number, 120)))
    for apart_us in (SECOND, 3 * SECOND):
        times = sorted(frame["at_us"] for frame in search(recording, count=9, apart_us=apart_us)["frames"])
        assert len(times) == min(9, 12 * SECOND // apart_us)
        assert all(b - a >= apart_us for a, b in pairwise(times))


def test_fewer_where_there_are_fewer_and_an_error_where_there_is_nothing(recording):
    add(recording, clip_of(plain(lambda _number: 100, 25)))
    assert len(search(recording, count=9)["frames"]) == 3
    with pytest.raises(NothingRecordedError):
        search(recording, from_us=ANCHOR_US + 60 * SECOND)
    with pytest.raises(NothingRecordedError):
        search(recording, camera_id="yard")


def test_nothing_from_outside_of_the_time_is_given(recording):
    add(recording, clip_of(plain(lambda number: 255 if number in {19, 46} else 60 + number, 80)))
    from_us, to_us = ANCHOR_US + 20 * STEP_US, ANCHOR_US + 46 * STEP_US
    result = search(recording, from_us=from_us, to_us=to_us)
    assert places(result)[0] == 45
    assert all(from_us <= frame["at_us"] < to_us for frame in result["frames"])
    # A time between two keyframes has frames too.
    assert places(search(recording, from_us=ANCHOR_US + 32 * STEP_US, to_us=ANCHOR_US + 36 * STEP_US)) == [35]


def test_the_growing_minute_is_searched_as_well(recording):
    clip = clip_of(plain(lambda number: 220 if number == 14 else 60, 40))
    recording.clock.at_us = ANCHOR_US + 10 * SECOND
    recording.footage = type(recording.footage)(recording.store, lambda: recording.settings, recording.clock)
    recording.add(clip, finish=False)
    assert places(search(recording, count=1)) == [14]


@pytest.mark.parametrize("junk", [b"\x65garb", b"junk"])
def test_what_cant_be_decoded_is_left_out_and_counted(recording, junk):
    clip = clip_of(plain(lambda number: 220 if number >= 20 else 60, 40))
    broken = [
        frame._replace(payload=(len(junk).to_bytes(4, "big") + junk,), size=4 + len(junk))
        if 20 <= place < 30
        else frame
        for place, frame in enumerate(clip.frames)
    ]
    add(recording, replace(clip, frames=broken), keyframes_each=4)
    result = search(recording, count=2)
    assert result["unreadable"] > 0
    assert all(not 20 <= place < 30 for place in places(result))
    assert places(result)[0] >= 30


def test_a_segment_that_was_deleted_is_left_out(recording):
    add(recording, clip_of(plain(lambda number: 60 + number, 60)), keyframes_each=2)
    recording.paths[max(recording.paths)].unlink()
    index = index_path(recording.settings.camera("gate").dst, "gate", "20251009")
    assert index.exists()
    result = search(recording)
    assert result["frames"]
    assert all(place < 40 for place in places(result))


def test_the_sharpest_frame_is_the_one_with_detail(recording):
    pictures = list(plain(lambda _number: 100, 60))
    checks = bytes(235 if (x // 2 + y // 2) % 2 else 16 for y in range(48) for x in range(64))
    plane = pictures[33].planes[0]
    rows = [checks[row * 64 : (row + 1) * 64].ljust(plane.line_size, b"\x00") for row in range(48)]
    plane.update(b"".join(rows).ljust(plane.buffer_size, b"\x00"))
    add(recording, clip_of(iter(pictures)))
    result = search(recording, by="sharpness", count=1)
    assert places(result) == [33]
    assert result["frames"][0]["faces"] == []


def test_the_best_faces_come_with_their_boxes_and_nobody_is_no_face(recording):
    add(recording, clip_of(talking_man(before=30, shown=30)), keyframes_each=3)
    result = search(recording, by="faces", count=9)
    assert result["frames"]
    assert all(30 <= place < 60 for place in places(result))
    for frame in result["frames"]:
        face = frame["faces"][0]
        assert 0.2 < face["box"]["x"] < 0.5
        assert face["confidence"] > 0.9
        assert frame["score"] == pytest.approx(face["confidence"] * face["box"]["height"], abs=0.001)


def with_knowledge(recording, **known):
    """What the finisher would have found of each segment."""
    dst = recording.settings.camera("gate").dst
    path = index_path(dst, "gate", "20251009")
    records = list(read_records(path))
    path.unlink()
    for number, record in enumerate(records):
        append_record(path, replace(record, **{name: value(number) for name, value in known.items()}))


def test_of_many_keyframes_those_of_a_bright_segment_are_looked_at(recording, monkeypatch):
    monkeypatch.setattr("pynvr.searcher.best_frames._FIRST_LOOKS", {"brightness": 6})
    monkeypatch.setattr("pynvr.searcher.best_frames._CLOSER_ROUNDS", 0)
    # Four keyframes a second apart in each of 30 segments; one of these is brighter.
    clip = clip_of(plain(lambda number: 220 if 16 * 40 <= number < 17 * 40 else 60, 1200))
    add(recording, clip, keyframes_each=4)
    assert all(not 16 * 40 <= place < 17 * 40 for place in places(search(recording)))
    with_knowledge(recording, signature=lambda number: bytes([250 if number == 16 else 70]) * (64 * 36 + 2 * 32 * 18))
    recording.footage = type(recording.footage)(recording.store, lambda: recording.settings)
    assert 16 * 40 <= places(search(recording))[0] < 17 * 40


@pytest.mark.parametrize("by_what", ["activity", "detection"])
def test_faces_are_looked_for_where_something_moved_or_one_was_seen(recording, monkeypatch, by_what):
    monkeypatch.setattr("pynvr.searcher.best_frames._FIRST_LOOKS", {"faces": 6})
    monkeypatch.setattr("pynvr.searcher.best_frames._CLOSER_ROUNDS", 0)
    add(recording, clip_of(talking_man(before=300, shown=10)), keyframes_each=4)
    assert search(recording, by="faces")["frames"] == []
    if by_what == "activity":
        with_knowledge(recording, activity=lambda number: bytes([0, 0, 200, 0] if number == 7 else [0, 0, 0, 0]))
        recording.footage = type(recording.footage)(recording.store, lambda: recording.settings)
    else:
        recording.store.detections.add(Detection(0, "gate", ANCHOR_US + 304 * STEP_US, "face", 0.9))
    found = search(recording, by="faces")
    assert found["frames"], found
    assert all(300 <= place < 310 for place in places(found))


def test_what_it_costs_is_bounded(recording):
    add(recording, clip_of(plain(lambda number: 60 + number % 50, 300 * FPS), keyframe_every=2), keyframes_each=60)
    result = search(recording)
    assert len(result["frames"]) == 9
    assert result["looked_at"] <= 150 + 2 * 12 * 6 + 600


def test_an_order_that_is_none_is_refused(recording):
    for order in ({"by": "beauty"}, {"count": "nine"}, {"more": 1}):
        with pytest.raises(ValueError, match="order"):
            search(recording, **order)
