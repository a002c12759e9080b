"""The picture: its clock, its time code, and that something moves."""

import time
from itertools import pairwise
from typing import Any

import av
import pytest

from pynvr.simulator.looped import scene_clip
from pynvr.simulator.planes import planes_of
from pynvr.simulator.scene import Scene, clock_text
from pynvr.simulator.server import SimulatorServer
from pynvr.simulator.time_code import draw_time_code, read_time_code
from tests.simulator.watching import small, watching


def time_code_of(frame: av.VideoFrame) -> Any:
    luma = frame.reformat(format="yuv420p").planes[0]
    return read_time_code(bytes(luma), luma.line_size, frame.width, frame.height)


@pytest.mark.parametrize("milliseconds", [0, 1, 1_800_000_000_123, 2**43 - 1])
def test_the_time_code_is_read_as_written(milliseconds):
    frame_planes = Scene("x", 192, 108, 10).picture(0, "", 0)
    draw_time_code(frame_planes, milliseconds)
    assert time_code_of(frame_planes.to_frame()) == milliseconds


def test_a_picture_without_the_row_has_no_time_code():
    from PIL import Image

    for level in (0, 128, 255):
        assert time_code_of(planes_of(Image.new("RGB", (192, 108), (level,) * 3)).to_frame()) is None


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_live_picture_shows_when_it_was_taken(codec):
    camera = small(live=True, codec=codec, audio="aac")
    with SimulatorServer([camera]) as server, watching(server.url("gate")) as container:
        frames = [frame for frame, _ in zip(container.decode(video=0), range(15), strict=False)]
        now_ms = time.time() * 1000
        shown = [time_code_of(frame) for frame in frames]
        captured = [unit.captured_us // 1000 for unit in server.sent("gate")[0].track("video")]
    start = captured.index(shown[0])
    assert shown == captured[start : start + 15]
    assert now_ms - 30_000 < shown[-1] <= now_ms
    # Each 20 ms, but for pictures that a busy machine left out.
    steps = [later - earlier for earlier, later in pairwise(shown)]
    assert all(step > 18 and abs((step + 10) % 20 - 10) <= 1 for step in steps), steps


def test_a_looped_picture_shows_the_time_since_the_loop_began():
    with SimulatorServer([small()], own_process=False) as server, watching(server.url("gate")) as container:
        shown = [time_code_of(frame) for frame, _ in zip(container.decode(video=0), range(45), strict=False)]
    steps = [later - earlier for earlier, later in pairwise(shown)]
    assert set(steps) == {20, 20 - 400}


def test_the_clock_has_milliseconds():
    assert clock_text(1_700_000_000_123_456).endswith(".123")


def test_something_moves_and_the_motion_closes_with_the_period():
    scene = Scene("gate", 320, 180, 10, "day")
    start, later, again = (scene.picture(at, "", 0).luma.tobytes() for at in (0.0, 2.5, 10.0))
    assert start != later
    # The walker's step isn't tied to the period; all else is where it was.
    differing = sum(one != other for one, other in zip(start, again, strict=True))
    assert differing < len(start) * 0.01


def test_a_scene_that_is_not_looped_never_looks_as_it_did_a_turn_before():
    scene = Scene("gate", 320, 180, 10, "day", repeats=False)
    start, *later = (scene.picture(turn * 10.0, "", 0).luma.tobytes() for turn in range(6))
    for again in later:
        assert sum(one != other for one, other in zip(start, again, strict=True)) > len(start) * 0.01


def test_with_visits_nothing_moves_but_in_their_time():
    scene = Scene("gate", 320, 180, 10, "day", visits=(20, 4))
    empty, *others = (scene.picture(at, "", 0).luma.tobytes() for at in (10.0, 0.0, 2.0, 3.9, 4.0, 19.9, 22.0))
    assert [other != empty for other in others] == [False, True, True, False, False, True]


def test_bitrate_and_keyframes_are_as_ordered():
    camera = small(width=640, height=360, bitrate_kbps=800, fps=25, gop_s=1, loop_s=4)
    clip = scene_clip(camera.encoding)
    assert [index for index, unit in enumerate(clip.units) if unit.is_key] == [0, 25, 50, 75]
    kbps = sum(unit.size_bytes for unit in clip.units) * 8 / 4 / 1000
    assert 500 < kbps < 1000
