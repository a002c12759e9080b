"""One file, as large as a disk, whose reads, writes and flushes this process answers.

Linux' own protocol over /dev/fuse (include/uapi/linux/fuse.h), of which one file needs little: the root of the file
system is that file. It needs no library and no helper program, but root.
"""

import ctypes
import errno
import os
import stat
import struct
from pathlib import Path
from typing import Protocol

_HEAD = struct.Struct("=IIQQIIIHH")  # length, opcode, unique, node, user, group, process, -, -
_ANSWER = struct.Struct("=IiQ")  # length, error, unique
_INIT = struct.Struct("=IIII")  # major, minor, readahead, flags
_INITED = struct.Struct("=IIIIHHIIHHI28x")  # …, background, congestion, max_write, granularity, max_pages, …
_TRANSFER = struct.Struct("=QQIIQII")  # handle, offset, size, flags, owner, flags, -
_ATTRIBUTES = struct.Struct("=QIIQQQQQQIIIIIIIIII")  # valid s, valid ns, -, then the attributes
_OPENED = struct.Struct("=QIi")
_WRITTEN = struct.Struct("=II")
_MAJOR, _MINOR = 7, 31
_DIRECT = 1  # nothing of the file is cached above us: what is written comes here at once
_ASYNC_READ, _BIG_WRITES, _MAX_PAGES = 1 << 0, 1 << 5, 1 << 22
_MOST_BYTES = 1 << 20
_PAGE = 4096
_UNMOUNTED = errno.ENODEV
_libc = ctypes.CDLL(None, use_errno=True)

_LOOKUP, _FORGET, _GETATTR, _SETATTR = 1, 2, 3, 4
_OPEN, _READ, _WRITE, _STATFS, _RELEASE, _FSYNC, _FLUSH = 14, 15, 16, 17, 18, 20, 25
_INITIALISE, _INTERRUPT, _DESTROY, _BATCH_FORGET = 26, 36, 38, 42
_UNANSWERED = frozenset({_FORGET, _INTERRUPT, _BATCH_FORGET})


class Disk(Protocol):
    """What stands behind the file."""

    size: int

    def read(self, offset: int, size: int) -> bytes: ...

    def write(self, offset: int, data: bytes) -> None: ...

    def flush(self) -> None: ...


def mount(at: Path) -> int:
    """Put the file system over `at`, an empty file; the descriptor that `serve` takes. Raises OSError."""
    fd = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    options = f"fd={fd},rootmode={stat.S_IFREG:o},user_id=0,group_id=0,max_read={_MOST_BYTES}"
    if _libc.mount(b"power-cut", str(at).encode(), b"fuse", 0, options.encode()):
        number = ctypes.get_errno()
        os.close(fd)
        raise OSError(number, os.strerror(number), str(at))
    return fd


def serve(fd: int, disk: Disk) -> None:
    """Answer until the file system is unmounted."""
    while True:
        try:
            request = os.read(fd, _MOST_BYTES + _PAGE)
        except OSError as err:
            if err.errno == _UNMOUNTED:
                return
            if err.errno in (errno.EINTR, errno.ENOENT, errno.EAGAIN):
                continue
            raise
        length, opcode, unique, *_ = _HEAD.unpack_from(request)
        if opcode in _UNANSWERED:
            continue
        try:
            error, body = 0, _answer(disk, opcode, memoryview(request)[_HEAD.size : length])
        except OSError as err:
            error, body = -(err.errno or errno.EIO), b""
        os.writev(fd, [_ANSWER.pack(_ANSWER.size + len(body), error, unique), body])
        if opcode == _DESTROY:
            return


def _answer(disk: Disk, opcode: int, body: memoryview) -> bytes:
    match opcode:
        case 26:
            _, _, readahead, offered = _INIT.unpack_from(body)
            flags = offered & (_ASYNC_READ | _BIG_WRITES | _MAX_PAGES)
            return _INITED.pack(_MAJOR, _MINOR, readahead, flags, 64, 48, _MOST_BYTES, 1, _MOST_BYTES // _PAGE, 0, 0)
        case 3 | 4:
            attributes = (1, disk.size, disk.size // 512, 0, 0, 0, 0, 0, 0, stat.S_IFREG | 0o600, 1, 0, 0, 0, _PAGE, 0)
            return _ATTRIBUTES.pack(3600, 0, 0, *attributes)
        case 14:
            return _OPENED.pack(0, _DIRECT, 0)
        case 15:
            _, offset, size, *_ = _TRANSFER.unpack_from(body)
            return disk.read(offset, size)
        case 16:
            _, offset, size, *_ = _TRANSFER.unpack_from(body)
            disk.write(offset, bytes(body[_TRANSFER.size : _TRANSFER.size + size]))
            return _WRITTEN.pack(size, 0)
        case 20:
            disk.flush()
            return b""
        case 18 | 25 | 38:
            return b""
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
