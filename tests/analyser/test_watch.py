"""A camera's recording followed from chunk to chunk, with detectors that play a part."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pynvr.analyser.tally import Tally
from pynvr.analyser.vigil import Vigil
from pynvr.analyser.watch import CameraWatch
from pynvr.archive.paths import chunk_path
from pynvr.archive.vigil import Watched, read_watched, vigil_path
from pynvr.archive.writer import ChunkWriter
from pynvr.base.errors import MissingLibraryError
from pynvr.model.box import Box
from pynvr.model.settings import Detect, DetectorSettings, Record
from pynvr.model.stamp import stamp_of
from pynvr.vision.detector import Found
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US, KEYFRAME_EVERY, make_clip
from tests.finisher.running import settings_of

UTC = ZoneInfo("UTC")
CLIP = make_clip()  # 25 a second, a keyframe each 0.48 s
FRAMES = CLIP.of(0)


class Looking:
    """Notes at which instants it looked, and finds what `finds` says."""

    def __init__(self):
        self.at_us = []
        self.finds: Any = [Found(0.9, Box(0, 0, 1, 1))]

    def look(self, picture, at_us, settings):
        assert (picture.width, picture.height) == (160, 96)
        self.at_us.append(at_us)
        if isinstance(self.finds, Exception):
            raise self.finds
        return self.finds


class Recorded:
    """A camera that is being recorded by hand."""

    def __init__(self, folder, **detect):
        settings = settings_of(folder)
        self.camera = replace(settings.cameras[0], detect=Detect(**detect))
        self.system = replace(settings.system, timezone=UTC)
        self.faces, self.motion = Looking(), Looking()
        self.told: list[Any] = []
        self.noted: list[Any] = []
        self.tally = Tally()
        makers = {"face": lambda: self.faces, "motion": lambda: self.motion}
        self.watch = CameraWatch(self.camera, self.system, makers, self.told.append, self.tally, note=self.noted.append)
        self.now_s = 0.0
        self.writer: Any = None

    def begin_chunk(self, second):
        if self.writer is not None:
            self.writer.close()
        stamp = stamp_of(ANCHOR_US + second * 1_000_000, UTC, seconds=True)
        path = chunk_path(self.camera.dst, self.camera.id, stamp)
        self.writer = ChunkWriter.create(path, CLIP.tracks, ANCHOR_PTS, ANCHOR_US, 16_384)

    def record(self, start, end, portion=3):
        for at in range(start, end, portion):
            for frame in FRAMES[at : min(at + portion, end)]:
                self.writer.append(frame)
            self.turn()

    def turn(self):
        self.now_s += 0.1
        self.watch.turn(ANCHOR_US, self.now_s)


@pytest.fixture
def recorded(tmp_path):
    made = []

    def make(**detect):
        made.append(Recorded(tmp_path, **detect))
        return made[-1]

    yield make
    for one in made:
        one.watch.close()
        if one.writer is not None:
            one.writer.close()


def keyframes(*numbers):
    return [FRAMES[number * KEYFRAME_EVERY].time_us for number in numbers]


def test_keyframes_are_looked_at_through_the_border_of_chunks(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True))
    camera.begin_chunk(0)
    camera.record(0, 2 * KEYFRAME_EVERY)
    camera.begin_chunk(1)
    camera.record(2 * KEYFRAME_EVERY, 4 * KEYFRAME_EVERY)
    assert camera.faces.at_us == keyframes(0, 1, 2, 3)
    assert camera.tally.frames == 4
    assert camera.motion.at_us == []


def test_each_detector_has_its_own_pace(recorded):
    camera = recorded(
        faces=DetectorSettings(enabled=True, fps=8), motion=DetectorSettings(enabled=True, threshold=0.002)
    )
    camera.begin_chunk(0)
    camera.record(0, 48)
    assert 12 <= len(camera.faces.at_us) <= 18
    assert len(camera.motion.at_us) == 4
    for at_us, keyframe_us in zip(camera.motion.at_us, keyframes(0, 1, 2, 3), strict=True):
        assert 0 <= at_us - keyframe_us <= 125_000


def test_what_goes_on_is_told_once(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True))
    camera.begin_chunk(0)
    camera.record(0, 48)
    (seen,) = camera.told
    assert (seen.kind, seen.at_us, seen.found[0].confidence) == ("face", keyframes(0)[0], 0.9)


def test_every_look_is_noted_with_what_was_seen(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True))
    camera.begin_chunk(0)
    camera.record(0, KEYFRAME_EVERY)
    camera.faces.finds = []
    camera.record(KEYFRAME_EVERY, 2 * KEYFRAME_EVERY)
    parts = Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)
    camera.faces.finds = [Found(0.8, Box(0, 0, 1, 1), parts)]
    camera.record(2 * KEYFRAME_EVERY, 3 * KEYFRAME_EVERY)
    assert [(one.camera_id, one.kind, one.at_us) for one in camera.noted] == [
        (camera.camera.id, "face", at_us) for at_us in keyframes(0, 1, 2)
    ]
    assert [one.seen for one in camera.noted] == [((0.9, Box(0, 0, 1, 1)),), (), ((0.8, parts[0]), (0.8, parts[1]))]
    assert all(one.took_us > 0 for one in camera.noted)


def test_settings_count_from_the_next_picture_on(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True))
    camera.begin_chunk(0)
    camera.record(0, KEYFRAME_EVERY)
    camera.watch.follow(replace(camera.camera, detect=Detect(motion=DetectorSettings(enabled=True))), camera.system)
    camera.record(KEYFRAME_EVERY, 48)
    assert camera.faces.at_us == keyframes(0)
    assert camera.motion.at_us == keyframes(1, 2, 3)


def test_a_detector_that_fails_rests_and_the_other_goes_on(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True), motion=DetectorSettings(enabled=True))
    camera.faces.finds = ValueError("odd")
    camera.begin_chunk(0)
    camera.record(0, 36)
    assert camera.faces.at_us == keyframes(0)
    assert camera.motion.at_us == keyframes(0, 1, 2)
    assert "odd" in camera.watch.trouble["face"]
    camera.faces.finds = []
    camera.now_s += 60
    camera.record(36, 48)
    assert camera.faces.at_us == keyframes(0, 3)
    assert camera.watch.trouble == {}


def test_a_library_that_is_missing_is_told_in_its_own_words(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True))
    camera.faces.finds = MissingLibraryError("pip install 'pynvr[faces]'")
    camera.begin_chunk(0)
    camera.record(0, KEYFRAME_EVERY)
    assert camera.watch.trouble == {"face": "pip install 'pynvr[faces]'"}


def test_who_comes_late_begins_with_the_newest_keyframe(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True))
    camera.begin_chunk(0)
    for frame in FRAMES[:40]:
        camera.writer.append(frame)
    camera.turn()
    assert camera.faces.at_us == keyframes(3)


def test_a_camera_recorded_by_motion_is_looked_at_and_nothing_is_stored_of_it(recorded, tmp_path):
    camera = recorded()
    camera.watch.vigil = Vigil(tmp_path, "gate")
    camera.watch.follow(replace(camera.camera, record=Record(mode="motion")), camera.system)
    camera.begin_chunk(0)
    camera.record(0, 2 * KEYFRAME_EVERY)
    camera.motion.finds = []
    camera.record(2 * KEYFRAME_EVERY, 3 * KEYFRAME_EVERY)
    camera.motion.finds = [Found(0.9, Box(0, 0, 1, 1))]
    camera.record(3 * KEYFRAME_EVERY, 4 * KEYFRAME_EVERY)
    assert camera.motion.at_us == keyframes(0, 1, 2, 3)
    assert camera.told == []
    camera.watch.vigil.close()
    second, third, fourth = keyframes(1, 2, 3)
    assert read_watched(vigil_path(tmp_path, "gate"), 0) == [
        Watched(ANCHOR_US, second, third),
        Watched(ANCHOR_US, third, fourth, fourth, fourth),
    ]


def test_time_of_which_the_detector_could_tell_nothing_counts_as_not_watched(recorded, tmp_path):
    camera = recorded()
    camera.watch.vigil = Vigil(tmp_path, "gate")
    camera.watch.follow(replace(camera.camera, record=Record(mode="motion")), camera.system)
    camera.motion.finds = []
    camera.begin_chunk(0)
    camera.record(0, 2 * KEYFRAME_EVERY)
    camera.motion.is_settling = True
    camera.record(2 * KEYFRAME_EVERY, 3 * KEYFRAME_EVERY)
    camera.motion.is_settling = False
    camera.record(3 * KEYFRAME_EVERY, 4 * KEYFRAME_EVERY)
    camera.watch.vigil.close()
    third, fourth = keyframes(2, 3)
    assert read_watched(vigil_path(tmp_path, "gate"), 0) == [Watched(ANCHOR_US, third, fourth)]


def test_a_chunk_that_takes_the_name_of_one_that_is_gone_is_followed(recorded):
    camera = recorded(faces=DetectorSettings(enabled=True))
    camera.begin_chunk(1)
    camera.record(0, KEYFRAME_EVERY)
    first = camera.writer.path
    camera.begin_chunk(2)
    camera.record(KEYFRAME_EVERY, 2 * KEYFRAME_EVERY)
    first.unlink()
    # Its name is free, and comes before that of the chunk before it.
    camera.begin_chunk(1)
    camera.record(2 * KEYFRAME_EVERY, 3 * KEYFRAME_EVERY)
    camera.writer.path.unlink()
    camera.begin_chunk(1)
    camera.record(3 * KEYFRAME_EVERY, 4 * KEYFRAME_EVERY)
    assert camera.faces.at_us == keyframes(0, 1, 2, 3)
