"""Where multiprocessing puts the forkserver's socket, and what is left of it when a master is killed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

KILLED = """
import os, sys
from multiprocessing import util
from multiprocessing.connection import Listener
from pathlib import Path
from pynvr.supervisor.temporary import use_folder_in

use_folder_in(Path(sys.argv[1]))
listener = Listener(family="AF_UNIX")
print(listener.address, flush=True)
os._exit(9)
"""


def killed(run_dir, system):
    """The socket of a program that had no time to tidy up; what it left in the system's folder."""
    command = [sys.executable, "-c", KILLED, str(run_dir)]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(system)}
    )
    assert ended.returncode == 9, ended.stderr
    return Path(ended.stdout.strip()), sorted(system.iterdir())


@pytest.fixture
def folder():
    """Of a short path, for a socket's may be no longer than 107 bytes."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def test_what_a_killed_master_left_is_cleared_away_by_the_next(folder, tmp_path):
    (folder / "status.json").touch()
    first, elsewhere = killed(folder, tmp_path)
    assert first.is_socket() and first.parent.parent == folder
    assert elsewhere == []
    second, elsewhere = killed(folder, tmp_path)
    assert elsewhere == []
    assert sorted(folder.iterdir()) == sorted([second.parent, folder / "status.json"])


def test_where_no_socket_can_be_the_systems_folder_is_used(folder, tmp_path):
    run_dir = tmp_path / ("far-" * 30)
    run_dir.mkdir()
    place, elsewhere = killed(run_dir, folder)
    assert [place.parent] == elsewhere
    assert list(run_dir.iterdir()) == []
