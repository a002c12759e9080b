"""A fork that takes too long ends the forkserver, and nothing else does."""

import logging
import os
import signal
import socket
import subprocess
import threading

import pytest

from pynvr.supervisor.child import _tell_that_we_wait
from pynvr.supervisor.forking import ForkLimit
from tests.supervisor.alone import run_alone
from tests.waiting import PATIENCE_S, wait_until

LONG_S = 600.0


@pytest.fixture
def forkserver():
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


def test_a_forkserver_that_hangs_at_its_first_fork_or_later_is_killed(forkserver):
    with ForkLimit(lambda: forkserver.pid, first_within_s=0.1, within_s=LONG_S):
        assert forkserver.wait(PATIENCE_S) == -signal.SIGKILL


def test_one_that_has_forked_before_has_less_time(forkserver):
    limit = ForkLimit(lambda: forkserver.pid, first_within_s=LONG_S, within_s=0.1)
    with limit:
        pass
    os.kill(forkserver.pid, signal.SIGSTOP)
    with limit:
        assert forkserver.wait(PATIENCE_S) == -signal.SIGKILL


# In a process of its own: another forkserver would be this one's.
NEXT_FORKSERVER = """
import os, signal
from pathlib import Path
from multiprocessing import forkserver
from pynvr.base.logs import LogPlace
from pynvr.supervisor import child
from pynvr.supervisor.roster import Wanted

class Limit(child.ForkLimit):
    def __enter__(self):
        print(self.present_s, flush=True)
        super().__enter__()

child._fork_limit = Limit(child.forkserver_pid, first_within_s=600.0, within_s=300.0)
child.PRELOAD = ()

def fork():
    log = LogPlace(Path("next.log"), True)
    child.Child(Wanted("finisher", "finisher", "time:sleep", None, log), 0.0).kill()

if __name__ == "__main__":
    child.start_forkserver()
    fork()
    fork()
    os.kill(child.forkserver_pid(), signal.SIGKILL)
    os.waitid(os.P_PID, child.forkserver_pid(), os.WEXITED | os.WNOWAIT)
    fork()
    fork()
    os.kill(child.forkserver_pid(), signal.SIGKILL)
"""


def test_one_that_takes_a_dead_ones_place_has_the_time_of_a_first_fork(tmp_path):
    told = run_alone(NEXT_FORKSERVER, tmp_path)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["600.0", "300.0", "600.0", "300.0"], told.stderr


def test_a_fork_that_fails_proves_nothing_and_one_in_time_kills_nobody(forkserver):
    limit = ForkLimit(lambda: forkserver.pid, first_within_s=LONG_S, within_s=0.0)
    for _ in range(2):
        with pytest.raises(EOFError), limit:
            raise EOFError
        assert limit.present_s == LONG_S
    assert forkserver.poll() is None


def test_one_killed_before_its_first_fork_leaves_the_next_one_longer_until_one_has_forked(forkserver):
    limit = ForkLimit(lambda: forkserver.pid, first_within_s=0.1, within_s=0.2)
    with pytest.raises(EOFError), limit:
        forkserver.wait(PATIENCE_S)
        raise EOFError
    assert limit.present_s == 0.2
    for _ in range(4):
        limit._kill()
    assert limit.present_s == 0.4
    limit.__exit__(None, None, None)
    limit._proven = 0
    assert limit.present_s == 0.1


def test_while_it_waits_the_service_manager_is_told(forkserver):
    told = threading.Semaphore(0)
    limit = ForkLimit(lambda: forkserver.pid, told.release, LONG_S, LONG_S, told_every_s=0.01)
    with limit:
        assert all(told.acquire(timeout=PATIENCE_S) for _ in range(3))
    assert forkserver.poll() is None


def test_what_it_is_told_renews_its_patience_with_a_start_too(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        _tell_that_we_wait()
        assert manager.recv(1000).split() == [b"WATCHDOG=1", b"EXTEND_TIMEOUT_USEC=30000000"]


def test_where_no_thread_can_be_started_a_fork_has_no_limit(forkserver, monkeypatch, caplog):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    limit = ForkLimit(lambda: forkserver.pid, first_within_s=0.0, within_s=0.0)
    with caplog.at_level(logging.WARNING), limit:
        pass
    assert "without a limit" in caplog.text
    monkeypatch.undo()
    with limit:
        wait_until(lambda: forkserver.poll() is not None, what="a limit the next time")
