"""Which stream of a camera viewers are given: the sub-stream, the main one, and one for the other."""

import time

import pytest

from pynvr.playback import live_streams
from pynvr.playback.live_feed import LiveFeed
from tests.archive.clips import ANCHOR_US, KEYFRAME_EVERY, make_clip
from tests.playback.live_camera import UTC, ClipClock, Recorded, Viewer, live_threads, payloads, samples
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def clip():
    return make_clip(count=60)


@pytest.fixture(scope="module")
def small():
    return make_clip("libx265", count=60)


class Both:
    """A camera with a main stream and a sub-stream; what of them is there, and which is wanted."""

    def __init__(self, folder):
        (folder / "main").mkdir()
        (folder / "sub").mkdir()
        self.main, self.sub = Recorded(folder / "main"), Recorded(folder / "sub")
        self.wanted = ["sub", "main"]
        self.wishes = 0
        self.feed = LiveFeed("gate", self._places, ClipClock(), self._want)

    def _places(self):
        return {name: (getattr(self, name).dst, UTC) for name in self.wanted}

    def _want(self):
        self.wishes += 1


@pytest.fixture
def camera(tmp_path):
    camera = Both(tmp_path)
    yield camera
    for queue in list(camera.feed._queues):
        camera.feed.detach(queue)
    wait_until(lambda: not live_threads(), what="the feed's thread to end")


class Source:
    """Appends the frames of a clip over and over, one a call, to a chunk of its own."""

    def __init__(self, recorded, clip):
        self.clip = clip
        self.writer = recorded.begin(clip)
        self.sent = 0

    def go_on(self):
        frames = self.clip.frames
        rounds, number = divmod(self.sent, len(frames))
        ticks, microseconds = (2 * end - before for before, end in zip(self._at(-2), self._at(-1), strict=True))
        ticks, microseconds = rounds * (ticks - frames[0].pts), rounds * (microseconds - frames[0].time_us)
        frame = frames[number]
        self.writer.append(
            frame._replace(pts=frame.pts + ticks, dts=frame.dts + ticks, time_us=frame.time_us + microseconds)
        )
        self.sent += 1

    def _at(self, number):
        frame = self.clip.frames[number]
        return frame.pts, frame.time_us


def seen(viewer):
    viewer._taken()
    return [(head.stream, head.stands_in) for head in viewer.heads]


def goes_on_until(sources, condition, what):
    """Frames come, some a second, until it holds."""
    sent_s = 0.0

    def more():
        nonlocal sent_s
        if condition():
            return True
        if time.monotonic() - sent_s >= 0.1:
            sent_s = time.monotonic()
            for source in sources:
                source.go_on()
        return False

    wait_until(more, what=what)


def test_the_sub_stream_is_shown_where_both_are_there(camera, clip, small):
    main, sub = Source(camera.main, clip), Source(camera.sub, small)
    main.go_on()
    sub.go_on()
    viewer = Viewer(camera.feed)
    assert samples(viewer.take(1)) == payloads(small.frames[:1])
    assert seen(viewer) == [("sub", False)]
    assert viewer.heads[0].video.codec == "hevc"
    assert camera.wishes


def test_the_main_stream_is_shown_to_who_wants_it(camera, clip, small):
    camera.wanted = ["main", "sub"]
    main, sub = Source(camera.main, clip), Source(camera.sub, small)
    main.go_on()
    sub.go_on()
    viewer = Viewer(camera.feed)
    assert samples(viewer.take(1)) == payloads(clip.frames[:1])
    assert seen(viewer) == [("main", False)]
    goes_on_until([main], lambda: main.sent > 8, "the main stream to go on")
    assert not camera.wishes


def test_the_main_stream_stands_in_until_the_sub_stream_is_there(camera, clip, small):
    main = Source(camera.main, clip)
    main.go_on()
    viewer = Viewer(camera.feed)
    goes_on_until([main], lambda: seen(viewer) == [("main", True)], "the main stream")
    sub = Source(camera.sub, small)
    goes_on_until([main, sub], lambda: len(seen(viewer)) > 1, "the sub-stream")
    assert seen(viewer) == [("main", True), ("sub", False)]
    assert viewer.heads[0].number != viewer.heads[1].number
    first = next(fragment for fragment in viewer.fragments if fragment.head == viewer.heads[1].number)
    assert first.is_key
    assert samples([first])[0] in payloads(small.frames[::KEYFRAME_EVERY])


def test_the_main_stream_stands_in_for_one_that_fell_silent(camera, clip, small, monkeypatch):
    monkeypatch.setattr(live_streams, "SILENT_S", 1.5)
    main, sub = Source(camera.main, clip), Source(camera.sub, small)
    main.go_on()
    sub.go_on()
    viewer = Viewer(camera.feed)
    viewer.take(1)
    # Its recorder hangs: the chunk stays as it is, and stays locked.
    goes_on_until([main], lambda: len(seen(viewer)) > 1, "the main stream")
    assert seen(viewer) == [("sub", False), ("main", True)]
    goes_on_until([main, sub], lambda: len(seen(viewer)) > 2, "the sub-stream")
    assert seen(viewer)[-1] == ("sub", False)


def test_a_sub_stream_stands_in_where_nothing_is_recorded(camera, small):
    camera.wanted = ["main", "sub"]
    viewer = Viewer(camera.feed)
    wait_until(lambda: camera.wishes, what="the sub-stream to be wanted")
    sub = Source(camera.sub, small)
    goes_on_until([sub], lambda: seen(viewer) == [("sub", True)], "the sub-stream")
    assert viewer.fragments


def test_two_silent_streams_take_no_turns(camera, clip, small, monkeypatch):
    monkeypatch.setattr(live_streams, "SILENT_S", 0.5)
    monkeypatch.setattr(live_streams, "_LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(live_streams, "_QUIET_S", 0.1)
    main, sub = Source(camera.main, clip), Source(camera.sub, small)
    main.go_on()
    sub.go_on()
    viewer = Viewer(camera.feed)
    viewer.take(1)
    before = camera.wishes
    wait_until(lambda: camera.wishes > before + 8, what="it to be looked eight times")
    assert seen(viewer) == [("sub", False)]


def test_a_sub_stream_that_was_missed_isnt_waited_for_the_next_time(camera, clip):
    main = Source(camera.main, clip)
    main.go_on()
    viewer = Viewer(camera.feed)
    goes_on_until([main], lambda: seen(viewer) == [("main", True)], "the main stream")
    viewer.leave()
    wait_until(lambda: not live_threads(), what="the feed's thread to end")
    assert camera.feed._patience_s == 0
    Viewer(camera.feed).take(1)


def test_a_sub_stream_that_was_taken_out_of_the_settings_is_left(camera, clip, small):
    main, sub = Source(camera.main, clip), Source(camera.sub, small)
    main.go_on()
    sub.go_on()
    viewer = Viewer(camera.feed)
    viewer.take(1)
    camera.wanted = ["main"]
    wait_until(lambda: len(seen(viewer)) > 1, what="the main stream")
    assert seen(viewer)[-1] == ("main", False)
    assert viewer.fragments[-1].origin_us == pytest.approx(ANCHOR_US, abs=1_000_000)
