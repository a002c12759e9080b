"""One instance: a locked file that holds the pid of its owner. The kernel lets go of it when the owner dies."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from pynvr.base.errors import AlreadyRunningError
from pynvr.base.files import FILE_MODE

# Whoever asks for the owner holds the lock for a moment.
_PATIENCE_S = 0.5


class SingleInstance:
    """The lock, held from its making to `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        """Take the lock; raises AlreadyRunningError, which names the owner, and OSError."""
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        deadline_s = time.monotonic() + _PATIENCE_S
        while not _try(self._fd, fcntl.LOCK_EX):
            if time.monotonic() > deadline_s:
                pid = _pid_in(self._fd)
                os.close(self._fd)
                raise AlreadyRunningError(
                    f"PyNVR already runs on {path.parent.parent}, as process {pid}: stop it first, "
                    "or give each its own system.data_dir"
                )
            time.sleep(0.02)
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        os.ftruncate(self._fd, 0)
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def owner_of(path: Path) -> int | None:
    """The pid of the process that holds the lock, None if nobody does; raises PermissionError."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return None if _try(fd, fcntl.LOCK_SH) else _pid_in(fd)
    finally:
        os.close(fd)


def _try(fd: int, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_in(fd: int) -> int:
    text = os.pread(fd, 32, 0).strip()
    return int(text) if text.isdigit() else 0
