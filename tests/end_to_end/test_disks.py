"""Full, missing and read-only disks, on file systems made for the test."""

import errno
import os
import subprocess
import time

import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.program import Program, complaints_of
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


def mount(folder, size_mb):
    subprocess.run([*AS_ROOT, "mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=0777", "tmpfs", folder], check=True)


def unmount(folder):
    subprocess.run([*AS_ROOT, "umount", "--lazy", folder], check=False)


@pytest.fixture
def cameras():
    with SimulatorServer(
        [SimulatedCamera("gate", width=640, height=360, fps=15, gop_s=1, bitrate_kbps=3000)]
    ) as server:
        yield server


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mount(folder, 100)
    yield folder
    unmount(folder)


def program_on(disk, tmp_path, cameras, **top):
    return Program(tmp_path, [{"id": "gate", "url": cameras.url("gate"), "dst": str(disk / "gate")}], **top)


def fill(disk, leave_mb):
    ballast = disk / "ballast"
    with ballast.open("wb") as file:

        def filled():
            """Not if a recorder took room meanwhile."""
            usage = os.statvfs(disk)
            try:
                os.posix_fallocate(file.fileno(), 0, usage.f_bavail * usage.f_frsize - leave_mb * 1_000_000)
            except OSError as err:
                assert err.errno == errno.ENOSPC
                return False
            return True

        wait_until(filled, what="a ballast that fits")
    return ballast


def mp4s(disk):
    return sorted(disk.glob("gate/*/*.mp4"))


def test_a_full_disk_stops_recording_with_a_word_and_room_starts_it_again(disk, tmp_path, cameras):
    program = program_on(disk, tmp_path, cameras)
    program.start()
    try:
        program.wait_recording("gate")
        wait_until(lambda: mp4s(disk), 40, "a first segment")
        ballast = fill(disk, leave_mb=2)
        camera = wait_until(
            lambda: (found := program.camera("gate")).get("cause") == "disk full" and found, 60, "word of the full disk"
        )
        assert str(disk) in camera["detail"]
        assert program.command("status").returncode == 1
        kept = set(mp4s(disk))
        ballast.unlink()
        program.wait_recording("gate", timeout_s=60)
        assert program.stop() == 0
        assert kept <= set(mp4s(disk)), "something was deleted without a reaper section"
        assert not list(disk.glob("gate/*/*.chunk"))
        assert complaints_of(mp4s(disk)) == {}
    finally:
        program.end()


def test_with_a_reaper_a_full_disk_is_freed_and_recording_goes_on(disk, tmp_path, cameras):
    program = program_on(disk, tmp_path, cameras, reaper=[{"disk": str(disk), "percent": "90"}])
    program.start()
    try:
        program.wait_recording("gate")
        first = wait_until(lambda: mp4s(disk), 40, "a first segment")[0]
        wait_until(lambda: len(mp4s(disk)) >= 2, 60, "another segment")
        fill(disk, leave_mb=1)
        wait_until(lambda: not first.exists(), 60, "the oldest segment to be deleted")
        frames = program.camera("gate")["figures"]["frames"]
        wait_until(lambda: program.camera("gate")["figures"].get("frames", 0) != frames, 60, "recording to go on")
        program.wait_recording("gate", timeout_s=60)
    finally:
        program.end()


def test_a_disk_that_is_not_mounted_is_not_written_to(disk, tmp_path, cameras):
    program = program_on(disk, tmp_path, cameras)
    program.start()
    try:
        program.wait_recording("gate")
        wait_until(lambda: program.chunks("gate") or list(disk.glob("gate/*/*.chunk")), 20, "a chunk")
        assert program.stop() == 0
        unmount(disk)
        program.start()
        camera = wait_until(
            lambda: (found := program.camera("gate")).get("cause") == "disk missing" and found, 30, "word of the disk"
        )
        assert str(disk) in camera["detail"]
        deadline = time.monotonic() + 3
        wait_until(lambda: time.monotonic() > deadline, what="a while of refusing")
        assert not list(disk.rglob("*.chunk")) and not list(disk.rglob("*.mp4"))
        mount(disk, 100)
        (disk / "gate").mkdir(mode=0o750)
        camera = program.camera("gate")
        assert camera["state"] != "recording", "a foreign disk was written to"
    finally:
        program.end()
