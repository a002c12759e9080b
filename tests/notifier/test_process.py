"""The whole notifier on a real database and a real status: what is told, over restarts and without a database."""

import json
import socket
from types import SimpleNamespace
from typing import Any

import pytest

from pynvr.archive.looks import Look, LooksWriter
from pynvr.base.clock import SystemClock
from pynvr.base.errors import PyNVRError
from pynvr.base.heart import Beat, Heart
from pynvr.config.load import load
from pynvr.model.box import Box
from pynvr.model.cause import Cause, Transition
from pynvr.model.status import STATUS_NAME, CameraStatus, Problem, ProgramStatus, Status
from pynvr.notifier import courier as courier_module
from pynvr.notifier import desk as desk_module
from pynvr.notifier import process as process_module
from pynvr.notifier.live import Sights
from pynvr.notifier.process import Notifier
from pynvr.store.detections import Detection
from pynvr.store.store import Store
from tests.waiting import wait_until

S = 1_000_000


class Installation:
    """A data directory, as the notifier finds it."""

    def __init__(self, folder, receiver):
        self.folder = folder
        self.receiver = receiver
        self.hook = {"name": "hook", "kind": "webhook", "url": receiver.url, "after_seconds": 0}
        self.targets = [self.hook]
        self.run_dir = folder / "data" / "run"
        self.run_dir.mkdir(parents=True)
        self.causes = {"gate": "", "yard": ""}
        self.problems = []
        self.since_us = SystemClock().now_us()
        self.notifier: Any = None
        self.store = Store.open(f"sqlite:///{folder}/data/pynvr.sqlite")
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.said = []

    def start(self):
        detect = {"motion": {"enabled": True}}
        document = {
            "system": {"data_dir": str(self.folder / "data"), "timezone": "UTC"},
            "cameras": [
                {"id": name, "name": name.title(), "url": f"rtsp://a:b@h/{name}", "detect": detect}
                for name in self.causes
            ],
            "notify": self.targets,
        }
        path = self.folder / "nvr.json"
        path.write_text(json.dumps(document))
        path.chmod(0o600)
        self.notifier = Notifier(Heart(self.theirs), load(path), SystemClock())

    def restart(self):
        self.notifier.close()
        self.start()

    def write_status(self, state="running"):
        program = ProgramStatus("PyNVR", "1", state, 1, self.since_us, SystemClock().now_us(), "")
        cameras = [
            CameraStatus(name, name.title(), True, "", str(cause), "because", self.since_us)
            for name, cause in self.causes.items()
        ]
        problems = tuple(Problem(about, "it broke", self.since_us) for about in self.problems)
        temporary = self.run_dir / "new"
        temporary.write_bytes(Status(program, cameras=tuple(cameras), problems=problems).to_json())
        temporary.rename(self.run_dir / STATUS_NAME)

    def now(self, *causes, problems=()):
        self.causes = dict(zip(self.causes, causes, strict=True))
        self.problems = list(problems)
        self.write_status()

    def alert(self, camera_id="gate", kind="face", at_us=None, image="", cooldown_us=1):
        at_us = at_us or SystemClock().now_us()
        seen = self.store.detections.add(Detection(0, camera_id, at_us, kind, 0.9, Box(0.1, 0.2, 0.3, 0.4), image))
        return self.store.alerts.follow(seen, cooldown_us)

    def turn_until(self, condition, what="something"):
        def turned():
            self.notifier.turn()
            self.hear()
            return condition()

        return wait_until(turned, what=lambda: f"{what}; the receiver has {self.told()}")

    def turn(self, times=30):
        """As often as it takes to do something that isn't to be done."""
        left = iter(range(times))
        self.turn_until(lambda: next(left, None) is None)

    def hear(self):
        while True:
            try:
                self.said.append(Beat.from_bytes(self.ours.recv(65536, socket.MSG_DONTWAIT)))
            except BlockingIOError:
                return

    def told(self, receiver=None):
        return [
            (body["event"], [one["id"] for one in (*body["cameras"], *body["things"])])
            for body in (receiver or self.receiver).bodies
        ]

    def close(self):
        if self.notifier is not None:
            self.notifier.close()
        self.store.close()
        self.ours.close()
        self.theirs.close()


