import os
from pathlib import Path

from pynvr.supervisor.measurements import Measurements, disks_of, memory_bytes, mount_point
from tests.waiting import wait_until


def test_folders_of_one_disk_are_one_disk(tmp_path: Path):
    (disk,) = disks_of({"gate": tmp_path, "yard": tmp_path / "not" / "yet"})
    assert disk.cameras == ("gate", "yard")
    assert disk.folder == str(mount_point(tmp_path)) and os.path.ismount(disk.folder)
    assert 0 < disk.used_bytes < disk.total_bytes and 0 <= disk.free_bytes < disk.total_bytes


def test_memory_is_measured_and_that_of_nobody_is_0():
    assert 1_000_000 < memory_bytes(os.getpid()) < 2_000_000_000
    assert memory_bytes(2**22 + 1) == 0


def test_new_processes_are_measured_soon_and_known_ones_now_and_then(tmp_path: Path):
    measurements = Measurements()
    measurements.start()
    measurements.ask([os.getpid()], {"gate": tmp_path}, 100)
    wait_until(lambda: measurements.latest.memory_bytes, 5, "the first measurement")
    first = measurements.latest
    measurements.ask([os.getpid()], {}, 109)
    measurements.ask([os.getpid(), 1], {}, 101)
    assert measurements.latest is first
    measurements.ask([os.getpid(), 1], {}, 102)
    wait_until(lambda: 1 in measurements.latest.memory_bytes, 5, "the second measurement")
