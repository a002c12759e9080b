"""Captures of files, in this process: what is chosen, what is kept on disk, what is said of it."""

import io
import os
from dataclasses import replace
from fractions import Fraction

import av
import pytest

from pynvr.archive.capture_folder import APART_US, SHOWN, CaptureFolder, CaptureState, Shot, captures_in
from pynvr.base.errors import DiskError
from pynvr.capturer.brightest import MOST, Brightest
from pynvr.capturer.process import KEEP
from pynvr.media.still import Picture
from pynvr.vision.best import best
from tests.capturer.making import FPS, captured, grey_frame, write_clip

# 30 s of dusk with twelve flashes of one frame each, a second and more apart but for the last two.
FLASHES = {12: 90, 35: 200, 51: 120, 77: 230, 99: 140, 120: 180, 141: 100, 163: 210, 190: 160, 222: 150, 250: 220}
FLASHES |= {255: 130}


def levels():
    return [FLASHES.get(number, 60) for number in range(30 * FPS)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return write_clip(tmp_path_factory.mktemp("clip") / "flashes.mp4", levels())


def test_the_nine_brightest_are_found_brightest_first_a_second_apart(tmp_path, clip):
    folder = captured(tmp_path, clip)
    shots = best(folder.shots(), SHOWN, APART_US)
    first_us = min(shot.at_us for shot in shots) - 35 * 1_000_000 // FPS
    found = [round((shot.at_us - first_us) / 1e6 * FPS) for shot in shots]
    # 255 is brighter than 51, but half a second from 250.
    assert found == [77, 250, 163, 35, 120, 190, 222, 99, 51]
    assert [round(shot.score, 2) for shot in shots[:2]] == [0.98, 0.93]


def test_it_says_what_it_looked_at_and_how_it_ended(tmp_path, clip):
    state = captured(tmp_path, clip).read()
    assert (state.state, state.detail, state.url) == ("ended", "the camera ended the stream", str(clip))
    assert (state.frames, state.left_out, state.width, state.height) == (300, 0, 64, 48)
    assert state.ended_us > 0


def test_one_that_is_stopped_ends_with_what_it_saw(tmp_path, clip):
    folder = captured(tmp_path, clip, stop_after=45)
    state = folder.read()
    assert (state.state, state.detail, state.frames) == ("ended", "", 45)
    assert [round(shot.score, 2) for shot in best(folder.shots(), SHOWN, APART_US)][:1] == [0.84]


def test_only_what_is_shown_stays_on_disk(tmp_path, clip):
    folder = captured(tmp_path, clip)
    assert len(folder.shots()) == SHOWN
    assert sorted(os.listdir(folder.path)) == sorted(["state.json", *(shot.name for shot in folder.shots())])


def test_pictures_have_the_aspect_of_the_stream(tmp_path):
    clip = write_clip(tmp_path / "wide.mp4", [60, 120, 90], width=48, height=48, pixel=Fraction(4, 3))
    folder = captured(tmp_path / "captures", clip)
    (shot,) = best(folder.shots(), SHOWN, APART_US)
    with av.open(io.BytesIO(folder.jpeg(shot)), "r") as image:
        frame = next(image.decode(video=0))
    assert (frame.width, frame.height) == (64, 48)
    assert (folder.read().width, folder.read().height) == (64, 48)


def test_a_short_capture_shows_fewer(tmp_path):
    clip = write_clip(tmp_path / "short.mp4", [60 + number for number in range(25)])
    folder = captured(tmp_path / "captures", clip)
    assert len(best(folder.shots(), SHOWN, APART_US)) == 3


def test_what_cannot_be_opened_ends_with_the_reason(tmp_path):
    folder = captured(tmp_path, tmp_path / "nothing.mp4")
    state = folder.read()
    assert (state.state, state.detail, state.frames) == ("ended", "there is no such file", 0)
    assert folder.shots() == []


def test_the_longest_time_is_kept(tmp_path, clip):
    state = captured(tmp_path, clip, started_us=1, longest_s=120.0).read()
    assert state.state == "ended"
    assert state.detail == "it took 2 minutes, which is the longest a capture may take"


def test_a_capture_whose_process_died_goes_on(tmp_path, clip):
    folder = captured(tmp_path, clip)
    state = replace(folder.read(), ended_us=0, state="capturing")
    folder.write(state)
    brighter = Shot(min(shot.at_us for shot in folder.shots()) - 60_000_000, 0.99)
    folder.add(brighter, b"left by the first process")
    again = captured(tmp_path, clip)
    assert again.read().frames == 600
    assert best(again.shots(), SHOWN, APART_US)[0] == brighter


def test_one_that_died_after_its_last_word_is_over(tmp_path, clip):
    folder = captured(tmp_path, clip)
    before = folder.read()
    captured(tmp_path, clip)
    assert folder.read() == before


def test_few_captures_are_kept_and_those_that_run_are(tmp_path, clip):
    for number in range(2, KEEP + 4):
        CaptureFolder(tmp_path / str(number)).write(CaptureState("rtsp://h/x", 1))
    (tmp_path / "not-a-capture").mkdir()
    captured(tmp_path, clip, capture_id="1000")
    ids = [folder.id for folder in captures_in(tmp_path)]
    assert ids == ["1000", *(str(number) for number in range(KEEP + 3, 4, -1))][:KEEP]
    assert (tmp_path / "not-a-capture").exists()


def test_a_disk_that_takes_nothing_is_said(tmp_path, clip):
    (tmp_path / "captures").write_text("a file where the folder should be")
    with pytest.raises(DiskError, match="can't be stored"):
        captured(tmp_path / "captures", clip)


def test_a_day_of_ever_brighter_pictures_keeps_few_on_disk(tmp_path):
    folder = CaptureFolder(tmp_path / "1")
    folder.write(CaptureState("x", 1))
    brightest = Brightest(folder)
    for number in range(2 * MOST):
        brightest.look(Picture(grey_frame(16 + number)), number * 250_000)
    brightest.store()
    assert len(folder.shots()) == MOST
    assert min(shot.at_us for shot in folder.shots()) == MOST * 250_000


def test_what_is_kept_is_enough_to_choose_as_from_all(tmp_path):
    levels = [(number * 7919) % 211 for number in range(3000)]
    folder = CaptureFolder(tmp_path / "1")
    folder.write(CaptureState("x", 1))
    brightest = Brightest(folder)
    pictures = {level: Picture(grey_frame(16 + level)) for level in set(levels)}
    everything = []
    for number, level in enumerate(levels):
        brightest.look(pictures[level], number * 250_000)
        everything.append(Shot(number * 250_000, level))
    brightest.store()
    chosen = [shot.at_us for shot in best(folder.shots(), SHOWN, APART_US)]
    assert chosen == [shot.at_us for shot in best(everything, SHOWN, APART_US)]


def test_a_broken_state_or_a_foreign_file_is_passed_over(tmp_path):
    folder = CaptureFolder(tmp_path / "1")
    folder.write(CaptureState("x", 1))
    (folder.path / "evil.jpg").write_bytes(b"")
    (folder.path / "1.99999999999.jpg").write_bytes(b"")
    assert folder.shots() == []
    (folder.path / "state.json").write_text("[]")
    assert folder.read() is None
    assert folder.jpeg(Shot(5, 0.5)) is None
