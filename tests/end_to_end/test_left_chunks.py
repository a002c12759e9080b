"""Hundreds of chunks that a long outage left: all become MP4s, and the minutes that are recorded now go first."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program, dated, ffmpeg_complaints, frames_of
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

LEFT = 600
SEGMENT_S = 10
FIRST = datetime(2026, 1, 15, 20, tzinfo=UTC)  # they reach over a midnight


def test_all_become_mp4s_and_no_new_minute_waits_for_them(tmp_path):
    with SimulatorServer(
        [SimulatedCamera("gate", width=1280, height=720, fps=10, gop_s=1, bitrate_kbps=800, live=True)]
    ) as server:
        url = server.url("gate")
        cameras: list[dict[str, object]] = [{"id": "gate", "url": url}, {"id": "past", "url": url, "enabled": False}]
        program = Program(tmp_path, cameras)
        program.start()
        try:
            program.wait_recording("gate")

            def grown_chunk() -> Path | None:
                return next((path for path in program.chunks("gate") if path.stat().st_size > 400_000), None)

            # What the death of everything leaves: the chunk as it is now.
            grown = wait_until(grown_chunk, 30, "a chunk of some seconds")
            assert grown is not None
            original = shutil.copyfile(grown, tmp_path / "original.chunk")
            assert program.stop() == 0
            left = [FIRST + timedelta(minutes=number) for number in range(LEFT)]
            for moment in left:
                day = program.data_dir / "cameras" / "past" / f"{moment:%Y%m%d}"
                day.mkdir(exist_ok=True, parents=True)
                shutil.copyfile(original, day / f"past.{moment:%Y%m%d.%H%M}.chunk")
            assert len(program.chunks("past")) == LEFT
            before = set(program.segments("gate"))
            # So a new segment ends while the finisher is at the left ones, which takes it some ten seconds.
            wait_until(lambda: 5 < time.time() % SEGMENT_S < 6, SEGMENT_S + 1, "the middle of a segment")
            program.start()
            program.wait_recording("gate")

            def new() -> set[Path]:
                return set(program.segments("gate")) - before

            def is_all_done() -> bool:
                if program.chunks("past") or len(thumbnails()) < LEFT:
                    return False
                return len(new()) >= 2

            def thumbnails() -> list[Path]:
                return list((program.data_dir / "jpg").glob("*/past.thumbnail.*.jpg"))

            wait_until(is_all_done, 200, lambda: f"{len(program.chunks('past'))} chunks, {len(thumbnails())} pictures")
            assert program.stop() == 0
            assert program.chunks("past") == []
            finished = program.segments("past")
            minutes = [one for one in dated(program, "gate") if one.path in new()]
            last_left_s = max(path.stat().st_ctime for path in thumbnails())
            assert min(one.path.stat().st_ctime for one in minutes) < last_left_s, "a new minute waited for all of them"
            assert len(finished) == LEFT
            expected = frames_of(finished[0])
            assert len(expected) > 30
            assert all(frames_of(path) == expected for path in finished[1:])
            assert ffmpeg_complaints(finished[0]) == ""
        finally:
            program.end()
