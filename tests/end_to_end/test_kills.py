"""Any process may be killed at any moment: at most the frame that is being written is lost, and all goes on."""

import os
import signal
import time

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import SentSession
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program, frames_of, is_alive
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(240)

CAMERAS = [
    SimulatedCamera(name, width=320, height=240, fps=25, gop_s=1, bitrate_kbps=200, live=True)
    for name in ("gate", "yard")
]
NAMES = [camera.name for camera in CAMERAS]


@pytest.fixture
def cameras():
    with SimulatorServer(CAMERAS) as server:
        yield server


@pytest.fixture
def program(tmp_path, cameras):
    running = Program(tmp_path, [{"id": name, "url": cameras.url(name)} for name in NAMES])
    running.start()
    yield running
    running.end()


def all_segments_frames(program: Program, name: str) -> list[str]:
    return [frame.digest for path in program.segments(name) for frame in frames_of(path)]


def lost_before(sessions: list[SentSession], recorded: set[str], killed_us: int) -> list[int]:
    """Microseconds before the kill of every frame, sent after the first recorded one, that is missing."""
    units = [unit for session in sessions for unit in session.track("video") if unit.wall_us < killed_us]
    first = next(number for number, unit in enumerate(units) if unit.core_sha256 in recorded)
    return [killed_us - unit.wall_us for unit in units[first:] if unit.core_sha256 not in recorded]


def test_a_killed_recorder_loses_at_most_the_frame_it_was_writing_and_comes_back(program, cameras):
    program.wait_recording(*NAMES)
    other = program.pid_of("recorder yard")
    wait_until(lambda: program.camera("gate").get("figures", {}).get("frames", 0) > 50, 20, "frames of gate")
    before = program.pid_of("recorder gate")
    killed_us = time.time_ns() // 1000
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: program.pid_of("recorder gate") not in (0, before), 20, "another recorder")
    program.wait_recording("gate")
    assert program.pid_of("recorder yard") == other
    assert program.stop() == 0
    recorded = all_segments_frames(program, "gate")
    assert len(recorded) == len(set(recorded)), "a frame is recorded twice"
    lost_us = lost_before(cameras.sent("gate"), set(recorded), killed_us)
    # What the kernel or the process had just been given, plus the one that was being written.
    assert [age for age in lost_us if age > 200_000] == []
    assert len(lost_us) <= 5
    assert program.chunks("gate") == []


def test_all_processes_killed_at_once_leave_chunks_that_the_next_start_finishes(program, cameras):
    program.wait_recording(*NAMES)
    wait_until(lambda: program.camera("gate").get("figures", {}).get("frames", 0) > 50, 20, "frames of gate")
    everything = program.processes()
    killed_us = time.time_ns() // 1000
    for process in everything:
        process.kill()
    assert program.process is not None
    program.process.wait()
    wait_until(lambda: not any(is_alive(process.pid) for process in everything), 10, "all processes to end")
    assert program.chunks("gate") and program.chunks("yard")
    left = {path for name in NAMES for path in program.chunks(name)}
    program.start()
    wait_until(lambda: not any(path.exists() for path in left), 30, "the left chunks to be finished")
    program.wait_recording(*NAMES)
    assert program.stop() == 0
    for name in NAMES:
        recorded = all_segments_frames(program, name)
        assert len(recorded) == len(set(recorded))
        lost_us = lost_before(cameras.sent(name), set(recorded), killed_us)
        assert [age for age in lost_us if age > 200_000] == []
    verified = program.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_when_the_master_is_killed_its_children_end_and_a_new_start_records_on(program, cameras):
    program.wait_recording(*NAMES)
    wait_until(lambda: program.camera("gate").get("figures", {}).get("frames", 0) > 50, 20, "frames of gate")
    everything = program.processes()
    assert program.process is not None
    program.process.kill()
    program.process.wait()
    program.start()
    wait_until(lambda: not any(is_alive(process.pid) for process in everything), 20, "the orphans to end")
    program.wait_recording(*NAMES)
    assert program.stop() == 0
    for name in NAMES:
        recorded = all_segments_frames(program, name)
        assert len(recorded) == len(set(recorded)), "the old and the new recorder both recorded a frame"


@pytest.mark.parametrize("victim", ["finisher", "reaper", "web"])
def test_a_killed_helper_is_replaced_and_no_recorder_notices(program, victim):
    program.top = {"reaper": [{"disk": str(program.data_dir), "percent": 99.9}]}
    program.write_config()
    program.wait_recording(*NAMES)
    wait_until(lambda: program.pid_of(victim), 20, f"the {victim}")
    recorders = [program.pid_of(f"recorder {name}") for name in NAMES]
    before = program.pid_of(victim)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: program.pid_of(victim) not in (0, before), 20, f"another {victim}")
    wait_until(lambda: len(program.segments("gate")) >= 1, 40, "a finished segment")
    assert [program.pid_of(f"recorder {name}") for name in NAMES] == recorders


def test_a_stopped_recorder_is_found_out_by_its_silence(tmp_path, cameras):
    program = Program(tmp_path, [{"id": "gate", "url": cameras.url("gate"), "frame_timeout": 2}])
    program.start()
    try:
        program.wait_recording("gate")
        before = program.pid_of("recorder gate")
        os.kill(before, signal.SIGSTOP)
        wait_until(lambda: program.pid_of("recorder gate") not in (0, before), 40, "the hung recorder to be replaced")
        program.wait_recording("gate")
    finally:
        program.end()
