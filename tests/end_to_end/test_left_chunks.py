"""Hundreds of chunks that a long outage left: all become MP4s, and the minutes that are recorded now go first."""

import os
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program, dated, ffmpeg_complaints, frames_of
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

LEFT = 200
GROWN_BYTES = 60_000
FIRST = datetime(2026, 1, 15, 22, tzinfo=UTC)  # they reach over a midnight


def test_all_become_mp4s_and_no_new_minute_waits_for_them(tmp_path):
    camera = SimulatedCamera("gate", width=160, height=120, fps=10, gop_s=1, bitrate_kbps=100, loop_s=2)
    with SimulatorServer([camera]) as server:
        url = server.url("gate")
        cameras: list[dict[str, object]] = [{"id": "gate", "url": url}, {"id": "past", "url": url, "enabled": False}]
        program = Program(tmp_path, cameras)
        program.start()
        try:
            program.wait_recording("gate")

            def grown_chunk() -> Path | None:
                return next((path for path in program.chunks("gate") if path.stat().st_size > GROWN_BYTES), None)

            # What the death of everything leaves: the chunk as it is now.
            grown = wait_until(grown_chunk, 30, "a chunk of some seconds")
            assert grown is not None
            original = shutil.copyfile(grown, tmp_path / "original.chunk")
            assert program.stop() == 0
            for moment in (FIRST + timedelta(minutes=number) for number in range(LEFT)):
                day = program.data_dir / "cameras" / "past" / f"{moment:%Y%m%d}"
                day.mkdir(exist_ok=True, parents=True)
                shutil.copyfile(original, day / f"past.{moment:%Y%m%d.%H%M}.chunk")
            program.start()
            finisher = wait_until(lambda: finisher_of(program), what="the finisher")
            wait_until(lambda: program.segments("past"), what="the first of those that were left")
            # It stands still in the midst of them until another minute is over.
            os.kill(finisher, signal.SIGSTOP)
            assert program.chunks("past"), "it was through with them before it could be stopped"
            growing = set(wait_until(lambda: program.chunks("gate"), what="a minute that is recorded now"))
            wait_until(lambda: set(program.chunks("gate")) > growing, what="the next one")
            before = set(program.segments("gate"))
            os.kill(finisher, signal.SIGCONT)

            def thumbnails() -> list[Path]:
                return list((program.data_dir / "jpg").glob("*/past.thumbnail.*.jpg"))

            wait_until(
                lambda: len(thumbnails()) == LEFT and growing.isdisjoint(program.chunks("gate")),
                what=lambda: f"{len(program.chunks('past'))} chunks, {len(thumbnails())} pictures; {program.said()}",
            )
            assert finisher_of(program) == finisher
            assert program.stop() == 0
            assert program.chunks("past") == []
            finished = program.segments("past")
            minutes = [one.path for one in dated(program, "gate") if one.path not in before]
            last_left_s = max(path.stat().st_ctime for path in thumbnails())
            assert min(path.stat().st_ctime for path in minutes) < last_left_s, "a new minute waited for all of them"
            assert len(finished) == LEFT
            expected = frames_of(finished[0])
            assert len(expected) > 30
            assert all(frames_of(path) == expected for path in finished[1:])
            assert ffmpeg_complaints(finished[0]) == ""
        finally:
            program.end()


def finisher_of(program: Program) -> int:
    """Its process, as soon as it is there; 0 before."""
    for process in program.processes():
        try:
            if process.cmdline()[0].strip() == "pynvr: finisher":
                return process.pid
        except (psutil.Error, IndexError):
            continue
    return 0
