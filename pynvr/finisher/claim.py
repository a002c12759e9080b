"""Taking a chunk over from its writer: the kernel's lock says whether it may be touched."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pynvr.archive.lock import is_locked, try_lock


@contextmanager
def claimed(path: Path) -> Iterator[int | None]:
    """A descriptor of the chunk to read and write, while it is locked; None if somebody else holds it or it is gone.

    Raises OSError. Asking for a chunk that grows doesn't open it for writing: closing that would look like the end of a
    recording.
    """
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        if not (_try_lock(lock, path) and _is_still(path, lock)):
            yield None
            return
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            yield fd
        finally:
            os.close(fd)
    finally:
        os.close(lock)


def _try_lock(fd: int, path: Path) -> bool:
    """As `try_lock`; where only what is open for writing can be locked (NFS), the descriptor is made such a one."""
    try:
        return try_lock(fd)
    except OSError as err:
        if err.errno != errno.EBADF:
            raise
    if is_locked(fd):
        return False
    writing = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.dup2(writing, fd, inheritable=False)
    finally:
        os.close(writing)
    return try_lock(fd)


def _is_still(path: Path, fd: int) -> bool:
    """Whether the name wasn't given to another file (or taken away) before the lock was ours."""
    try:
        named = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(fd))