@pytest.fixture
def nvr(tmp_path, receiver, monkeypatch):
    monkeypatch.setattr(courier_module, "delay_s", lambda failures, chance, asked_s=None: 0.05)
    monkeypatch.setattr(process_module, "_ALERTS_EVERY_S", 0.0)
    monkeypatch.setattr(process_module, "_LOAD_EVERY_S", 0.0)
    one = Installation(tmp_path, receiver)
    one.write_status()
    yield one
    one.close()


def test_a_new_alert_is_told_with_its_picture_and_an_old_one_isnt(nvr):
    image = "20270115/gate.face.1.jpg"
    nvr.alert()
    nvr.start()
    nvr.turn()
    file = nvr.folder / "data" / "jpg" / image
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff\xd8 picture")
    alert = nvr.alert(image=image)
    nvr.turn_until(nvr.told, "the alert")
    (body,) = nvr.receiver.bodies
    assert (body["alert"]["id"], body["event"]) == (alert.id, "alert")
    assert body["title"] == "PyNVR: face at Gate" and body["picture"]["base64"]
    nvr.alert("yard", "motion", at_us=SystemClock().now_us() - 90_000 * S)  # a script's, of yesterday
    nvr.alert("yard", "motion")
    nvr.turn_until(lambda: len(nvr.told()) == 2, "the next alert")
    assert nvr.told()[1] == ("alert", ["yard"])


def test_a_camera_is_told_as_lost_and_found_once_also_over_restarts(nvr):
    nvr.start()
    nvr.now("", Cause.UNREACHABLE)
    nvr.turn_until(lambda: nvr.told() == [("camera_lost", ["yard"])], "the loss")
    assert "it can't be reached (because)" in nvr.receiver.bodies[0]["text"]
    nvr.turn_until(lambda: nvr.store.notices.told("hook"), "it to be noted")
    nvr.restart()
    nvr.turn()
    nvr.now("", "")
    nvr.turn_until(lambda: len(nvr.told()) == 2, "the return")
    nvr.restart()
    nvr.turn()
    assert nvr.told() == [("camera_lost", ["yard"]), ("camera_found", ["yard"])]


def test_what_happens_while_it_isnt_there_is_told_when_it_is(nvr):
    nvr.start()
    nvr.turn_until(nvr.store.notices.targets, "it to know where it stands")
    nvr.notifier.close()
    alerts = [nvr.alert(), nvr.alert("yard", "motion")]
    nvr.now(Cause.STALLED, "")
    nvr.start()
    nvr.turn_until(lambda: len(nvr.told()) == 3, "all of it")
    assert [body["alert"]["id"] for body in nvr.receiver.bodies if body["alert"]] == [one.id for one in alerts]


def test_messages_wait_in_the_database_for_a_target_that_is_down(nvr):
    nvr.receiver.always = 503
    nvr.start()
    nvr.turn_until(nvr.store.notices.targets, "it to know where it stands")
    first, second = nvr.alert(), nvr.alert("yard")
    nvr.turn_until(lambda: len(nvr.store.notices.waiting("hook")) == 2, "both to be kept")
    nvr.turn_until(lambda: nvr.store.notices.targets()["hook"].failure, "a failure")
    record = nvr.store.notices.targets()["hook"]
    assert (record.sent, record.waiting, record.failure) == (0, 2, "it answers 503 Service Unavailable")
    nvr.notifier.close()
    nvr.receiver.always, nvr.receiver.requests = 204, []
    nvr.start()
    nvr.turn_until(lambda: nvr.store.notices.targets()["hook"].sent == 2, "both to be sent")
    assert [body["alert"]["id"] for body in nvr.receiver.bodies] == [first.id, second.id]
    assert nvr.store.notices.waiting("hook") == []
    assert nvr.store.notices.targets()["hook"].failure == record.failure  # the last one, still to be seen


