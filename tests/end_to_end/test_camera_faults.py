"""Each way in which a camera fails, caused for real: what the status says meanwhile, and that recording goes on."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import (
    CodecChange,
    Drop,
    Fault,
    Garbage,
    NoAnswer,
    NotFound,
    PacketLoss,
    Refuse,
    Reset,
    ResolutionChange,
    Stall,
    StandingTimestamps,
    TimestampJump,
    WrongPassword,
)
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program, ffmpeg_complaints, frames_of
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Case:
    """A camera, what goes wrong with it while it records, and what the status then says.

    `cause` empty: recording goes on through the fault. `exact`: nothing that was sent is lost by it.
    """

    fault: Fault
    cause: str = ""
    words: str = ""
    exact: bool = False
    camera: dict[str, object] = field(default_factory=dict)


CASES = {
    "stall": Case(Stall(), "stalled", "no video"),
    "drop": Case(Drop()),
    "reset": Case(Reset()),
    "refuse": Case(Refuse(), "unreachable", "refused"),
    "garbage": Case(Garbage()),
    "framing": Case(Garbage(framing=True)),
    "back": Case(TimestampJump(seconds=-3600), exact=True),
    "forward": Case(TimestampJump(seconds=7200), exact=True),
    "standing": Case(StandingTimestamps(), exact=True),
    "resize": Case(ResolutionChange(width=480, height=272), exact=True),
    "recode": Case(CodecChange(codec="hevc")),
    "lossy": Case(PacketLoss(share=0.02), camera={"transport": "udp"}),
}
FROM_THE_START = {
    "password": Case(WrongPassword(), "refused", "401"),
    "unknown": Case(NotFound(), "refused", "404"),
    "silent": Case(NoAnswer(), "stalled", "no video"),
    "mute": Case(Stall(), "stalled", "no video"),
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
                **(CASES[camera.name].camera if camera.name in CASES else {}),
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
    if case.cause:
        camera = wait_until(
            lambda: (found := stage.program.camera(name)).get("cause") == case.cause and found,
            30,
            what=lambda: f"{name} to be {case.cause}; it is {stage.program.camera(name)}",
        )
        assert case.words in camera["detail"], camera
    sessions = len(stage.server.sent(name))
    done = frames(stage.program, name)
    if not case.cause:
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
        # The first packets of the new codec come under the name of the old one, and are taken for what they are not.
        if name not in ("garbage", "framing", "lossy", "recode"):
            assert set(digests) <= known, f"{name}: a frame that was never sent"
            assert {path.name: said for path in paths if (said := ffmpeg_complaints(path))} == {}
        if case.exact:
            session = stage.server.sent(name)[0].track("video")
            first = next(number for number, unit in enumerate(session) if unit.core_sha256 == digests[0])
            expected = [unit.core_sha256 for unit in session[first : first + len(digests)]]
            assert digests == expected, f"{name}: frames were lost"
        for path in paths:
            times = sorted(frame.time_s for frame in frames_of(path))
            assert all(later > earlier for earlier, later in pairwise(times)), f"{path.name}: two frames at one time"
            assert not times or times[-1] - times[0] < 30, (
                f"{path.name}: a jump of the camera's clock got into the file"
            )
