import json
import subprocess
from pathlib import Path

import pytest

from pynvr.model.notify import Mqtt, Target
from pynvr.notifier import mqtt as module
from pynvr.notifier.home_assistant import ShownCamera, discovery
from pynvr.notifier.mqtt import MqttChannel
from pynvr.posting.errors import UndeliveredError
from tests.notifier.samples import ALERT, LOST, PICTURE, SENDER
from tests.notifier.servers import Broker, Listener
from tests.waiting import wait_until
from tests.web.certificates import make_certificate

GATE = ShownCamera("gate", "Gate", ("motion", "face"))
STATES = {"gate/connected": b"ON", "gate/motion": b"OFF"}


@pytest.fixture
def channel():
    made = []

    def make(port, presence=True, **keys):
        mqtt = Mqtt("127.0.0.1", port, **keys)
        made.append(MqttChannel(Target("house", mqtt), mqtt, SENDER, presence))
        return made[-1]

    yield make
    for one in made:
        one.close()


def show(one, *cameras, states=STATES):
    found = discovery(cameras, "pynvr", "homeassistant")
    one.show(states, found, frozenset(camera.id for camera in cameras))


def test_what_holds_is_retained_and_follows_changes(broker, listener, channel):
    one = channel(broker.port)
    show(one, GATE)
    wait_until(lambda: listener.now.get("pynvr/status") == b"online", what="it to be online")
    assert (listener.now["pynvr/gate/connected"], listener.now["pynvr/gate/motion"]) == (b"ON", b"OFF")
    show(one, GATE, states={**STATES, "gate/motion": b"ON"})
    wait_until(lambda: listener.now["pynvr/gate/motion"] == b"ON", what="the change to be heard")
    before = len(listener.heard)
    show(one, GATE, states={**STATES, "gate/motion": b"ON"})
    newcomer = Listener(broker.port)
    wait_until(lambda: newcomer.now.get("pynvr/gate/motion") == b"ON", what="a newcomer to hear what holds")
    newcomer.end()
    assert len(listener.heard) == before
    one.close()
    wait_until(lambda: listener.now["pynvr/status"] == b"offline", what="it to be offline")


def test_home_assistant_finds_the_cameras(broker, listener, channel):
    show(channel(broker.port), GATE)
    wait_until(lambda: listener.now.get("pynvr/status") == b"online", what="it to be online")
    entities = {
        tuple(topic.split("/")[1:4]): json.loads(payload)
        for topic, payload in listener.now.items()
        if topic.startswith("homeassistant/")
    }
    assert set(entities) == {
        ("binary_sensor", "pynvr", "gate_connected"),
        ("binary_sensor", "pynvr", "gate_recording"),
        ("binary_sensor", "pynvr", "gate_motion"),
        ("binary_sensor", "pynvr", "gate_face"),
        ("sensor", "pynvr", "gate_last_alert"),
        ("image", "pynvr", "gate_picture"),
    }
    assert len({entity["unique_id"] for entity in entities.values()}) == 6
    motion = entities["binary_sensor", "pynvr", "gate_motion"]
    assert (motion["state_topic"], motion["device_class"]) == ("pynvr/gate/motion", "motion")
    assert (motion["availability_topic"], motion["device"]["name"]) == ("pynvr/status", "Gate")
    assert {entity["device"]["identifiers"][0] for entity in entities.values()} == {"pynvr_gate"}


def test_of_a_camera_that_is_gone_nothing_is_retained_also_after_a_restart(broker, channel):
    yard = ShownCamera("yard", "Yard")
    first = channel(broker.port)
    show(first, GATE, yard, states={**STATES, "yard/connected": b"ON", "yard/recording": b"ON"})

    def retained():
        newcomer = Listener(broker.port)
        wait_until(lambda: "pynvr/status" in newcomer.now, what="what is retained to be heard")
        newcomer.end()
        return {topic for topic, payload in newcomer.now.items() if payload}

    wait_until(lambda: "pynvr/yard/recording" in retained(), what="the yard to be shown")
    first.close()
    show(channel(broker.port), GATE)
    wait_until(lambda: not any("yard" in topic for topic in retained()), what="the yard to be gone")
    assert "pynvr/gate/connected" in retained()


def test_an_alert_comes_with_its_picture_before_its_event(broker, listener, channel):
    one = channel(broker.port)
    show(one, GATE)
    one.send(ALERT, PICTURE)
    one.send(LOST, None)
    wait_until(lambda: len(listener.events()) == 2, what="both events")
    topics = [topic for topic, _ in listener.heard]
    assert topics.index("pynvr/gate/picture") < topics.index("pynvr/gate/last_alert") < topics.index("pynvr/event")
    assert listener.now["pynvr/gate/picture"] == PICTURE
    assert json.loads(listener.now["pynvr/gate/last_alert"])["alert"]["kind"] == "face"
    assert [event["id"] for event in listener.events()] == ["alert-7-1", "k1"]
    newcomer = Listener(broker.port)
    wait_until(lambda: newcomer.now.get("pynvr/gate/picture") == PICTURE, what="the picture to be retained")
    assert newcomer.events() == []
    newcomer.end()


