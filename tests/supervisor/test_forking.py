"""A fork that takes too long ends the forkserver, and nothing else does."""

import os
import signal
import subprocess

import pytest

from pynvr.supervisor.forking import ForkLimit
from tests.waiting import PATIENCE_S

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


def test_another_one_has_its_own_first_fork(forkserver):
    pids = [1, forkserver.pid]
    limit = ForkLimit(lambda: pids[0], first_within_s=LONG_S, within_s=0.0)
    with limit:
        pass
    del pids[0]
    with limit:
        assert limit._timer is not None and limit._timer.interval == LONG_S


def test_a_fork_that_fails_proves_nothing_and_one_in_time_kills_nobody(forkserver):
    limit = ForkLimit(lambda: forkserver.pid, first_within_s=LONG_S, within_s=0.0)
    for _ in range(2):
        with pytest.raises(EOFError), limit:
            raise EOFError
        assert limit._timer is not None and limit._timer.interval == LONG_S
    assert forkserver.poll() is None
