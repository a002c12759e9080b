"""Any process may be killed at any moment: at most the frame that is being written is lost, and all goes on."""

import os
import signal
import time

import pytest

from pynvr.archive.reader import read_chunk
from pynvr.base.errors import ChunkError
from pynvr.model.frame import VIDEO_TRACK
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import SentSession, hash_sample
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program, frames_of, is_alive
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

CAMERAS = [
    SimulatedCamera(name, width=320, height=240, fps=25, gop_s=1, bitrate_kbps=200, live=True)
    for name in ("gate", "yard")
]
NAMES = [camera.name for camera in CAMERAS]
AT_ONCE_US = 200_000
ENOUGH = 30


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


def written(program: Program, name: str) -> list[str]:
    """The frames that are in the chunk now, each in the kernel's hands at least."""
    try:
        path = program.chunks(name)[-1]
        frames, data = read_chunk(path).frames, path.read_bytes()
    except (IndexError, FileNotFoundError, ChunkError):  # there is none yet, or it has just been begun or finished
        return []
    return [
        hash_sample(data[frame.offset : frame.offset + frame.size], "h264")
        for frame in frames
        if frame.track == VIDEO_TRACK
    ]


def wait_written_at_once(program: Program, cameras: SimulatorServer, *names: str) -> dict[str, str]:
    """Until the last frame in each chunk was sent just now: a recorder keeps none to itself. That frame, by camera.

    On a busy machine there may be moments in which a recorder hasn't come to what was sent.
    """

    def last_ones() -> dict[str, str] | None:
        found = {}
        for name in names:
            before_us = time.time_ns() // 1000  # to read it may take long
            digests = written(program, name)
            sent_us = {unit.core_sha256: unit.wall_us for unit in cameras.sent(name)[-1].track("video")}
            if len(digests) < ENOUGH or before_us - sent_us[digests[-1]] > AT_ONCE_US:
                return None
            found[name] = digests[-1]
        return found

    found = wait_until(last_ones, what="recorders that are up to date")
    assert found is not None
    return found


def lost_until(sessions: list[SentSession], recorded: set[str], last: str) -> list[int]:
    """The numbers of the frames that are missing between the first one that was recorded and the last one written."""
    units = [unit.core_sha256 for session in sessions for unit in session.track("video")]
    first = next(number for number, digest in enumerate(units) if digest in recorded)
    return [n for n in range(first, units.index(last) + 1) if units[n] not in recorded]


def stop(program: Program) -> None:
    """A stop has its time: what a busy machine didn't finish in it is left for later, which is now."""
    assert program.stop() == 0
    if any(program.chunks(name) for name in NAMES):
        program.complete()


def test_a_killed_recorder_loses_at_most_the_frame_it_was_writing_and_comes_back(program, cameras):
    program.wait_recording(*NAMES)
    other = program.pid_of("recorder yard")
    before = program.pid_of("recorder gate")
    last = wait_written_at_once(program, cameras, "gate")["gate"]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: program.pid_of("recorder gate") not in (0, before), 20, "another recorder")
    program.wait_recording("gate")
    assert program.pid_of("recorder yard") == other
    stop(program)
    recorded = all_segments_frames(program, "gate")
    assert len(recorded) == len(set(recorded)), "a frame is recorded twice"
    assert lost_until(cameras.sent("gate"), set(recorded), last) == []
    assert program.chunks("gate") == []


def test_all_processes_killed_at_once_leave_chunks_that_the_next_start_finishes(program, cameras):
    program.wait_recording(*NAMES)
    everything = program.processes()
    last = wait_written_at_once(program, cameras, *NAMES)
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
    stop(program)
    for name in NAMES:
        recorded = all_segments_frames(program, name)
        assert len(recorded) == len(set(recorded))
        assert lost_until(cameras.sent(name), set(recorded), last[name]) == []
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
    stop(program)
    for name in NAMES:
        recorded = all_segments_frames(program, name)
        assert len(recorded) == len(set(recorded)), "the old and the new recorder both recorded a frame"


def test_a_killed_helper_is_replaced_and_no_recorder_notices(program):
    program.top = {"reaper": [{"disk": str(program.data_dir), "percent": 99.9}]}
    program.write_config()
    program.wait_recording(*NAMES)
    recorders = [program.pid_of(f"recorder {name}") for name in NAMES]
    for victim in ("reaper", "web", "finisher"):
        before = wait_until(lambda victim=victim: program.pid_of(victim), 20, f"the {victim}")  # type: ignore[misc]
        os.kill(before, signal.SIGKILL)
        wait_until(
            lambda victim=victim, before=before: program.pid_of(victim) not in (0, before),  # type: ignore[misc]
            20,
            f"another {victim}",
        )
    finished = len(program.segments("gate"))
    wait_until(lambda: len(program.segments("gate")) > finished, 40, "another finished segment")
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
