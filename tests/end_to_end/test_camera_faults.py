"""Each way in which a camera fails, caused for real: what the status says meanwhile, and that recording goes on."""

from dataclasses import dataclass
from itertools import pairwise

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import SentSession
from pynvr.simulator.server import SimulatorServer
from tests import troubles
from tests.end_to_end.losses import on_its_way_us
from tests.end_to_end.program import Program, complaints_of, frames_of
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

CASES = {
    "stall": troubles.STALLS,
    "drop": troubles.CLOSES,
    "reset": troubles.RESETS,
    "refuse": troubles.REFUSES,
    "garbage": troubles.GARBAGE,
    "framing": troubles.GARBAGE_BETWEEN,
    "back": troubles.SET_BACK,
    "forward": troubles.SET_FORWARD,
    "standing": troubles.STANDING,
    "resize": troubles.RESIZES,
    "recode": troubles.CHANGES_CODEC,
    "lossy": troubles.LOSES_PACKETS,
}
FROM_THE_START = {
    "password": troubles.WRONG_PASSWORD,
    "unknown": troubles.NOT_FOUND,
    "silent": troubles.NEVER_ANSWERS,
    "mute": troubles.STALLS,
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The program with a camera for each case; faults are set when the first ones record."""
    cameras = [
        SimulatedCamera(name, width=320, height=240, fps=15, gop_s=1, bitrate_kbps=150, live=True) for name in CASES
    ]
    cameras += [
        SimulatedCamera(name, width=320, height=240, fps=15, gop_s=1, bitrate_kbps=150, faults=(case.fault,))
        for name, case in FROM_THE_START.items()
    ]
    with SimulatorServer(cameras) as server:
        listed = [
            {
                "id": camera.name,
                "url": server.url(camera.name),
                # Longer than a busy machine lets anybody wait: no connection is given up but for its fault.
                "initial_timeout": 8,
                "frame_timeout": 6,
                "retry": {"first": 0.2, "longest": 1},
                **({"transport": "udp"} if camera.name == "lossy" else {}),
            }
            for camera in cameras
        ]
        program = Program(tmp_path_factory.mktemp("faults"), listed)
        program.start()
        try:
            program.wait_recording(*CASES)
            wait_until(lambda: all(frames(program, name) > 30 for name in CASES), 30, "frames of each")
            yield Stage(server, program)
        finally:
            program.end()


@dataclass
class Stage:
    server: SimulatorServer
    program: Program


def frames(program: Program, name: str) -> int:
    return int(program.camera(name).get("figures", {}).get("frames", 0))


@pytest.mark.parametrize("name", FROM_THE_START)
def test_a_camera_that_never_works_is_explained_and_recorded_once_it_does(stage, name):
    case = FROM_THE_START[name]
    camera = wait_until(
        lambda: (found := stage.program.camera(name)).get("cause") == case.cause and found, 30, f"cause of {name}"
    )
    assert case.words in camera["detail"], camera
    stage.server.clear(name)
    stage.program.wait_recording(name)


@pytest.mark.parametrize("name", CASES)
def test_recording_goes_on_after_the_fault(stage, name):
    case = CASES[name]
    before = stage.program.pid_of(f"recorder {name}")
    stage.server.fault(name, case.fault)
    is_told = case.cause is not None and not case.passes
    if is_told:
        camera = wait_until(
            lambda: (found := stage.program.camera(name)).get("cause") == case.cause and found,
            30,
            what=lambda: f"{name} to be {case.cause}; it is {stage.program.camera(name)}",
        )
        assert case.words in camera["detail"], camera
    sessions = len(stage.server.sent(name))
    done = frames(stage.program, name)
    if not is_told:
        wait_until(
            lambda: frames(stage.program, name) > done + 20 or len(stage.server.sent(name)) > sessions,
            30,
            "frames under it",
        )
    stage.server.clear(name)
    stage.program.wait_recording(name)
    done = frames(stage.program, name)
    wait_until(lambda: not done <= frames(stage.program, name) <= done + 20, 30, f"frames of {name} after the fault")
    assert stage.program.pid_of(f"recorder {name}") == before, "the recorder died of it"


def test_all_that_was_recorded_is_playable_and_nothing_is_there_twice(stage):
    """Runs last: stops the program."""
    assert stage.program.stop() == 0
    for name, case in CASES.items():
        paths = stage.program.segments(name)
        digests = [frame.digest for path in paths for frame in frames_of(path)]
        sent = [unit for session in stage.server.sent(name) for unit in session.track("video")]
        known = {unit.core_sha256 for unit in sent}
        assert len(digests) == len(set(digests)), f"{name}: a frame twice"
        if not case.spoils:
            assert set(digests) <= known, f"{name}: a frame that was never sent"
            assert complaints_of(paths) == {}
        if case.exact:
            recorded = set(digests)
            assert lost_in(stage.server.sent(name), recorded) == [], f"{name}: frames were lost"
            assert digests == [unit.core_sha256 for unit in sent if unit.core_sha256 in recorded], f"{name}: order"
        for path in paths:
            times = sorted(frame.time_s for frame in frames_of(path))
            assert all(later > earlier for earlier, later in pairwise(times)), f"{path.name}: two frames at one time"
            assert not times or times[-1] - times[0] < 30, (
                f"{path.name}: a jump of the camera's clock got into the file"
            )


def lost_in(sessions: list[SentSession], recorded: set[str]) -> list[int]:
    """Numbers of the frames that a connection should have yielded and that aren't recorded.

    A busy machine may make the recorder give one up that no fault has ended: what was on its way then isn't counted.
    """
    lost = []
    for session in sessions:
        units = session.track("video")
        there = [unit.number for unit in units if unit.core_sha256 in recorded]
        if not there:
            continue
        until_us = session.ended_us - on_its_way_us()
        lost += [
            unit.number
            for unit in units
            if unit.core_sha256 not in recorded
            and unit.number > there[0]
            and (unit.number < there[-1] or unit.wall_us < until_us)
        ]
    return lost
