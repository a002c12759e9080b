"""Real processes that crash, hang, are killed, and what the master makes of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pynvr.supervisor.child import MALLOC
from tests.supervisor.running import is_alive
from tests.waiting import wait_until


def test_every_process_runs_under_its_name_and_the_status_tells_of_it(supervised):
    one = supervised(
        {"gate": "ok", "off": {"url": "rtsp://h/x", "enabled": False}}, reaper=[{"disk": "/", "percent": 99}]
    )
    one.start()
    one.wait_running("finisher", "reaper", "web", "recorder gate")
    titles = {name: Path(f"/proc/{pid}/cmdline").read_text().strip("\0 ") for name, pid in one.pids().items()}
    for name in ("master", "forkserver", "finisher", "reaper", "web", "recorder gate"):
        assert titles[name] == f"pynvr: {name}"
    gate = one.camera("gate")
    assert (gate.state, gate.cause, gate.facts["codec"]) == ("recording", "", "h264")
    assert gate.figures["frames"] > 0
    assert one.camera("off").cause == "disabled"
    wait_until(lambda: one.process_of("recorder gate").memory_bytes > 1_000_000, what="a measured memory")
    assert one.status().disks[0].cameras == ("gate", "off")
    wait_until(lambda: one.status().program.state == "running", what="the end of the start")
    assert not one.status().in_error
    assert os.getpriority(os.PRIO_PROCESS, one.pid("finisher")) == min(os.nice(0) + 10, 19)
    assert os.getpriority(os.PRIO_PROCESS, one.pid("recorder gate")) == os.nice(0)


def test_children_get_a_thrifty_malloc_unless_somebody_chose_another():
    program = "import os; from pynvr.supervisor.child import MALLOC, start_forkserver; start_forkserver();"
    program += "print(*(os.environ[name] for name in MALLOC))"
    chosen = os.environ | {"MALLOC_ARENA_MAX": "2"}
    told = subprocess.run([sys.executable, "-c", program], env=chosen, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["2", *list(MALLOC.values())[1:]]


def test_no_process_is_there_for_nothing(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    family = psutil.Process(one.process.pid).children(recursive=True)
    assert all(" ".join(child.cmdline()).startswith("pynvr: ") for child in family)


def test_a_crash_loop_backs_off_and_nobody_else_notices(supervised):
    one = supervised({"gate": "ok", "bad": "crash", "dead": "die"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    before = one.pid("recorder gate")
    wait_until(lambda: one.process_of("recorder bad").restarts >= 2, what="two restarts")
    bad = one.process_of("recorder bad")
    assert bad.detail == "ended with exit code 1"
    assert one.camera("bad").cause == "fault in PyNVR"
    wait_until(lambda: one.camera("dead").detail == "the recorder was killed by SIGKILL", what="the death in words")
    assert one.pid("recorder gate") == before
    assert one.status().in_error
    # 1 s, 2 s, 4 s apart: after two restarts at least three seconds have passed.
    assert one.status().program.written_us - one.status().program.since_us > 3_000_000
    assert one.causes("bad").count("fault in PyNVR") == 1


def test_who_cannot_start_is_left_alone_for_a_minute(supervised):
    one = supervised({"gate": "misconfigured"})
    one.start()
    wait_until(lambda: (p := one.process_of("recorder gate")) and p.state == "can't start", what="the state")
    assert one.process_of("recorder gate").restarts == 0


def test_a_hung_child_is_killed_and_replaced(supervised):
    one = supervised({"gate": "hang"})
    one.start()
    hung = wait_until(lambda: one.pid("recorder gate"), what="a recorder")
    wait_until(lambda: not is_alive(hung), 10, "the hung recorder to be killed")
    wait_until(lambda: one.pid("recorder gate") not in (0, hung), 10, "another recorder")
    assert "the recorder hung and was killed" in [t.detail for t in one.transitions("gate")]


def test_a_killed_child_is_replaced_and_its_death_is_in_the_journal(supervised):
    one = supervised({"gate": "ok", "yard": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate", "recorder yard")
    yard, gate = one.pid("recorder yard"), one.pid("recorder gate")
    wait_until(lambda: one.camera("gate").figures["frames"] > 100, what="frames")
    os.kill(gate, signal.SIGKILL)
    wait_until(lambda: one.pid("recorder gate") not in (0, gate) and one.camera("gate").cause == "", 10, "another one")
    assert one.pid("recorder yard") == yard
    *_, fault, recorded = one.transitions("gate")
    assert (fault.cause, recorded.cause) == ("fault in PyNVR", "recorded")
    wait_until(lambda: [e for e in one.entries() if e.subject == "recorder gate"], what="a word in the audit log")
    begin, died = one.entries()
    assert (begin.action, died.action, died.level, died.camera_id) == (
        "system.begin",
        "process.died",
        "warning",
        "gate",
    )
    assert died.text == f"recorder gate (process {gate}) was killed by SIGKILL; another takes its place"
    # Missing since the last frame, not since the master saw the death.
    assert fault.since_us < recorded.since_us - 900_000


def test_a_killed_forkserver_interrupts_nothing_and_is_replaced_when_needed(supervised):
    one = supervised({"gate": "ok", "yard": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate", "recorder yard")
    before = one.pids()
    os.kill(before["forkserver"], signal.SIGKILL)
    wait_until(lambda: not is_alive(before["forkserver"]), what="the forkserver's end")
    frames = one.camera("gate").figures["frames"]
    wait_until(lambda: one.camera("gate").figures["frames"] > frames + 50, what="more frames")
    assert one.pid("recorder gate") == before["recorder gate"]
    os.kill(before["recorder yard"], signal.SIGKILL)
    wait_until(lambda: one.pid("recorder yard") not in (0, before["recorder yard"]), 10, "another recorder")
    one.wait_running("recorder yard")
    assert one.pid("forkserver") not in (0, before["forkserver"])
    assert one.pid("recorder gate") == before["recorder gate"]
    assert one.stop() == 0
    wait_until(lambda: not any(map(is_alive, before.values())), 5, "all of them to be gone")


@pytest.mark.parametrize("mark", ["kept", "emptied"])
def test_when_the_master_is_killed_all_children_end_and_the_next_start_takes_over(supervised, mark):
    one = supervised({"gate": "ok", "stuck": "hang-hard", "deaf": "deaf"})
    one.start()
    one.wait_running("finisher", "recorder gate", "recorder stuck", "recorder deaf")
    wait_until((one.data_dir / "run" / "alive").exists, what="an alive mark")
    first = one.pids()
    killed_s = time.monotonic()
    one.process.kill()
    one.process.wait()
    wait_until(lambda: not any(map(is_alive, first.values())), what="the orphans to end")
    assert time.monotonic() - killed_s < 30
    if mark == "emptied":
        # As some file systems leave it after a power cut.
        os.truncate(one.data_dir / "run" / "alive", 0)
    one.start()
    one.wait_running("finisher", "recorder gate")
    assert one.pid("recorder gate") != first["recorder gate"]
    causes = one.causes("gate")
    gap = causes.index("PyNVR not running")
    assert one.transitions("gate")[gap].detail == "it ended without being stopped"
    assert causes[:gap] == ["starting", "recorded"]
    assert causes[gap + 1] == "starting"


def test_64_children_start_and_stop(supervised):
    one = supervised({f"camera{number}": "ok" for number in range(64)})
    one.start()
    wait_until(lambda: one.status().program.cameras_recording == 64, 60, f"64 recorders; {one.said()[-2000:]}")
    one.remember()
    assert one.stop() == 0
