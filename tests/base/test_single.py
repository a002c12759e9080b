import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pynvr.base.errors import AlreadyRunningError
from pynvr.base.single import SingleInstance, owner_of
from tests.waiting import wait_until

HOLD = "import sys, time; from pathlib import Path; from pynvr.base.single import SingleInstance\n"
HOLD += "one = SingleInstance(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"


def test_the_second_instance_is_refused_and_told_who_the_first_is(tmp_path: Path):
    path = tmp_path / "pynvr.lock"
    with SingleInstance(path):
        assert owner_of(path) == os.getpid()
        with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"):
            SingleInstance(path)
    assert owner_of(path) is None
    SingleInstance(path).release()


def test_nobody_owns_a_lock_that_was_never_made(tmp_path: Path):
    assert owner_of(tmp_path / "pynvr.lock") is None


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path):
    path = tmp_path / "pynvr.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        first.stdout.readline()
        assert owner_of(path) == first.pid
        first.send_signal(signal.SIGKILL)
    wait_until(lambda: owner_of(path) is None, 2, "the lock to be free")
    SingleInstance(path).release()
