"""A camera goes and comes back, the master and the real processes run: webhook, broker and mailbox are told."""

import base64
import os
import signal

import pytest

from pynvr.base.clock import SystemClock
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.detections import Detection
from pynvr.store.store import Store
from tests.end_to_end.program import Program
from tests.notifier.samples import PICTURE
from tests.notifier.servers import Broker, Listener, MailServer, Receiver
from tests.ports import free_port
from tests.waiting import wait_until

GATE = SimulatedCamera("gate", width=160, height=120, fps=5, bitrate_kbps=100, loop_s=2)
SECRETS = ("hook-t0ken", "brok3r-pass", "m41l-pass")

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def outside(tmp_path):
    """Who is to be told: receiver, broker with its listener, mailbox."""
    receiver, broker, mail = Receiver(), Broker(tmp_path), MailServer()
    broker.start()
    listener = Listener(broker.port)
    yield receiver, broker, listener, mail
    listener.end()
    broker.stop()
    mail.end()
    receiver.end()


def events(receiver):
    return [body["event"] for body in receiver.bodies]


def known(program):
    """How it goes with each target, by the database."""
    with Store.open(f"sqlite:///{program.data_dir}/pynvr.sqlite") as store:
        return store.notices.targets()


def make_alert(program):
    """As an outside script would."""
    image = "20270115/gate.face.1.jpg"
    path = program.data_dir / "jpg" / image
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PICTURE)
    with Store.open(f"sqlite:///{program.data_dir}/pynvr.sqlite") as store:
        seen = Detection(0, "gate", SystemClock().now_us(), "face", 0.9, None, image, "script")
        assert store.alerts.follow(store.detections.add(seen), 1) is not None


def test_a_camera_that_goes_and_comes_back_is_told_by_every_way(tmp_path, outside):
    receiver, broker, listener, mail = outside
    common = {"after_seconds": 1}
    port = free_port()
    camera = {
        "id": "gate",
        "name": "The gate",
        "url": f"rtsp://127.0.0.1:{port}/gate",
        "retry": {"first": 0.2, "longest": 0.5},
    }
    notify = [
        {"name": "hook", "kind": "webhook", "url": receiver.url, "token": SECRETS[0], **common},
        {"name": "dead", "kind": "webhook", "url": f"http://127.0.0.1:{free_port()}/", **common},
        {"name": "house", "kind": "mqtt", "host": "127.0.0.1", "port": broker.port, "user": "a",
         "password": SECRETS[1], **common},
        {"name": "mail", "kind": "apprise", "url": mail.url + f"&pass={SECRETS[2]}", "events": ["camera"], **common},
    ]  # fmt: skip
    program = Program(tmp_path / "p", [camera], notify=notify)
    server = SimulatorServer([GATE], port=port)
    program.start()
    try:
        with server:
            program.wait_recording("gate")
            wait_until(lambda: listener.now.get("pynvr/gate/connected") == b"ON", what="the camera at the broker")
            wait_until(lambda: listener.now.get("pynvr/status") == b"online", what="PyNVR at the broker")
            wait_until(lambda: known(program), what="the notifier to know where it stands")
            make_alert(program)
            wait_until(lambda: "alert" in events(receiver), what=lambda: f"an alert; it said:\n{program.said()}")
            wait_until(lambda: listener.now.get("pynvr/gate/picture") == PICTURE, what="its picture at the broker")
            alert = next(body for body in receiver.bodies if body["event"] == "alert")
            assert alert["cameras"][0]["name"] == "The gate" and alert["alert"]["kind"] == "face"
            assert base64.b64decode(alert["picture"]["base64"]) == PICTURE
        wait_until(lambda: "camera_lost" in events(receiver), what=lambda: f"the loss; it said:\n{program.said()}")
        wait_until(lambda: listener.now["pynvr/gate/connected"] == b"OFF", what="the loss at the broker")
        wait_until(lambda: mail.mails, what="the loss by mail")
        wait_until(
            lambda: not {name for name, one in known(program).items() if one.waiting} - {"dead"}, what="all of it"
        )
        # A notifier that dies tells nothing twice, and the return all the same.
        os.kill(program.pid_of("notifier"), signal.SIGKILL)
        with SimulatorServer([GATE], port=port):
            wait_until(lambda: "camera_found" in events(receiver), 120, lambda: f"the return:\n{program.said()}")
            wait_until(lambda: listener.now["pynvr/gate/connected"] == b"ON", what="the return at the broker")
            wait_until(lambda: len(mail.mails) == 2, what="the return by mail")
            assert [str(one["Subject"]) for one in mail.mails] == [
                "PyNVR: The gate is lost", "PyNVR: The gate is back",
            ]  # fmt: skip
            assert [event for event in events(receiver) if event != "alert"] == ["camera_lost", "camera_found"]
            listed = program.command("notify", "list").stdout
            assert "dead" in listed and "Connection refused" in listed
            tried = program.command("notify", "test", "house")
            assert tried.returncode == 0, tried.stderr
            wait_until(lambda: [one for one in listener.events() if one["event"] == "test"], what="the test")
            failed = program.command("notify", "test", "dead")
            assert failed.returncode == 1 and "Connection refused" in failed.stderr
            assert program.stop() == 0
        wait_until(lambda: listener.now["pynvr/status"] == b"offline", what="it to be offline")
        texts = [path.read_bytes() for path in program.folder.rglob("*") if path.is_file() and path != program.config]
        for secret in SECRETS:
            assert not [text for text in texts if secret.encode() in text], secret
    finally:
        program.end()
