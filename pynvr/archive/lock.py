"""The kernel's lock on a chunk: who holds it owns the chunk."""

import fcntl


def try_lock(fd: int) -> bool:
    """Take the lock for as long as the descriptor is open; False if another holds it.

    A follower that asks whether a chunk is still being written holds it for a few microseconds: a refusal means
    "not now", so ask again later.
    """
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(fd: int) -> None:
    """Let go of the lock, whoever else has a duplicate of the descriptor."""
    fcntl.flock(fd, fcntl.LOCK_UN)


def is_locked(fd: int) -> bool:
    """Whether somebody else owns the chunk just now."""
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(fd, fcntl.LOCK_UN)
    return False
