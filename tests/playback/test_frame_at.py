"""The picture of an instant: the right frame, and no more work at a time than there may be."""

import io
import threading
from functools import partial

import av
import pytest

from pynvr.base.errors import FootageGoneError
from pynvr.media.still import decode_still
from pynvr.playback import frame_at
from pynvr.playback.frame_at import FramePictures
from pynvr.playback.frame_times import frames_within
from pynvr.playback.picture_cache import PictureCache
from pynvr.playback.turns import BusyError, Turns
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.recording import in_segments
from tests.waiting import wait_until


def luma(clip, index):
    """The frame's luma as a decoder that gets everything before it has it."""
    samples = [b"".join(frame.payload) for frame in clip.of(0)[: index + 1]]
    track = clip.tracks[0]
    return decode_still(track.codec, track.sample_entry, samples).planes(160, 96)[: 160 * 96]


def luma_of_jpeg(jpeg):
    with av.open(io.BytesIO(jpeg), "r", format="mjpeg") as container:
        plane = next(container.decode(video=0)).planes[0]
    return b"".join(bytes(plane)[row * plane.line_size :][:160] for row in range(96))


def difference(one, other):
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


@pytest.mark.parametrize("form", [{}, {"b_frames": 2}, {"codec": "libx265"}, {"variable": True}], ids=str)
def test_the_picture_is_that_of_the_frame_shown_then(recording, form):
    clip = make_clip(count=48, **form)
    for part in in_segments(clip, 2):
        recording.add(clip, ANCHOR_US, part)
    pictures = FramePictures(recording.footage)
    shown = sorted(clip.of(0), key=lambda frame: frame.time_us)
    for number in (0, 1, 11, 12, 13, 23, 24, 30, 47):
        frame = shown[number]
        found = pictures.find("gate", frame.time_us + 20_000)
        assert found is not None
        assert abs(found.time_us - frame.time_us) < 12
        jpeg = pictures.jpeg(found)
        expected = luma(clip, clip.of(0).index(frame))
        assert difference(luma_of_jpeg(jpeg), expected) < 3


@pytest.mark.parametrize("form", [{}, {"b_frames": 2}, {"codec": "libx265"}], ids=str)
def test_two_threads_decode_the_same_picture_as_one(form):
    clip = make_clip(count=48, **form)
    samples = [b"".join(frame.payload) for frame in clip.of(0)]
    track = clip.tracks[0]
    for count in (9, 20, 48):
        one, two = (decode_still(track.codec, track.sample_entry, samples[:count], threads) for threads in (1, 2))
        assert one.planes(160, 96) == two.planes(160, 96)


def test_not_exact_it_is_the_keyframe_before(recording):
    clip = make_clip(count=48)
    recording.add(clip, ANCHOR_US)
    pictures = FramePictures(recording.footage)
    found = pictures.find("gate", ANCHOR_US + 900_000, exact=False)
    assert found is not None
    assert (found.index, found.first) == (12, 12)
    assert abs(found.time_us - ANCHOR_US - 480_000) < 12


def test_it_is_as_wide_as_asked_and_never_wider_than_it_is(recording):
    recording.add(make_clip(count=12), ANCHOR_US)
    pictures = FramePictures(recording.footage)
    found = pictures.find("gate", ANCHOR_US)
    assert found is not None
    for width, expected in ((80, (80, 48)), (1000, (160, 96)), (None, (160, 96))):
        with av.open(io.BytesIO(pictures.jpeg(found, width)), "r", format="mjpeg") as container:
            frame = next(container.decode(video=0))
            assert (frame.width, frame.height) == expected


def test_where_nothing_was_recorded_there_is_no_picture(recording):
    recording.add(make_clip(count=12), ANCHOR_US)
    pictures = FramePictures(recording.footage)
    assert pictures.find("gate", ANCHOR_US - 1) is None
    assert pictures.find("gate", ANCHOR_US + 480_000) is None
    assert pictures.find("yard", ANCHOR_US) is None


def test_between_two_segments_that_follow_on_the_last_picture_stays(recording):
    clip = make_clip(count=24)
    recording.add(clip, ANCHOR_US)
    recording.add(clip, ANCHOR_US + 1_060_000)  # 100 ms too late
    found = FramePictures(recording.footage).find("gate", ANCHOR_US + 1_050_000)
    assert found is not None
    assert found.index == 23


def test_of_a_growing_chunk_the_newest_frame_is_found(recording):
    recording.clock.at_us = ANCHOR_US + 2_000_000
    recording.footage._clock = recording.clock
    clip = make_clip(count=30)
    recording.add(clip, ANCHOR_US, finish=False)
    pictures = FramePictures(recording.footage)
    found = pictures.find("gate", ANCHOR_US + 29 * 40_000 + 1000)
    assert found is not None
    assert found.index == 29
    assert difference(luma_of_jpeg(pictures.jpeg(found)), luma(clip, 29)) < 3


