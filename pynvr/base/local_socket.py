"""Stream sockets between PyNVR's processes, by name in a folder of their own; for their user alone.

A socket's path may have 107 bytes, a data directory's more. So the folder is opened, and the socket named through it.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BACKLOG = 64
_OWNER_ONLY = 0o177


def listen(path: Path) -> socket.socket:
    """A listener that doesn't block, in place of one that a dead process left. Raises OSError."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    try:
        with _short(path) as name:
            try:
                os.unlink(name)
            except FileNotFoundError:
                pass
            before = os.umask(_OWNER_ONLY)
            try:
                listener.bind(name)
            finally:
                os.umask(before)
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def connect(path: Path, timeout_s: float) -> socket.socket:
    """A connection; `timeout_s` holds for whatever is done with it, too. Raises OSError."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        made.settimeout(timeout_s)
        with _short(path) as name:
            made.connect(name)
    except BaseException:
        made.close()
        raise
    return made


@contextmanager
def _short(path: Path) -> Iterator[str]:
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
