"""A simulated camera that can't keep up says so: what it never made isn't lost by who records it."""

import signal

import pytest

import pynvr.simulator.server as server_module
from pynvr.base.errors import SimulatorError
from pynvr.simulator.left_out import LeftOut
from pynvr.simulator.server import SimulatorServer
from tests.simulator.watching import small
from tests.waiting import wait_until


class Cameras:
    def __init__(self):
        self.counts = {"gate": 5, "dock": 0}
        self.at_s = 0.0
        self.left_out = LeftOut(lambda: dict(self.counts), lambda: self.at_s)

    def after(self, seconds, **counts):
        self.at_s += seconds
        self.counts |= counts
        return self.left_out.news()


def test_it_is_said_once_a_minute_with_what_came_since():
    cameras = Cameras()
    assert cameras.after(59, dock=90) == ""
    said = cameras.after(1, dock=192)
    assert said.endswith("they never made some of their pictures (192 of dock).")
    assert cameras.after(60) == ""
    assert cameras.after(30, gate=6) == ""
    assert "(1 of gate, 8 of dock)" in cameras.after(30, dock=200)


def test_cameras_that_are_gone_leave_nothing_out():
    def gone():
        raise SimulatorError("the simulator isn't running")

    cameras = Cameras()
    cameras.left_out._counts = gone
    assert cameras.after(60) == ""


def test_cameras_that_died_before_the_first_look_end_nobody():
    def gone():
        raise SimulatorError("the simulator's process ended while asked for 'left out'")

    assert LeftOut(gone, lambda: 0.0).news() == ""


def test_counts_that_come_too_late_are_not_waited_for_nor_taken_for_another_answer(monkeypatch):
    monkeypatch.setattr(server_module, "_COUNTS_TIMEOUT_S", 0.1)
    with SimulatorServer([small(live=True, fps=5)]) as server:
        assert server._process is not None
        server._process.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(SimulatorError, match=r"didn't answer 'left out' in 0\.1 s"):
                server.left_out()
        finally:
            server._process.send_signal(signal.SIGCONT)
        assert server.sent("gate") == []


def test_a_camera_that_is_asked_for_too_much_counts_what_it_leaves_out():
    with SimulatorServer([small(live=True, fps=20_000), small("yard", scene="gate")]) as server:
        wait_until(lambda: server.left_out()["gate"] > 0, what="a picture that is left out")
        assert set(server.left_out()) == {"gate"}
