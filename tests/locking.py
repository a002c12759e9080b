"""Locks as other file systems have them."""

import errno
import fcntl
import os

import pytest


def lock_as_nfs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file can be locked for one alone only by who has it open for writing: flock(2)."""
    flock = fcntl.flock

    def strict(fd: int, kind: int) -> None:
        if kind & fcntl.LOCK_EX and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        flock(fd, kind)

    monkeypatch.setattr(fcntl, "flock", strict)
