"""Changes of nvr.json while it runs."""

import os
import signal
from pathlib import Path

from tests.supervisor.running import url
from tests.waiting import wait_until


def test_a_change_restarts_only_the_camera_it_touches(supervised):
    one = supervised({"gate": "ok", "yard": "ok", "dock": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate", "recorder yard", "recorder dock")
    before = one.pids()
    one.write({"gate": {"url": url("ok"), "frame_timeout": 7}, "yard": "ok", "hall": "ok"})
    one.wait_running("recorder hall")
    wait_until(lambda: one.pid("recorder gate") not in (0, before["recorder gate"]), 5, "another gate")
    wait_until(lambda: one.pid("recorder dock") == 0, 5, "dock to be gone")
    assert one.pid("recorder yard") == before["recorder yard"]
    assert one.transitions("dock")[-1].detail == "removed from the configuration"
    assert one.camera("dock") is None
    said = one.said()
    assert "camera gate starts anew; camera hall was added; camera dock was removed" in said
    assert "camera gate: records" in said


def test_a_camera_is_switched_off_and_on(supervised):
    one = supervised({"gate": "ok", "yard": "ok"})
    one.start()
    one.wait_running("recorder gate", "recorder yard")
    yard = one.pid("recorder yard")
    one.write({"gate": {"url": url("ok"), "record": {"mode": "never"}}, "yard": "ok"})
    assert one.wait_cause("gate", "disabled").state == "disabled"
    assert one.pid("recorder gate") == 0
    one.write({"gate": "ok", "yard": "ok"})
    one.wait_cause("gate", "")
    assert one.pid("recorder yard") == yard


def test_changes_cost_the_master_no_descriptors(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate")

    def open_logs() -> int:
        files = [os.readlink(file) for file in Path(f"/proc/{one.process.pid}/fd").iterdir() if file.is_symlink()]
        return sum(file.endswith("pynvr.log") for file in files)

    before = open_logs()
    for number in range(1, 4):
        one.write({"gate": {"url": url("ok"), "name": f"Gate {number}"}})
        wait_until(lambda: one.said().count("the configuration was changed") == number, 10, "the change to be followed")  # noqa: B023
    assert open_logs() == before > 0


def test_the_log_calls_a_camera_by_its_name_with_the_id_beside_it(supervised):
    one = supervised({"gate": {"url": url("ok"), "name": "Front gate"}, "yard": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate", "recorder yard")
    one.write({"yard": "ok"})
    wait_until(lambda: "the configuration was changed" in one.said(), 10, "the change to be followed")
    said = one.said()
    assert "camera Front gate (gate): records" in said and "camera yard: records" in said
    assert "camera Front gate (gate) was removed" in said


def test_a_broken_file_keeps_the_running_configuration_and_says_so(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    before = one.pids()
    one.write_text('{"system": {"nmae": 1}, "cameras": [')
    problem = wait_until(lambda: one.status().problems, 5, "the problem")[0]
    assert problem.about == "configuration" and str(one.config) in problem.detail
    assert one.said().count("line 1, column") == 1
    assert one.status().in_error
    one.write({"gate": "ok"})
    wait_until(lambda: not one.status().problems, 5, "the problem to go")
    assert "the configuration can be used again" in one.said()
    assert one.pids() == before


def test_what_needs_a_restart_is_refused_with_that_word(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    before = one.pids()
    one.write({"gate": "ok", "yard": "ok"}, log_dir=str(one.folder / "elsewhere"))
    problem = wait_until(lambda: one.status().problems, 5, "the problem")[0]
    assert "system.log_dir" in problem.detail and "restart" in problem.detail
    assert one.pids() == before


def test_sighup_reads_the_file_again(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    os.kill(one.process.pid, signal.SIGHUP)
    wait_until(lambda: "SIGHUP" in one.said(), 5, "the word")
    assert one.pid("recorder gate")
    one.write({"yard": "ok"})
    os.kill(one.process.pid, signal.SIGHUP)
    one.wait_running("recorder yard")


def test_the_web_follows_the_file_by_itself_and_starts_anew_for_another_address_alone(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("web", "finisher", "recorder gate")
    before = one.pids()
    one.write({"gate": {"url": url("ok"), "name": "Gate"}})
    wait_until(lambda: one.camera("gate").name == "Gate", 5, "the new name")
    assert one.pids() == before
    one.write({"gate": {"url": url("ok"), "name": "Gate"}}, server={"port": 8081})
    wait_until(lambda: one.pid("web") not in (0, before["web"]), 10, "another web")
    assert {**one.pids(), "web": before["web"]} == before
    assert "the configuration was changed: the web starts anew" in one.said()


def test_a_file_that_an_older_version_accepted_is_followed_and_its_mistakes_are_told(supervised):
    empty = {"gate": "ok", "yard": {"url": url("ok"), "record": {"mode": "schedule", "schedule": []}}}
    one = supervised(empty)
    one.start()
    one.wait_running("finisher", "recorder gate")
    (problem,) = wait_until(lambda: one.status().problems, what="the problem")
    assert problem.about == "configuration"
    assert "cameras[1].record.mode" in problem.detail
    one.write({"gate": "ok"})
    wait_until(lambda: not one.status().problems, what="a file without mistakes")
    one.write(empty)
    wait_until(lambda: one.status().problems, what="the problem again")
    one.wait_running("recorder gate", "recorder yard")
    assert one.said().count("cameras[1].record.mode") == 2
