"""What a torture that was killed leaves is found and cleared away, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from tests.torture.disk import LoopDisk
from tests.torture.remains import clear_remains, folder_in, is_left
from tests.waiting import wait_until


def dead_pid():
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_processes_mounts_and_loop_devices_of_the_dead_go_and_those_of_the_living_stay(tmp_path):
    ours, left = folder_in(tmp_path), tmp_path / f"torture-{dead_pid()}"
    disks, sleepers = [], []
    try:
        for folder in (ours, left):
            folder.mkdir()
            disks.append(LoopDisk(folder / "disk.image", folder / "disk", 20))
            sleepers.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], cwd=folder))
        done = clear_remains()
        assert any(f"process {sleepers[1].pid} " in words for words in done)
        assert any(str(left / "disk.image") in words for words in done)
        assert not [words for words in done if str(ours) in words]
        wait_until(lambda: sleepers[1].poll() is not None, what="the end of who was left")
        assert sleepers[0].poll() is None
        assert os.path.ismount(ours / "disk") and not os.path.ismount(left / "disk")
    finally:
        for one in sleepers:
            one.kill()
            one.wait()
        for disk in disks:
            disk.close()


def test_whose_folder_it_is_is_told_by_its_name_alone():
    assert is_left(f"/tmp/x/torture-{dead_pid()}/disk")
    for name in (f"/tmp/torture-{os.getpid()}", "/tmp/torture", "/tmp/torture-x/disk", f"/tmp/my-torture-{dead_pid()}"):
        assert not is_left(name), name
    assert not is_left(str(Path("/tmp")))
