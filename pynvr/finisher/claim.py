"""Taking a chunk over from its writer: the kernel's lock says whether it may be touched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pynvr.archive.lock import try_lock


@contextmanager
def claimed(path: Path) -> Iterator[int | None]:
    """A descriptor of the chunk to read and write, while it is locked; None if somebody else holds it or it is gone.

    Raises OSError. Asking doesn't open for writing: closing that would look like the end of a recording.
    """
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        if not (try_lock(lock) and _is_still(path, lock)):
            yield None
            return
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            yield fd
        finally:
            os.close(fd)
    finally:
        os.close(lock)


def _is_still(path: Path, fd: int) -> bool:
    """Whether the name wasn't given to another file (or taken away) before the lock was ours."""
    try:
        named = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(fd))
