"""Start, stop, a second instance, secrets."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from pynvr.archive.marker import read_marker
from pynvr.store.store import Store
from tests.supervisor.alone import run_alone
from tests.supervisor.running import PASSWORD, Supervised, is_alive, url
from tests.waiting import PATIENCE_S, wait_until


def test_a_stop_takes_ten_seconds_at_most_though_a_child_ignores_it(supervised):
    one = supervised({"gate": "ok", "deaf": "deaf", "stuck": "hang-hard"})
    one.start()
    one.wait_running("finisher", "recorder gate", "recorder deaf", "recorder stuck")
    began_s = time.monotonic()
    assert one.stop() == 0
    # By its own clock; a busy machine may look at the end a little later.
    assert time.monotonic() - began_s < 12
    wait_until(lambda: not any(map(is_alive, one.seen)), 5, "all of them to be gone")
    said = one.said()
    # The finisher goes last, when no recorder writes any more.
    assert said.index("recorder deaf (process") < said.index("finished the rest")
    assert one.status().program.state == "stopped" and one.status().program.pid == 0
    assert one.causes("gate")[-1] == "PyNVR not running"
    assert not (one.data_dir / "run" / "alive").exists()


def test_what_a_terminal_sends_to_the_whole_group_stops_it_in_order(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    # Ctrl-\
    os.killpg(one.process.pid, signal.SIGQUIT)
    assert one.process.wait(PATIENCE_S) == 0
    said = one.said()
    assert "SIGQUIT: stops" in said and "was killed by" not in said
    assert said.index("recorder gate (process") < said.index("finished the rest")


EARLY = """
import os, time
from pathlib import Path
from pynvr.base.logs import LogPlace
from pynvr.supervisor import child
from pynvr.supervisor.roster import Wanted

child.PRELOAD = ("pynvr.supervisor.preload",)
if __name__ == "__main__":
    child.start_forkserver()
    log = LogPlace(Path("early.log"), True)
    one = child.Child(Wanted("reaper", "reaper", "tests.supervisor.fakes:reaper", None, log), 0.0)
    one.terminate()
    while not one.gone:
        time.sleep(0.01)
        one.listen(0.0)
    print(one.exit_code())
"""


def test_a_child_that_was_forked_just_now_hears_that_it_is_to_stop(tmp_path):
    told = run_alone(EARLY, tmp_path)
    assert told.stdout.split() == ["0"], told.stderr


def test_a_stop_in_order_leaves_no_gap_to_be_closed_by_the_next_start(supervised):
    one = supervised({"gate": "ok"})
    for _ in range(2):
        one.start()
        one.wait_running("recorder gate")
        assert one.stop() == 0
    assert one.causes("gate") == ["starting", "recorded", "PyNVR not running"] * 2


def test_a_second_instance_is_refused_and_named_the_first(supervised, tmp_path):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("recorder gate")
    second = subprocess.run(
        [sys.executable, "-m", "pynvr.supervisor", "--config", str(one.config)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert second.returncode == 4
    assert str(one.process.pid) in second.stderr and str(one.data_dir) in second.stderr
    assert one.pid("recorder gate") and is_alive(one.pid("recorder gate"))


def test_a_lock_that_cannot_be_taken_is_told_in_a_line(supervised):
    one = supervised({"gate": "ok"})
    (one.data_dir / "run" / "pynvr.lock").mkdir(parents=True)
    one.start()
    assert one.process.wait(PATIENCE_S) != 0
    assert f"PyNVRError: can't lock {one.data_dir}/run/pynvr.lock: Is a directory" in one.said()


def test_a_planted_password_shows_nowhere(supervised):
    one = supervised({"gate": "ok", "bad": "crash", "mute": "refused", "wrong": "misconfigured"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    one.wait_cause("mute", "refused")
    one.wait_cause("bad", "fault in PyNVR")
    one.wait_cause("wrong", "fault in PyNVR")
    one.write_text(json.dumps({"cameras": [{"id": "gate", "url": url("ok"), "frame_timeout": url("ok")}]}))
    wait_until(lambda: one.status().problems and "configuration" in [p.about for p in one.status().problems], 5, "it")
    family = [one.process.pid, *(child.pid for child in psutil.Process(one.process.pid).children(recursive=True))]
    assert len(family) >= 4
    for pid in family:
        for name in ("cmdline", "environ", "comm"):
            with suppress(FileNotFoundError, ProcessLookupError):  # one that crashes all the time
                assert PASSWORD.encode() not in Path(f"/proc/{pid}/{name}").read_bytes(), (pid, name)
    assert one.stop() == 0
    texts = {path: path.read_bytes() for path in one.folder.rglob("*") if path.is_file() and path != one.config}
    assert any(b"no way to read" in text for text in texts.values())
    assert [path for path, text in texts.items() if PASSWORD.encode() in text] == []
    readable = [path for path in (one.data_dir).rglob("*") if path.stat().st_mode & 0o007]
    assert readable == []


def test_each_camera_folder_gets_a_marker_that_the_database_and_the_cache_know(supervised):
    one = supervised({"gate": "ok"})
    one.start()
    one.wait_running("finisher", "recorder gate")
    folder = one.data_dir / "cameras" / "gate"
    marker = read_marker(folder)
    assert marker
    assert marker in (one.data_dir / "run" / "markers.json").read_text()
    assert one.stop() == 0
    with Store.open(f"sqlite:///{one.data_dir / 'pynvr.sqlite'}", create=False) as store:
        assert store.disks.known() == {folder: marker}


def test_cameras_record_though_the_database_cannot_be_used(supervised):
    one = supervised({"gate": "ok"})
    one.write({"gate": "ok"}, database=f"sqlite:///{one.folder}/output.txt/no.sqlite")
    one.start()
    one.wait_running("finisher", "recorder gate")
    assert [problem.about for problem in one.status().problems] == ["database"]
    assert one.status().in_error


def test_a_disk_that_does_not_answer_keeps_only_its_own_camera_waiting(supervised):
    cameras = {name: {"url": url("ok"), "dst": f"/nowhere/{name}"} for name in ("hung", "gate", "readonly", "yard")}
    one = supervised(cameras, "--fake-preparation")
    one.start()
    hung = one.wait_cause("hung", "disk missing")
    assert hung.detail == "/nowhere/hung doesn't answer"
    # The next try asks the one that hung last.
    one.wait_running("recorder gate", "recorder yard", "finisher")
    assert one.wait_cause("readonly", "disk missing").detail == "is read-only"
    assert one.pid("recorder hung") == 0 and one.pid("recorder readonly") == 0


def test_systemd_is_told_ready_status_watchdog_and_stopping(supervised, tmp_path):
    one: Supervised = supervised({"gate": "ok"})
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        one.start(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="600000")
        heard: list[bytes] = []

        def listen() -> bytes:
            heard.append(manager.recv(1000))
            return b"\n".join(heard)

        wait_until(lambda: b"1 of 1 cameras record" in listen(), what="the status")
        wait_until(lambda: listen().count(b"WATCHDOG=1") > 3, what="the watchdog's pats")
        assert heard.index(b"READY=1") >= 0
        assert one.stop() == 0
        wait_until(lambda: b"STOPPING=1" in listen(), what="the word of stopping")
