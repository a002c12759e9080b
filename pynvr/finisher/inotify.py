"""inotify(7) without a thread: one descriptor for all folders, asked when there is time.

watchdog gives each watched folder two threads; with a hundred cameras, each in its own folder, that is most of the
process.
"""

import ctypes
import os
import select
import struct
from pathlib import Path

_CLOSE_WRITE, _DELETE_SELF, _MOVE_SELF, _ONLYDIR = 0x8, 0x400, 0x800, 0x01000000
_UNMOUNT, _OVERFLOW, _IGNORED = 0x2000, 0x4000, 0x8000
_HEAD = struct.Struct("iIII")
_READ_BYTES = 65_536

_libc = ctypes.CDLL(None, use_errno=True)


class ClosedFiles:
    """Tells which files that were open for writing are closed, in the folders that are watched.

    While the machine's inotify instances are used up no folder can be watched.
    """

    def __init__(self) -> None:
        self._fd = -1
        self._folders: dict[int, Path] = {}
        self.overflowed = False

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)

    @property
    def folders(self) -> set[Path]:
        """Those that are watched now; one that was removed or unmounted isn't any more."""
        return set(self._folders.values())

    def watch(self, folder: Path) -> None:
        """Raises OSError."""
        if self._fd < 0:
            self._fd = _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC), folder)
        number = _libc.inotify_add_watch(
            self._fd, os.fsencode(folder), _CLOSE_WRITE | _DELETE_SELF | _MOVE_SELF | _ONLYDIR
        )
        self._folders[_checked(number, folder)] = folder

    def forget(self, folder: Path) -> None:
        for number in [number for number, known in self._folders.items() if known == folder]:
            del self._folders[number]
            _libc.inotify_rm_watch(self._fd, number)  # it may be gone already

    def read(self, timeout_s: float) -> list[Path]:
        """Files closed since the last call; waits for the first up to `timeout_s`."""
        waiting = select.poll()
        if self._fd >= 0:
            waiting.register(self._fd, select.POLLIN)
        if not waiting.poll(timeout_s * 1000):
            return []
        data, at = os.read(self._fd, _READ_BYTES), 0
        closed = []
        while at < len(data):
            number, mask, _cookie, length = _HEAD.unpack_from(data, at)
            name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
            at += _HEAD.size + length
            if mask & _OVERFLOW:
                self.overflowed = True
            folder = self._folders.get(number)
            if folder is None:
                continue
            if mask & _CLOSE_WRITE and name:
                closed.append(folder / os.fsdecode(name))
            elif mask & _MOVE_SELF:
                self.forget(folder)
            elif mask & (_DELETE_SELF | _UNMOUNT | _IGNORED):
                del self._folders[number]
        return closed


def _checked(result: int, subject: object) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(subject))
    return result
