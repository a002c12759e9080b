"""What is seen in the pictures while they are recorded; and that recording doesn't care how the seeing goes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import Store
from tests.end_to_end.losses import recording_of
from tests.end_to_end.program import Program
from tests.footage import face_clip
from tests.waiting import wait_until
from tests.web.live.watching import log_in, pictures, watch
from tests.web.running import add_users

ROOT = Path(__file__).parents[2]
FACES = {"faces": {"enabled": True, "fps": 1, "cooldown_seconds": 3600}}
LATE = 1 << 62
HOSTILE = ("slow", "crashing", "failing", "hanging")

pytestmark = pytest.mark.timeout(600)


class HostileProgram(Program):
    """With a detector of faces that behaves as `how` says."""

    how = ""

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.end_to_end.hostile", self.config, self.how],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )


def seen(program, **asked):
    with Store.open(f"sqlite:///{program.data_dir}/pynvr.sqlite") as store:
        return store.detections.page(None, 1, LATE, limit=1000, **asked)[0], store.alerts.page(None, 1, LATE)[0]


def figure(program, name):
    """Of the analyser's words in the status: `looked at 12 pictures of 2 cameras, 3 were left out`."""
    words = [one["detail"] for one in program.status().get("processes", []) if one["name"] == "analyser"]
    numbers = [int(word) for word in "".join(words).replace(",", "").split() if word.isdigit()]
    return dict(zip(("pictures", "cameras", "missed"), numbers, strict=False)).get(name, 0)


def test_a_face_is_found_alerted_once_and_changed_settings_count_at_once(tmp_path):
    with SimulatorServer([SimulatedCamera("car", clip=face_clip())]) as server:
        camera = {"id": "car", "url": server.url("car"), "detect": FACES}
        program = Program(tmp_path / "p", [camera])
        program.start()
        try:
            program.wait_recording("car")
            wait_until(lambda: seen(program)[1], 60, lambda: f"an alert; the program said:\n{program.said()}")
            detections, alerts = seen(program)
            assert {one.kind for one in detections} == {"face"}
            assert len(alerts) == 1
            found = alerts[0].detection
            # Where it is in the picture, by eye: from 0.2 to 0.65 across, 0.2 to 0.7 down.
            assert found.confidence > 0.9
            assert 0.25 < found.box.x + found.box.width / 2 < 0.6
            assert 0.25 < found.box.y + found.box.height / 2 < 0.7
            image = program.data_dir / "jpg" / found.image_path
            assert image.read_bytes().startswith(b"\xff\xd8")
            recorder, analyser = program.pid_of("recorder car"), program.pid_of("analyser")
            # The face isn't in this zone: from now on nothing is stored.
            camera["detect"] = {"faces": {**FACES["faces"], "zones": [{"x": 0.8, "y": 0, "width": 0.2, "height": 1}]}}
            program.write_config()
            wait_until(lambda: "the configuration was changed" in program.said(), 20, "the change to be seen")
            stored, looked = len(seen(program)[0]), figure(program, "pictures")

            def nothing_more() -> bool:
                """Of twelve pictures; the analyser may still be at some from before it heard of the change."""
                nonlocal stored, looked
                now, pictures = len(seen(program)[0]), figure(program, "pictures")
                if now != stored:
                    stored, looked = now, pictures
                return bool(pictures >= looked + 12)

            wait_until(nothing_more, 120, "twelve pictures of which nothing is stored")
            assert (program.pid_of("recorder car"), program.pid_of("analyser")) == (recorder, analyser)
            camera["detect"] = {}
            program.write_config()
            wait_until(lambda: not program.pid_of("analyser"), 30, "the analyser to go when nobody asks for it")
            assert program.pid_of("recorder car") == recorder
            assert program.stop() == 0
        finally:
            program.end()


def test_what_moves_in_a_live_scene_is_stored_with_its_place(tmp_path):
    with SimulatorServer([SimulatedCamera("yard", width=640, height=360, fps=10, gop_s=1, live=True)]) as server:
        camera = {"id": "yard", "url": server.url("yard"), "detect": {"motion": {"enabled": True}}}
        program = Program(tmp_path / "p", [camera])
        program.start()
        try:
            wait_until(lambda: seen(program)[0], 90, lambda: f"motion; the program said:\n{program.said()}")
            found = seen(program)[0][-1]
            assert found.kind == "motion"
            assert found.box.width * found.box.height >= 0.002
            assert program.stop() == 0
        finally:
            program.end()


@dataclass
class Ordeal:
    """What a program went through whose detector misbehaves, and a viewer of its camera meanwhile."""

    program: HostileProgram
    cameras: tuple[str, str]
    live: list[str] = field(default_factory=list)

    def go_through(self) -> None:
        program, signs = (
            self.program,
            {
                "slow": lambda: figure(program, "missed") >= 3 and len(seen(program)[0]) >= 2,
                "crashing": lambda: program.said().count("was killed by SIGSEGV") >= 2,
                "failing": lambda: any("no such picture" in one["detail"] for one in program.status()["problems"]),
                "hanging": lambda: program.said().count("hung and was killed") >= 2,
            },
        )
        program.wait_recording(*self.cameras)
        wait_until(signs[program.how], 90, lambda: f"it to misbehave; the program said:\n{program.said()}")
        wait_until(lambda: len(program.segments(self.cameras[0])) >= 2, 60, "segments")
        with watch(program.port, f"/ws/stream/?camera={self.cameras[0]}", log_in(program.port)) as viewer:
            self.live = [frame.digest() for frame in islice(pictures(viewer), 30)]
        assert program.stop() == 0


@pytest.fixture(scope="module")
def ordeals(tmp_path_factory):
    """All ways to misbehave at once, for most of each is waiting. An ordeal that fails is told by its own test."""
    names = {how: (f"gate-{how}", f"yard-{how}") for how in HOSTILE}
    cameras = [
        SimulatedCamera(name, width=160, height=120, fps=15, gop_s=1, live=True)
        for two in names.values()
        for name in two
    ]
    with SimulatorServer(cameras) as server:
        programs = {}
        for how, two in names.items():
            listed = [{"id": name, "url": server.url(name), "detect": FACES} for name in two]
            programs[how] = HostileProgram(tmp_path_factory.mktemp(how), listed)
            programs[how].how = how
            add_users(programs[how].config)
            programs[how].start()
        ordeals = {how: Ordeal(programs[how], two) for how, two in names.items()}
        try:
            with ThreadPoolExecutor() as pool:
                ends = {how: pool.submit(ordeal.go_through) for how, ordeal in ordeals.items()}
            yield server, ordeals, ends
        finally:
            for program in programs.values():
                program.end()


@pytest.mark.parametrize("how", HOSTILE)
def test_a_detector_that_misbehaves_costs_no_frame(ordeals, how):
    server, all_of_them, ends = ordeals
    ends[how].result()
    ordeal = all_of_them[how]
    sent = [unit.core_sha256 for unit in server.sent(ordeal.cameras[0])[-1].track("video")]
    assert ordeal.live == sent[sent.index(ordeal.live[0]) :][:30], "whoever watches misses nothing either"
    for name in ordeal.cameras:
        recording = recording_of(server.sent(name), ordeal.program.segments(name))
        assert all(one.end == two.begin for one, two in pairwise(recording.pieces))
        assert f"recorder {name} (process" not in ordeal.program.said().split("SIGTERM: stops")[0]
