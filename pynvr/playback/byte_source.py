"""A file as a client sees it, whether it lies on the disk or is made as it is read."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from pynvr.base.errors import FootageGoneError

# Small enough that hundreds of slow readers cost little memory, large enough that calls don't count.
PIECE_BYTES = 256 << 10


class ByteSource(Protocol):
    """Bytes of known number, to be read from any place, any number of times.

    `etag`: without quotes; the same for the same bytes, also after a restart, and never for others. `filename`: as a
    download is to be called.
    """

    @property
    def length(self) -> int: ...

    @property
    def etag(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def filename(self) -> str: ...

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """`[start, end)` in pieces of at most `PIECE_BYTES`. Raises FootageGoneError, also half-way."""
        ...

    def close(self) -> None:
        """Let go of everything; iterators that are still read end with an error."""
        ...


class FileSource:
    """A file behind a descriptor, which becomes the source's own."""

    def __init__(self, fd: int, filename: str, media_type: str = "video/mp4") -> None:
        facts = os.fstat(fd)
        self.length = facts.st_size
        self.media_type = media_type
        self.filename = filename
        # A finished segment never changes: another content means another file, of other length or time.
        identity = f"{facts.st_ino}.{facts.st_size}.{facts.st_mtime_ns}"
        self.etag = hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()
        self._fd = fd

    @classmethod
    def open(cls, path: Path, filename: str, media_type: str = "video/mp4") -> "FileSource":
        """Raises FootageGoneError."""
        try:
            return cls(os.open(path, os.O_RDONLY | os.O_CLOEXEC), filename, media_type)
        except OSError as err:
            raise FootageGoneError(f"{path.name} can't be read: {err.strerror}") from err

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """See `ByteSource`."""
        return read_file(self._fd, start, end, self.filename)

    def close(self) -> None:
        """See `ByteSource`."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def read_file(fd: int, start: int, end: int, name: str) -> Iterator[bytes]:
    """A file's bytes in pieces. Raises FootageGoneError when they end too early or the disk fails."""
    while start < end:
        try:
            data = os.pread(fd, min(PIECE_BYTES, end - start), start)
        except OSError as err:
            raise FootageGoneError(f"{name} can't be read any more: {err.strerror}") from err
        if not data:
            raise FootageGoneError(f"{name} was cut off while it was read")
        yield data
        start += len(data)
