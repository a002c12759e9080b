"""What happens when looking doesn't keep up with the stream."""

import pytest

from pynvr.archive.capture_folder import CaptureFolder, CaptureState
from pynvr.base.errors import SourceError
from pynvr.capturer.backlog import Backlog
from pynvr.capturer.brightest import Brightest
from pynvr.capturer.look import Look
from pynvr.media.feed import open_feed
from pynvr.model.frame import VIDEO_TRACK
from tests.capturer.making import FPS, write_clip
from tests.recorder.making import make_camera
from tests.web.making import SetClock


def test_what_is_later_than_the_earliest_was_is_late():
    backlog = Backlog()
    assert backlog.late_s(0.0, 100.0) == 0
    assert backlog.late_s(1.0, 101.5) == pytest.approx(0.5, abs=0.01)
    assert backlog.late_s(2.0, 101.9) == 0
    assert backlog.late_s(3.0, 105.9) == pytest.approx(3.0, abs=0.01)


def test_a_cameras_clock_that_runs_wrong_is_no_lateness():
    backlog = Backlog()
    # 300 parts in a million too slow, for an hour.
    assert max(backlog.late_s(second * 0.9997, float(second)) for second in range(3600)) < 0.01


@pytest.fixture
def looked(tmp_path):
    """Look at a clip of 8 s, in which the frames from `late_from` to `late_to` come to be looked at 5 s late."""

    def look(late_from, late_to):
        clip = write_clip(tmp_path / "clip.mp4", [60] * (8 * FPS))
        folder = CaptureFolder(tmp_path / "1")
        folder.write(CaptureState("x", 1))
        clock = SetClock()
        feed = open_feed(make_camera(tmp_path, str(clip), audio="off"), "tcp")
        looking = Look(Brightest(folder), clock, feed.timescales[VIDEO_TRACK])
        try:
            for number, unit in enumerate(feed.units()):
                clock.at_s = 1000 + number / FPS + (5 if late_from <= number < late_to else 0)
                for sample in feed.formers[VIDEO_TRACK].feed(unit):
                    track = feed.formers[VIDEO_TRACK].track
                    assert track is not None
                    looking.take(sample, track)
        except SourceError:
            pass  # its end
        finally:
            feed.close()
        return looking.counted()

    return look


def test_every_frame_is_looked_at_while_that_keeps_up(looked):
    counted = looked(0, 0)
    assert (counted.frames, counted.left_out) == (8 * FPS, 0)


def test_keyframes_alone_are_looked_at_while_it_is_late(looked):
    # From 2.5 s to 6.5 s: the keyframes of 3, 4, 5 and 6 s; what follows the last of them has no reference until 7 s.
    counted = looked(25, 65)
    assert counted.frames == 25 + 4 + 10
    assert counted.left_out == 80 - counted.frames
    assert (counted.width, counted.height) == (64, 48)
