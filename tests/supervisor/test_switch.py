"""Recording of all cameras off and on, with real processes; kept over a restart."""

import pytest

from pynvr.base.errors import WishError
from pynvr.supervisor.switch import OFF_NAME, Switch
from tests.waiting import wait_until


def recorders_of(one):
    return [process.name for process in one.status().processes if process.kind == "recorder"]


def test_recording_is_switched_off_stays_off_over_a_restart_and_is_switched_on(supervised):
    one = supervised({"gate": "ok", "yard": "ok"})
    one.start()
    one.wait_running("web", "finisher", "recorder gate", "recorder yard")
    assert one.ask("system.stop") == {}
    gate = one.wait_cause("gate", "disabled")
    assert gate.detail == "recording of all cameras is switched off"
    wait_until(lambda: not recorders_of(one), 60, "no recorder")
    off_us = one.status().program.recording_off_us
    assert off_us > 0 and not one.status().in_error
    assert one.pid("finisher") and one.ask("system.stop") == {}
    assert one.stop() == 0
    one.start()
    one.wait_running("web", "finisher")
    one.wait_cause("gate", "disabled")
    assert one.status().program.recording_off_us == off_us
    assert not recorders_of(one)
    assert one.ask("camera.restart", camera_id="gate")["refused"] == "conflict"
    assert one.ask("system.start") == {}
    one.wait_running("recorder gate", "recorder yard")
    one.wait_cause("gate", "")
    assert one.status().program.recording_off_us == 0
    causes = one.causes("gate")
    assert causes[-1] == "recorded"
    assert "fault in PyNVR" not in causes and "disabled" in causes


def test_a_switch_that_cannot_be_written_down_stays_as_it_is(tmp_path):
    switch = Switch(tmp_path / "missing")
    with pytest.raises(WishError, match="stays on"):
        switch.turn_off(5)
    assert switch.off_since_us == 0


@pytest.mark.parametrize("content", ["", "[]", '{"since_us": "x"}', '{"since_us": 0}'])
def test_a_broken_file_still_says_off(tmp_path, content):
    (tmp_path / OFF_NAME).write_text(content)
    switch = Switch(tmp_path)
    assert switch.off_since_us > 0
    switch.turn_on()
    assert Switch(tmp_path).off_since_us == 0


def test_it_remembers_since_when(tmp_path):
    Switch(tmp_path).turn_off(1234)
    again = Switch(tmp_path)
    again.turn_off(5678)
    assert again.off_since_us == Switch(tmp_path).off_since_us == 1234
