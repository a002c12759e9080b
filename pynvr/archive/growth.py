"""Wakes a follower when its chunk grows or its folder gets another file: inotify(7), one descriptor for both."""

import ctypes
import os
import select
import struct
from pathlib import Path

_MODIFY, _MOVED_TO, _CREATE = 0x2, 0x80, 0x100
_HEAD = struct.Struct("iIII")  # watch, events, cookie, bytes of the name that follows
_READ_BYTES = 65_536
# Without inotify (the machine's instances are used up) a camera's next frame is looked for this often.
_LOOK_EVERY_S = 0.04

_libc = ctypes.CDLL(None, use_errno=True)


class Growth:
    """For one thread that waits; `interrupt` is for others. `appeared`: whether the folder got another file."""

    def __init__(self) -> None:
        self.appeared = False
        self._blind = False
        # First what raises OSError where no descriptor is left; inotify only says no.
        self._interrupts = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._fd: int = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self._file: tuple[Path, int] | None = None
        self._folder: tuple[Path, int] | None = None
        self._poll = select.poll()
        self._poll.register(self._interrupts, select.POLLIN)
        if self._fd >= 0:
            self._poll.register(self._fd, select.POLLIN)

    def watch_file(self, path: Path | None) -> None:
        """From now on what is written to this file counts, and to no other."""
        if self._file is not None and self._file[0] != path:
            self._forget(self._file[1])
            self._file = None
        if path is not None and self._file is None:
            number = self._add(path, _MODIFY)
            self._file = None if number < 0 else (path, number)
        self._blind = path is not None and self._file is None

    def watch_folder(self, folder: Path | None) -> None:
        """From now on files that appear in this folder count, and in no other."""
        if self._folder is not None and self._folder[0] != folder:
            self._forget(self._folder[1])
            self._folder = None
        if folder is not None and self._folder is None:
            number = self._add(folder, _CREATE | _MOVED_TO)
            self._folder = None if number < 0 else (folder, number)

    def wait(self, timeout_s: float) -> bool:
        """Until something is written, appears or interrupts; False after the time-out.

        Where the kernel gives no word it returns early, so that whoever waits looks for itself.
        """
        ready = self._poll.poll((min(timeout_s, _LOOK_EVERY_S) if self._blind else timeout_s) * 1000)
        for fd, _ in ready:
            try:
                data = os.read(fd, _READ_BYTES)
            except BlockingIOError:
                continue
            if fd == self._fd:
                self._note(data)
        return bool(ready)

    def interrupt(self) -> None:
        os.eventfd_write(self._interrupts, 1)

    def close(self) -> None:
        os.close(self._interrupts)
        if self._fd >= 0:
            os.close(self._fd)

    def _note(self, data: bytes) -> None:
        at = 0
        while at + _HEAD.size <= len(data):
            number, _events, _cookie, length = _HEAD.unpack_from(data, at)
            at += _HEAD.size + length
            if self._file is None or number != self._file[1]:
                self.appeared = True  # or the queue overflowed, and nobody knows

    def _add(self, path: Path, events: int) -> int:
        number: int = _libc.inotify_add_watch(self._fd, os.fsencode(path), events) if self._fd >= 0 else -1
        return number

    def _forget(self, number: int) -> None:
        _libc.inotify_rm_watch(self._fd, number)  # it may be gone already
