"""The stream that the analyser looks at: which one, and what stands in for it."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from pynvr.analyser.process import is_watched
from pynvr.analyser.streams import SILENT_S, StreamTail, place_of
from pynvr.archive.paths import chunk_path
from pynvr.archive.writer import ChunkWriter
from pynvr.model.settings import Detect, DetectorSettings, Live, Record
from pynvr.model.stamp import stamp_of
from pynvr.model.sub_stream import folder_of
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US, make_clip
from tests.finisher.running import settings_of

UTC = ZoneInfo("UTC")
MAIN = make_clip()
SUB = make_clip("libx265")
SUB_URL = Live("rtsp://127.0.0.1/sub")


class Streams:
    """A camera's two streams, taken in by hand, and the tail that is asked each quarter of a second."""

    def __init__(self, folder, mode="always", live=SUB_URL):
        settings = settings_of(folder)
        self.camera = replace(settings.cameras[0], record=Record(mode=mode), live=live)
        self.system = replace(settings.system, timezone=UTC)
        self.tail = StreamTail(self.camera, self.system)
        self.now_s = 100.0
        self.written = {"main": 0, "sub": 0}
        self.writers = {}

    def go_on(self, name):
        clip = MAIN if name == "main" else SUB
        if name not in self.writers:
            dst = self.camera.dst if name == "main" else folder_of(self.system, self.camera.id)
            dst.mkdir(parents=True, exist_ok=True)
            path = chunk_path(dst, self.camera.id, stamp_of(ANCHOR_US, UTC, seconds=True))
            self.writers[name] = ChunkWriter.create(path, clip.tracks, ANCHOR_PTS, ANCHOR_US, 0)
        self.writers[name].append(clip.of(0)[self.written[name]])
        self.written[name] += 1

    def seen(self, *going, turns=4):
        """The codec of what is seen while these streams go on for so many turns, and how often it began anew."""
        codecs, begun = [], 0
        for _ in range(turns):
            for name in going:
                self.go_on(name)
            self.now_s += 0.25
            frames, is_new = self.tail.new(ANCHOR_US, self.now_s)
            begun += is_new
            if frames:
                assert self.tail.video is not None
                codecs.append(self.tail.video.codec)
                assert all(self.tail.payload(frame) for frame in frames)
        return sorted(set(codecs)), begun


@pytest.fixture
def streams(tmp_path):
    made = []

    def make(**given):
        made.append(Streams(tmp_path, **given))
        return made[-1]

    yield make
    for one in made:
        one.tail.close()
        for writer in one.writers.values():
            writer.close()


def test_the_sub_stream_is_looked_at(streams):
    camera = streams()
    assert camera.tail.wants_sub
    assert camera.seen("main", "sub", turns=8) == (["hevc"], 1)


def test_a_camera_without_one_is_looked_at_as_it_is_recorded(streams):
    camera = streams(live=Live())
    assert not camera.tail.wants_sub
    assert camera.seen("main") == (["h264"], 1)


def test_one_that_is_recorded_by_motion_is_looked_at_as_it_is_recorded(streams):
    camera = streams(mode="motion")
    assert not camera.tail.wants_sub
    assert camera.seen("main", "sub") == (["h264"], 1)
    assert camera.tail.begun_us == ANCHOR_US


def test_one_that_isnt_recorded_is_looked_at_by_its_sub_stream(streams):
    camera = streams(mode="never")
    assert camera.seen() == ([], 0)
    assert camera.seen("sub") == (["hevc"], 1)


def test_the_main_stream_stands_in_while_the_sub_stream_is_silent(streams):
    camera = streams()
    assert camera.seen("main", "sub") == (["hevc"], 1)
    patience = int(SILENT_S / 0.25)
    assert camera.seen("main", turns=patience - 4) == ([], 0)
    assert camera.seen("main", turns=14) == (["h264"], 1)
    codecs, begun = camera.seen("main", "sub", turns=8)
    assert "hevc" in codecs
    assert begun == 1
    assert camera.seen("main", "sub") == (["hevc"], 0)


def test_two_silent_streams_take_no_turns(streams):
    camera = streams()
    camera.seen("main", "sub")
    assert camera.seen(turns=80) == ([], 0)


@pytest.mark.parametrize(
    ("mode", "live", "enabled", "watched"),
    [
        ("always", Live(), True, True),
        ("never", Live(), True, False),
        ("never", SUB_URL, True, True),
        ("never", SUB_URL, False, False),
    ],
)
def test_who_is_watched(tmp_path, mode, live, enabled, watched):
    camera = settings_of(tmp_path).cameras[0]
    detect = Detect(motion=DetectorSettings(enabled=True))
    camera = replace(camera, detect=detect, record=Record(mode=mode), live=live, enabled=enabled)
    assert is_watched(camera) is watched


def test_another_sub_stream_needs_no_other_tail(tmp_path):
    settings = settings_of(tmp_path)
    camera = replace(settings.cameras[0], live=SUB_URL)
    other = replace(camera, live=Live("rtsp://127.0.0.1/other"))
    assert place_of(camera, settings.system) == place_of(other, settings.system)
    assert place_of(camera, settings.system) != place_of(replace(camera, live=Live()), settings.system)
