"""What the web process asks of the master, with real processes."""

import dataclasses

from pynvr.base.errors import WishError
from pynvr.base.wishes import Wish
from pynvr.supervisor.crew import Asked
from pynvr.supervisor.wishes import answered
from tests.waiting import wait_until


def test_a_camera_is_restarted_and_only_this_one(supervised):
    one = supervised({"gate": "ok", "yard": "ok"})
    one.start()
    one.wait_running("web", "recorder gate", "recorder yard")
    gate, yard = one.pid("recorder gate"), one.pid("recorder yard")
    assert one.ask("camera.restart", camera_id="gate") == {}
    wait_until(lambda: one.pid("recorder gate") not in (0, gate), 60, "another recorder")
    one.wait_running("recorder gate")
    assert one.pid("recorder yard") == yard


def test_wishes_that_make_no_sense_are_refused_and_the_master_goes_on(supervised):
    one = supervised({"gate": "ok", "off": {"url": "rtsp://h/x", "enabled": False}})
    one.start()
    one.wait_running("web", "recorder gate")
    gate = one.pid("recorder gate")
    assert one.ask("camera.restart", camera_id="../etc")["refused"] == "unknown"
    assert one.ask("camera.restart", camera_id=3)["refused"] == "invalid"
    assert one.ask("camera.restart")["refused"] == "invalid"
    assert one.ask("camera.restart", camera_id="off")["refused"] == "conflict"
    assert one.ask("rm -rf /")["refused"] == "invalid"
    assert one.pid("recorder gate") == gate


def asked(kind, who):
    wanted = dataclasses.make_dataclass("Who", ["name", "kind"])(who, who)
    return Asked(wanted, None, Wish(7, kind))  # type: ignore[arg-type]  # nobody asks the child itself


def test_only_the_web_may_ask():
    grants = {"x": lambda about: {"done": True}}
    assert answered(asked("x", "web"), grants).result == {"done": True}
    assert answered(asked("x", "recorder"), grants).refused == "invalid"


def test_a_grant_that_breaks_is_refused_and_ends_nobody():
    def breaks(_about):
        raise RuntimeError("secret")

    def refuses(_about):
        raise WishError("busy", "later")

    grants = {"x": breaks, "y": refuses}
    assert answered(asked("x", "web"), grants).refused == "unheard"
    assert "secret" not in answered(asked("x", "web"), grants).message
    assert (answered(asked("y", "web"), grants).refused, answered(asked("y", "web"), grants).number) == ("busy", 7)