def test_the_broker_says_that_it_is_gone_when_it_dies(broker, listener, tmp_path):
    code = (
        "import os, sys, time\n"
        "from pynvr.model.notify import Mqtt, Target\n"
        "from pynvr.notifier.mqtt import MqttChannel\n"
        "from tests.notifier.samples import LOST, SENDER\n"
        f"mqtt = Mqtt('127.0.0.1', {broker.port})\n"
        "one = MqttChannel(Target('house', mqtt), mqtt, SENDER)\n"
        "one.show({}, {}, frozenset())\n"
        "one.send(LOST, None)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    import sys

    subprocess.run([sys.executable, "-c", code], check=False, timeout=100, cwd=Path(__file__).parents[2])
    wait_until(lambda: listener.now.get("pynvr/status") == b"offline", what="its last will")
    assert (b"online" in [payload for topic, payload in listener.heard if topic == "pynvr/status"]) is True


def test_a_broker_that_comes_back_gets_everything_again(broker, channel, monkeypatch):
    monkeypatch.setattr(module, "_LONGEST_DELAY_S", 1)
    monkeypatch.setattr(module, "WITHIN_S", 0.5)
    one = channel(broker.port)
    show(one, GATE)
    monkeypatch.setattr(module, "WITHIN_S", 60.0)
    one.send(LOST, None)
    broker.stop()
    wait_until(lambda: not one._client.is_connected(), what="the loss to be noticed")
    monkeypatch.setattr(module, "WITHIN_S", 0.5)
    with pytest.raises(UndeliveredError, match="connection"):
        one.send(ALERT, PICTURE)
    broker.start()
    monkeypatch.setattr(module, "WITHIN_S", 60.0)
    one.send(ALERT, PICTURE)
    listener = Listener(broker.port)
    wait_until(lambda: listener.now.get("pynvr/gate/connected") == b"ON", what="the states to be there again")
    wait_until(lambda: listener.now.get("pynvr/gate/picture") == PICTURE, what="the alert to be there")
    listener.end()


def test_a_broker_that_isnt_there_is_said_in_plain_words(broker, channel, monkeypatch):
    broker.stop()
    monkeypatch.setattr(module, "WITHIN_S", 1.0)
    one = channel(broker.port, presence=False)
    wait_until(lambda: "refused" in one._trouble, what="the attempt to fail")
    with pytest.raises(UndeliveredError, match=r"^no connection: Connection refused$"):
        one.send(LOST, None)


def test_a_wrong_password_is_said_and_a_right_one_works(tmp_path, channel, monkeypatch):
    subprocess.run(["mosquitto_passwd", "-b", "-c", tmp_path / "users", "anna", "s3cret"], check=True, timeout=60)
    one = Broker(tmp_path, f"password_file {tmp_path}/users", anonymous=False)
    one.start()
    try:
        monkeypatch.setattr(module, "WITHIN_S", 1.0)
        wrong = channel(one.port, presence=False, user="anna", password="no")
        wait_until(lambda: "refuses" in wrong._trouble, what="the refusal")
        with pytest.raises(UndeliveredError, match="the broker refuses the connection"):
            wrong.send(LOST, None)
        monkeypatch.setattr(module, "WITHIN_S", 60.0)
        channel(one.port, presence=False, user="anna", password="s3cret").send(LOST, None)
    finally:
        one.stop()


def test_the_brokers_certificate_is_checked(tmp_path, channel, monkeypatch):
    tls = make_certificate(tmp_path)
    one = Broker(tmp_path, f"certfile {tls.certificate}", f"keyfile {tls.key}")
    one.start()
    try:
        monkeypatch.setattr(module, "WITHIN_S", 60.0)
        channel(one.port, presence=False, tls=True, ca=tls.certificate).send(LOST, None)
        doubtful = channel(one.port, presence=False, tls=True)
        wait_until(lambda: "no connection" in doubtful._trouble, what="the attempt to fail")
        assert "self-signed certificate" in doubtful._trouble
    finally:
        one.stop()


def test_a_single_message_says_nothing_of_being_there(broker, listener, channel):
    one = channel(broker.port, presence=False)
    one.send(LOST, None)
    wait_until(listener.events, what="the event")
    one.close()
    other = channel(broker.port, presence=False)
    other.send(ALERT, None)
    wait_until(lambda: len(listener.events()) == 2, what="the second event")
    assert "pynvr/status" not in listener.now