def test_a_target_hears_of_what_it_asked_for_and_not_more_often_than_it_wants(nvr, receivers):
    picky = receivers()
    nvr.targets = [
        nvr.hook,
        {"name": "picky", "kind": "webhook", "url": picky.url, "events": ["alert"], "kinds": ["face"],
         "cameras": ["gate"], "quiet_seconds": {"alert": 3600}},
    ]  # fmt: skip
    nvr.start()
    nvr.turn_until(lambda: len(nvr.store.notices.targets()) == 2, "it to know where it stands")
    now_us = SystemClock().now_us()
    for number, (camera_id, kind) in enumerate(
        [("yard", "face"), ("gate", "motion"), ("gate", "face"), ("gate", "face")]
    ):
        nvr.alert(camera_id, kind, at_us=now_us - (10 - number) * S)
    nvr.now(Cause.REFUSED, "")
    nvr.turn_until(lambda: len(nvr.told()) == 5 and nvr.told(picky), "all of it")
    nvr.turn()
    assert nvr.told(picky) == [("alert", ["gate"])]


def test_trouble_of_disks_and_of_the_program_is_told(nvr):
    nvr.start()
    nvr.now(Cause.DISK_FULL, "", problems=["finisher", "notifier"])
    nvr.turn_until(lambda: len(nvr.told()) == 2, "both")
    folder = str(nvr.folder / "data" / "cameras" / "gate")
    assert nvr.told() == [("disk_trouble", [folder]), ("system_trouble", ["finisher"])]
    assert "the disk is full" in nvr.receiver.bodies[0]["text"]
    nvr.now("", "")
    nvr.turn_until(lambda: len(nvr.told()) == 4, "the end of both")
    assert {event for event, _ in nvr.told()[2:]} == {"disk_well", "system_well"}


def test_nothing_is_told_of_a_program_that_starts_or_stops(nvr):
    nvr.causes = {"gate": Cause.UNREACHABLE, "yard": Cause.NOT_RUNNING}
    for state in ("starting", "stopping", "stopped"):
        nvr.write_status(state)
        nvr.start()
        nvr.turn()
        nvr.notifier.close()
    nvr.start()
    assert nvr.told() == []


def test_a_full_disk_is_told_though_the_database_cant_be_written(nvr, monkeypatch):
    monkeypatch.setattr(process_module, "_WITHOUT_BOOKS_AFTER_S", 0.0)
    nvr.store.close()
    database = nvr.folder / "data" / "pynvr.sqlite"
    for path in (nvr.folder / "data").glob("pynvr.sqlite*"):
        path.unlink()
    database.mkdir()
    nvr.start()
    nvr.now(Cause.DISK_FULL, "")
    nvr.turn_until(nvr.told, "the trouble")
    assert nvr.told()[0][0] == "disk_trouble"
    database.rmdir()
    monkeypatch.setattr("pynvr.notifier.books._AGAIN_S", 0.0)
    nvr.notifier._books._again_s = 0.0
    nvr.store = Store.open(f"sqlite:///{database}")
    nvr.turn_until(lambda: nvr.store.notices.told("hook"), "it to be noted after all")
    nvr.restart()
    nvr.turn()
    assert len(nvr.told()) == 1


def test_that_pynvr_didnt_run_is_told_once(nvr, monkeypatch):
    monkeypatch.setattr(process_module, "_PAUSE_AFTER_S", 0.0)
    nvr.start()
    nvr.turn_until(nvr.store.notices.targets, "it to know where it stands")
    nvr.notifier.close()
    nvr.since_us = SystemClock().now_us()
    off = [
        Transition("gate", nvr.since_us - 600 * S, Cause.NOT_RUNNING),
        Transition("gate", nvr.since_us, Cause.RECORDED),
    ]
    nvr.store.causes.ingest(off, "j", 1)
    nvr.write_status()
    nvr.start()
    nvr.turn_until(nvr.told, "the pause")
    assert nvr.told() == [("system_trouble", ["pause"])]
    assert "didn't run from" in nvr.receiver.bodies[0]["text"]
    nvr.turn_until(lambda: nvr.store.notices.told("hook"), "it to be noted")
    nvr.restart()
    nvr.turn()
    assert len(nvr.told()) == 1


def test_a_short_pause_isnt_told(nvr, monkeypatch):
    monkeypatch.setattr(process_module, "_PAUSE_AFTER_S", 0.0)
    off = [
        Transition("gate", nvr.since_us - 50 * S, Cause.NOT_RUNNING),
        Transition("gate", nvr.since_us, Cause.RECORDED),
    ]
    nvr.store.causes.ingest(off, "j", 1)
    nvr.start()
    nvr.turn()
    assert nvr.told() == []


