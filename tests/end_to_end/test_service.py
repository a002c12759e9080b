"""One service with eight cameras through a day of its life: a second instance, changes, a stall, a stop, a start.

The tests stand in the order in which things happen to the one program they share; the last ones look at what is left.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

import pytest

from pynvr.model.cause import Cause
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import Stall
from pynvr.simulator.server import SimulatorServer
from pynvr.store.accounting import coverage_of
from pynvr.store.coverage import Account, Coverage
from pynvr.store.store import Store
from tests.end_to_end.losses import Recording, assert_nothing_lost, recording_of
from tests.end_to_end.program import Program, dated, is_alive
from tests.waiting import slowness, wait_until

pytestmark = pytest.mark.timeout(600)

US = 1_000_000
SEGMENT_S = 10
STOP_S = 10
PLAIN = ("one", "two", "three", "four", "five", "six")
NAMES = (*PLAIN, "eye", "coded")
# What PyNVR is to make of `coded`, which sends H.265, 640x360, 25 pictures and 1000 kbit a second.
CODED = {"codec": "h264", "width": 320, "height": 180, "fps": 10, "bitrate_kbps": 150}


def simulated(name: str) -> SimulatedCamera:
    if name == "coded":
        return SimulatedCamera(name, codec="hevc", width=640, height=360, fps=25, gop_s=1, bitrate_kbps=1000)
    return SimulatedCamera(name, width=160, height=120, fps=10, gop_s=1, bitrate_kbps=100, live=True)


@dataclass
class Service:
    """`stopped_us`: each stop, and the start after it. `phases`: what was done to `eye`, and when, by cause."""

    program: Program
    server: SimulatorServer
    began_us: int
    stopped_us: list[tuple[int, int]] = field(default_factory=list)
    phases: list[tuple[Cause, int, int]] = field(default_factory=list)

    def recorders(self) -> dict[str, int]:
        return {name: self.program.pid_of(f"recorder {name}") for name in NAMES}

    def configure(self, camera_id: str, **keys: object) -> None:
        """Change a camera in nvr.json; None takes a key away."""
        (camera,) = (camera for camera in self.program.cameras if camera["id"] == camera_id)
        camera.update(keys)
        for key in [key for key, value in camera.items() if value is None]:
            del camera[key]
        self.program.write_config()

    def wait_frames(self, name: str, more: int = 20) -> None:
        def frames() -> int:
            return int(self.program.camera(name).get("figures", {}).get("frames", 0))

        before = frames()
        wait_until(lambda: not before <= frames() < before + more, 40, lambda: f"frames of {name}: {frames()}")

    def wait_cause(self, name: str, cause: str) -> None:
        wait_until(
            lambda: self.program.camera(name).get("cause") == cause,
            40,
            lambda: f"{name} to be {cause}; it is {self.program.camera(name)}",
        )

    @contextmanager
    def phase(self, cause: Cause) -> Iterator[None]:
        began_us = now_us()
        yield
        self.phases.append((cause, began_us, now_us()))

    def stop(self) -> float:
        """Seconds that it took."""
        at_us, at_s = now_us(), time.monotonic()
        ended = self.program.stop()
        took_s = time.monotonic() - at_s
        self.stopped_us.append((at_us, 0))
        # On a machine that others starve some have to be killed when their time is over; that is said.
        assert ended == 0 or (ended == 1 and took_s > STOP_S), self.program.said()
        return took_s

    def start(self) -> None:
        self.program.start()
        self.stopped_us[-1] = (self.stopped_us[-1][0], now_us())
        self.program.wait_recording(*NAMES, timeout_s=60)


def now_us() -> int:
    return time.time_ns() // 1000


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with SimulatorServer([simulated(name) for name in NAMES]) as server:
        # The connection of no other camera is given up, however busy the machine is.
        cameras: list[dict[str, object]] = [
            {"id": name, "url": server.url(name), "frame_timeout": 6 if name == "eye" else 60} for name in NAMES
        ]
        cameras[NAMES.index("coded")]["record"] = CODED
        program = Program(
            tmp_path_factory.mktemp("service"),
            cameras,
            {"segment_seconds": SEGMENT_S},
            defaults={"retry": {"first": 0.2, "longest": 1}},
        )
        program.start()
        try:
            program.wait_recording(*NAMES, timeout_s=60)
            yield Service(program, server, program.status()["program"]["since_us"])
        finally:
            program.end()


def test_a_second_instance_is_refused_and_the_first_one_undisturbed(service):
    program, before = service.program, service.recorders()
    assert program.process is not None
    other = Program(program.folder / "other", [dict(program.cameras[0])], {"data_dir": str(program.data_dir)})
    for verb in ("start", "foreground"):
        refused = other.command(verb)
        assert refused.returncode == 4, refused.stdout + refused.stderr
        assert str(program.process.pid) in refused.stderr
    service.wait_frames("one")
    assert service.recorders() == before
    wait_until(lambda: program.status()["health"] == "ok", what=lambda: f"health; {program.status()}")


def test_a_changed_camera_restarts_and_no_other_does(service):
    before = service.recorders()
    service.configure("one", frame_timeout=61)
    wait_until(lambda: service.recorders()["one"] not in (0, before["one"]), 20, "another recorder of one")
    service.program.wait_recording("one")
    after = service.recorders()
    assert {name for name in NAMES if after[name] != before[name]} == {"one"}


def test_a_name_is_changed_without_a_restart(service):
    before = service.recorders()
    service.configure("two", name="The gate")
    wait_until(lambda: service.program.camera("two").get("name") == "The gate", 20, "the new name")
    assert service.recorders() == before


@pytest.mark.parametrize("text", ['{"cameras": [', '{"cameras": [{"id": "one", "ulr": "rtsp://host/"}]}', None])
def test_a_file_that_cannot_be_used_keeps_the_running_configuration_and_the_status_says_so(service, text):
    program, before = service.program, service.recorders()
    if text is None:
        program.config.unlink()
    else:
        program.write_text(text)

    def problems() -> list[str]:
        return [problem["detail"] for problem in program.status()["problems"] if problem["about"] == "configuration"]

    found = wait_until(problems, 20, "word of the configuration")
    assert str(program.config) in found[0]
    assert program.status()["health"] == "error"
    service.wait_frames("one")
    assert service.recorders() == before
    program.write_config()
    wait_until(lambda: not problems(), 20, "the problem to be over")
    assert service.recorders() == before


def test_a_stalled_camera_is_told(service):
    wait_until(lambda: service.program.segments("eye"), 40, "a first segment")
    with service.phase(Cause.STALLED):
        service.server.fault("eye", Stall())
        service.wait_cause("eye", "stalled")
        began_s = time.monotonic()
        wait_until(lambda: time.monotonic() - began_s > 4, 5, "a stall that is longer than its discovery")
        service.server.clear("eye")
    service.program.wait_recording("eye")
    service.wait_frames("eye")


def test_all_is_on_disk_within_ten_seconds_of_a_stop(service):
    everything = service.program.processes()
    before = slowness()
    took_s = service.stop()
    slower = max(before, slowness())
    wait_until(lambda: not [one for one in everything if is_alive(one.pid)], 3, "the last of its processes to end")
    left = {name: service.program.chunks(name) for name in NAMES}
    status = service.program.command("status")
    assert status.returncode == 3, status.stdout
    # What isn't on disk after ten seconds is left to the next start. Less is promised of a machine of its own.
    assert took_s > STOP_S or not any(left.values()), left
    assert took_s < 1.2 * STOP_S * slower, f"{took_s:.1f} s, where others make all take {slower:.1f} times as long"


def test_it_starts_again_and_a_schedule_that_is_off_is_told(service):
    service.start()
    service.wait_frames("eye")
    elsewhere = datetime.now(UTC) + timedelta(hours=6)
    period = {"days": "daily", "from": f"{elsewhere:%H:%M}", "to": f"{elsewhere + timedelta(hours=1):%H:%M}"}
    with service.phase(Cause.SCHEDULE):
        service.configure("eye", record={"mode": "schedule", "schedule": [period]})
        service.wait_cause("eye", "schedule")
        began_s = time.monotonic()
        wait_until(lambda: time.monotonic() - began_s > 4, 5, "a while of not recording")
        service.configure("eye", record=None)
    service.program.wait_recording("eye")
    count = len(service.program.segments("eye"))
    wait_until(lambda: len(service.program.segments("eye")) > count, 40, "a segment after the schedule")


def test_after_the_last_stop_the_catalog_is_made_whole(service):
    service.stop()
    # A stop has its time: what a busy machine didn't finish in it is left for later.
    recovered = service.program.command("recover")
    assert recovered.returncode == 0, recovered.stdout + recovered.stderr

    def made_whole():
        # What was written a moment ago is left alone by it.
        completed = service.program.command("reindex")
        assert completed.returncode == 0, completed.stdout + completed.stderr
        return service.program.command("verify").returncode == 0

    wait_until(made_whole, what="tree and catalog to agree")


@pytest.mark.parametrize("name", PLAIN)
def test_nothing_of_the_other_cameras_is_lost(service, name):
    sessions = service.server.sent(name)
    assert len(sessions) == (3 if name == "one" else 2), "a connection was given up"
    recording = recording_of(sessions, service.program.segments(name))
    begin = 0
    for session in sessions:
        end = begin + len(session.track("video"))
        own = [piece for piece in recording.pieces if begin <= piece.begin < end]
        assert_nothing_lost(Recording(recording.sent[:end], own), session.ended_us)
        begin = end


def test_an_encoder_makes_the_size_the_frame_rate_and_the_bit_rate_that_were_asked_for(service):
    whole = [one.path for one in dated(service.program, "coded") if one.end_us - one.start_us > 8 * US]
    assert len(whole) >= 2
    for path in whole:
        command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        (stream,) = found["streams"]
        assert (stream["codec_name"], stream["width"], stream["height"]) == ("h264", 320, 180)
        assert float(stream["nb_read_frames"]) / float(stream["duration"]) == pytest.approx(10, rel=0.05)
        assert float(stream["bit_rate"]) == pytest.approx(150_000, rel=0.4)


def coverage(service: Service, name: str) -> Coverage:
    with closing(Store.open(f"sqlite:///{service.program.data_dir}/pynvr.sqlite", create=False)) as store:
        at_us = now_us()
        return coverage_of(store, [name], service.began_us, at_us, now_us=at_us)[name]


def pauses(service: Service, name: str) -> list[tuple[int, int]]:
    """In which the camera sent nothing, of itself, as it happens on a busy machine; it is told then that it stalled."""
    found = []
    for session in service.server.sent(name):
        times_us = [unit.wall_us for unit in session.track("video")]
        found += [(before, after) for before, after in pairwise(times_us) if after - before > US]
    caused = [(from_us, to_us) for _, from_us, to_us in service.phases] if name == "eye" else []
    return [one for one in found if not any(one[0] < to_us and from_us < one[1] for from_us, to_us in caused)]


def assert_whole(covered: Coverage, began_us: int) -> None:
    """Every microsecond has one cause, known since the program began to look, and the sums add up to the period."""
    unknown = [number for number, one in enumerate(covered.accounts) if one.cause == Cause.UNKNOWN]
    assert set(unknown) <= {0} and covered.sums_us.get(Cause.UNKNOWN, 0) < 10 * US
    assert covered.accounts[0].start_us == began_us
    for before, after in pairwise(covered.accounts):
        assert before.end_us == after.start_us and (before.cause, before.detail) != (after.cause, after.detail)
    period_us = covered.accounts[-1].end_us - began_us
    assert sum(covered.sums_us.values()) == period_us
    for cause, sum_us in covered.sums_us.items():
        assert sum_us == sum(one.end_us - one.start_us for one in covered.accounts if one.cause == cause)


def longest(covered: Coverage, cause: Cause, around_us: tuple[int, int]) -> Account:
    """The account of this cause that meets the period."""
    met = [one for one in covered.accounts if one.start_us < around_us[1] and one.end_us > around_us[0]]
    own = [one for one in met if one.cause == cause]
    assert own, f"{cause} isn't among {met}"
    return max(own, key=lambda one: one.end_us - one.start_us)


def test_every_second_of_the_camera_to_which_all_happened_is_accounted_for(service):
    covered = coverage(service, "eye")
    assert_whole(covered, service.began_us)
    (down_us, up_us), (end_us, _) = service.stopped_us
    happened = [*service.phases, (Cause.NOT_RUNNING, down_us, up_us), (Cause.NOT_RUNNING, end_us, now_us())]
    for cause, from_us, to_us in happened:
        account = longest(covered, cause, (from_us, to_us))
        # It begins with the last frame before, and ends when it is over or with what comes instead.
        assert -3 * US < account.start_us - from_us < 3 * US, f"{cause}: {account}"
        # A busy machine takes long to start everything, and to connect; what is recorded then is held against it below.
        assert -3 * US < account.end_us - to_us < 60 * US, f"{cause}: {account}"
    assert set(covered.sums_us) <= {
        Cause.UNKNOWN, Cause.STARTING, Cause.RECORDED, Cause.STALLED, Cause.SCHEDULE, Cause.NOT_RUNNING,
    }  # fmt: skip
    recorded_us = sum(one.end_us - one.start_us for one in dated(service.program, "eye"))
    paused_us = sum(end_us - start_us for start_us, end_us in pauses(service, "eye"))
    assert covered.sums_us[Cause.RECORDED] == pytest.approx(recorded_us, abs=US + paused_us)


def test_every_second_of_an_undisturbed_camera_is_accounted_for(service):
    covered = coverage(service, "two")
    assert_whole(covered, service.began_us)
    own = pauses(service, "two")
    causes = [
        one.cause
        for one in covered.accounts
        if one.cause not in (Cause.UNKNOWN, Cause.STARTING)
        and not (one.cause == Cause.STALLED and any(a < one.end_us and one.start_us < b for a, b in own))
    ]
    assert [cause for cause, _ in groupby(causes)] == [
        Cause.RECORDED, Cause.NOT_RUNNING, Cause.RECORDED, Cause.NOT_RUNNING,
    ]  # fmt: skip
    assert covered.sums_us.get(Cause.STARTING, 0) < 120 * US
