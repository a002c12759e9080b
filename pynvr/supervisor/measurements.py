"""Memory of processes and room on disks, looked up in a thread: a disk that is gone for a while may block whoever asks.

A plain read of /proc and statvfs, for the master needs no more of psutil than these two numbers.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.model.status import DiskStatus

EVERY_S = 10.0
# New processes are measured sooner.
CHANGED_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Measured:
    """`memory_bytes` by pid: proportional set size, which counts what processes share only once among them."""

    memory_bytes: Mapping[int, int] = field(default_factory=dict)
    disks: tuple[DiskStatus, ...] = ()


class Measurements:
    """`latest` is replaced about every ten seconds, while the thread isn't stuck."""

    def __init__(self) -> None:
        self.latest = Measured()
        self._wake = threading.Event()
        self._subject: tuple[Sequence[int], Mapping[str, Path]] = ((), {})
        self._asked_s = float("-inf")

    def start(self) -> None:
        threading.Thread(target=self._run, name="measurements", daemon=True).start()

    def ask(self, pids: Sequence[int], folders: Mapping[str, Path], now_s: float) -> None:
        """Measure these processes and the disks of these cameras' folders, if it is time to."""
        every_s = EVERY_S if pids == self._subject[0] else CHANGED_EVERY_S
        if now_s - self._asked_s >= every_s:
            self._asked_s = now_s
            self._subject = (pids, folders)
            self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            pids, folders = self._subject
            memory = {pid: memory_bytes(pid) for pid in pids}
            self.latest = Measured(memory, disks_of(folders))


def memory_bytes(pid: int) -> int:
    """Proportional set size; 0 if it can't be told."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0


def disks_of(folders: Mapping[str, Path]) -> tuple[DiskStatus, ...]:
    """The file systems that the cameras' folders lie on, with the cameras of each."""
    cameras: dict[Path, list[str]] = {}
    for camera_id, folder in folders.items():
        try:
            cameras.setdefault(mount_point(folder), []).append(camera_id)
        except OSError:
            continue
    found: list[DiskStatus] = []
    for mount, ids in cameras.items():
        try:
            numbers = os.statvfs(mount)
        except OSError:
            continue
        total = numbers.f_blocks * numbers.f_frsize
        free = numbers.f_bavail * numbers.f_frsize
        used = total - numbers.f_bfree * numbers.f_frsize
        found.append(DiskStatus(str(mount), total, used, free, tuple(ids)))
    return tuple(found)


def mount_point(folder: Path) -> Path:
    """The nearest folder above (or the folder itself) that exists and is a mount point; raises OSError."""
    path = folder
    while not path.exists() and path != path.parent:
        path = path.parent
    path = path.resolve()
    while not path.is_mount():
        path = path.parent
    return path