def test_an_attempt_that_hangs_is_left_and_another_courier_goes_on(nvr, monkeypatch):
    monkeypatch.setattr(desk_module, "HANGS_AFTER_S", 0.3)
    nvr.receiver.answers = ["trickle"]
    nvr.start()
    nvr.turn_until(nvr.store.notices.targets, "it to know where it stands")
    nvr.alert()
    nvr.turn_until(lambda: nvr.store.notices.targets()["hook"].sent == 1, "it to be sent after all")
    assert len(nvr.receiver.bodies) == 2
    assert nvr.receiver.bodies[0]["id"] == nvr.receiver.bodies[1]["id"]
    assert "no end of an attempt" in nvr.store.notices.targets()["hook"].failure


def test_too_many_that_hang_end_the_process(nvr, monkeypatch):
    monkeypatch.setattr(desk_module, "HANGS_AFTER_S", 0.1)
    nvr.receiver.always = "trickle"
    nvr.start()
    nvr.turn_until(nvr.store.notices.targets, "it to know where it stands")
    nvr.alert()
    with pytest.raises(PyNVRError, match="too many attempts hang"):
        nvr.turn_until(lambda: False, "the end")


def test_a_target_that_fails_for_long_is_a_problem_that_needs_a_person(nvr, monkeypatch):
    monkeypatch.setattr(process_module, "_TROUBLE_AFTER_S", 0.0)
    nvr.receiver.always = 500
    nvr.start()
    nvr.turn_until(nvr.store.notices.targets, "it to know where it stands")
    nvr.alert()
    nvr.turn_until(lambda: any(beat.detail for beat in nvr.said), "the problem")
    assert "hook takes no messages: it answers 500" in next(beat.detail for beat in nvr.said if beat.detail)
    nvr.receiver.always = 204
    nvr.turn_until(lambda: nvr.said[-1].figures["sent"] == 1 and not nvr.said[-1].detail, "its end")


def test_home_assistant_sees_motion_while_it_is_seen(nvr, broker, listener):
    nvr.targets = [{"name": "house", "kind": "mqtt", "host": "127.0.0.1", "port": broker.port}]
    nvr.start()
    nvr.turn_until(lambda: listener.now.get("pynvr/gate/motion") == b"OFF", "the beginning")
    looks = LooksWriter(nvr.run_dir)
    looks.append(Look("gate", "motion", 1, 1, ((0.95, Box(0, 0, 1, 1)),)))
    looks.append(Look("yard", "motion", 1, 1, ((0.5, Box(0, 0, 1, 1)),)))
    nvr.turn_until(lambda: listener.now["pynvr/gate/motion"] == b"ON", "the motion")
    wait_until(lambda: listener.now.get("pynvr/yard/motion") == b"OFF", what="the other camera")
    nvr.now(Cause.UNREACHABLE, Cause.SCHEDULE)
    nvr.turn_until(lambda: listener.now["pynvr/gate/connected"] == b"OFF", "the loss")
    wait_until(lambda: listener.now["pynvr/yard/connected"] == b"None", what="the schedule")
    wait_until(lambda: listener.now["pynvr/yard/recording"] == b"OFF", what="it not to be recorded")
    looks.close()


def test_motion_is_over_when_looks_say_so_or_nobody_looks():
    detector = SimpleNamespace(enabled=True, confidence_threshold=0.8)
    off = SimpleNamespace(enabled=False)
    camera = SimpleNamespace(detect=SimpleNamespace(motion=detector, faces=off))
    settings: Any = SimpleNamespace(camera=lambda camera_id: camera)
    sights = Sights()
    sure, nothing = Look("gate", "motion", 1, 1, ((0.8, Box(0, 0, 1, 1)),)), Look("gate", "motion", 2, 1, ())
    sights.note([sure], settings, 100)
    sights.note([nothing], settings, 104.9)
    assert sights.is_seen("gate", "motion", 159.9) and not sights.is_seen("gate", "motion", 160)
    sights.note([nothing], settings, 105)
    assert not sights.is_seen("gate", "motion", 105)
    sights.note([Look("gate", "face", 1, 1, ((0.99, Box(0, 0, 1, 1)),))], settings, 100)
    assert not sights.is_seen("gate", "face", 100)