def test_the_picture_of_deleted_video_says_so(recording):
    path = recording.add(make_clip(count=12), ANCHOR_US)
    pictures = FramePictures(recording.footage)
    found = pictures.find("gate", ANCHOR_US)
    assert found is not None
    path.unlink()
    with pytest.raises(FootageGoneError):
        pictures.jpeg(found)


def test_what_was_made_is_kept(recording, monkeypatch):
    recording.add(make_clip(count=12), ANCHOR_US)
    pictures = FramePictures(recording.footage)
    found = pictures.find("gate", ANCHOR_US + 200_000)
    assert found is not None
    first = pictures.jpeg(found, 80)
    monkeypatch.setattr(frame_at, "decode_still", None)
    assert pictures.jpeg(found, 80) is first


@pytest.mark.parametrize("b_frames", [0, 2])
def test_the_list_of_frames_has_each_once_in_order(recording, b_frames):
    clip = make_clip(count=96, b_frames=b_frames, variable=True)
    for part in in_segments(clip, 3):
        recording.add(clip, ANCHOR_US, part)
    times = sorted(frame.time_us for frame in clip.of(0))
    keys = [frame.time_us for frame in clip.of(0) if frame.is_key]
    found = frames_within(recording.footage, "gate", times[5] - 100, times[80] - 100)
    assert len(found.frames_us) == 75
    assert all(abs(a - b) < 12 for a, b in zip(found.frames_us, times[5:80], strict=True))
    expected = [time for time in keys if times[5] - 100 <= time < times[80] - 100]
    assert all(abs(a - b) < 12 for a, b in zip(found.keyframes_us, expected, strict=True))


def test_frames_of_segments_that_overlap_a_little_are_all_listed(recording):
    clip = make_clip(count=24)
    recording.add(clip, ANCHOR_US)
    recording.add(clip, ANCHOR_US + 860_000)  # 100 ms too early
    found = frames_within(recording.footage, "gate", ANCHOR_US, ANCHOR_US + 5_000_000).frames_us
    assert len(found) == 48
    assert found == sorted(set(found))


def test_the_cache_keeps_to_its_size_and_forgets_what_was_used_longest_ago():
    cache = PictureCache(100)
    for name in "abc":
        cache.put(name, bytes(30))
    assert cache.get("a") is not None
    cache.put("d", bytes(40))
    assert [name for name in "abcd" if cache.get(name) is not None] == ["a", "c", "d"]
    cache.put("e", bytes(200))
    assert cache.get("e") is None


def waits(turns, count):
    return len(turns._queue) == count


class Asker:
    """Somebody who waits for a turn in a thread of their own."""

    def __init__(self, turns, order, name):
        self.go = threading.Event()
        self.result = ""
        self.thread = threading.Thread(target=self._ask, args=(turns, order, name), daemon=True)
        self.thread.start()

    def _ask(self, turns, order, name):
        try:
            with turns.turn():
                order.append(name)
                self.go.wait(60)
            self.result = "done"
        except BusyError:
            self.result = "busy"


def test_the_newest_is_next_and_of_too_many_the_oldest_goes():
    order: list[int] = []
    turns = Turns(at_once=1, waiting=2, patience_s=20)
    askers = [Asker(turns, order, 0)]
    wait_until(lambda: order == [0], what="the first to have a turn")
    for number in (1, 2, 3):
        askers.append(Asker(turns, order, number))
        if number < 3:
            wait_until(partial(waits, turns, number), what="one more who waits")
    wait_until(lambda: askers[1].result == "busy", what="the oldest to be sent away")
    for asker in askers:
        asker.go.set()
    wait_until(lambda: [asker.result for asker in askers] == ["done", "busy", "done", "done"], what="all to be served")
    assert order == [0, 3, 2]


def test_who_waits_too_long_is_sent_away_and_the_turn_is_not_lost():
    order: list[int] = []
    turns = Turns(at_once=1, waiting=5, patience_s=0.05)
    first = Asker(turns, order, 0)
    wait_until(lambda: order == [0], what="the first to have a turn")
    second = Asker(turns, order, 1)
    wait_until(lambda: second.result == "busy", what="patience to end")
    first.go.set()
    wait_until(lambda: first.result == "done", what="the first to be done")
    with turns.turn():
        order.append(2)
    assert order == [0, 2]


def test_as_many_as_may_have_their_turn_at_once():
    order: list[int] = []
    turns = Turns(at_once=2, waiting=5, patience_s=20)
    askers = [Asker(turns, order, number) for number in range(2)]
    wait_until(lambda: sorted(order) == [0, 1], what="both to have a turn")
    for asker in askers:
        asker.go.set()
    wait_until(lambda: all(asker.result == "done" for asker in askers), what="both to be done")
