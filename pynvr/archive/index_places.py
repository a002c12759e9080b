"""Where the records of a day index lie, so that one of them is read without the others.

A day has tens of MB of records and here 46 kB. An index file is only ever appended to, so a place
holds as long as the file is the same.
"""

import os
import threading
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pynvr.archive.index_codec import MAGIC, RECORD_HEADER, named_in
from pynvr.base.errors import FootageGoneError

# Read so much at once: a camera-day's index takes a handful of reads, for a disk's sake.
_WINDOW_BYTES = 4 << 20
_LARGEST_RECORD_BYTES = 1 << 28


class Place(NamedTuple):
    """A record's body: `length` bytes at `position` of the file `path`, as long as that is the file `inode`.

    `file_bytes`: what the record says of its MP4's length.
    """

    path: Path
    inode: int
    position: int
    length: int
    file_bytes: int


class _Rows:
    """Position, length and length of the MP4 by stamp, in columns: a row takes 32 bytes."""

    def __init__(self, rows: dict[int, tuple[int, int, int]]) -> None:
        self._keys = array("q", sorted(rows))
        self._fields = array("q", (field for key in self._keys for field in rows[key]))

    def find(self, key: int) -> tuple[int, int, int] | None:
        row = bisect_left(self._keys, key)
        return self._at(row) if row < len(self._keys) and self._keys[row] == key else None

    def unpacked(self) -> dict[int, tuple[int, int, int]]:
        return {key: self._at(row) for row, key in enumerate(self._keys)}

    def _at(self, row: int) -> tuple[int, int, int]:
        position, length, file_bytes = self._fields[3 * row : 3 * row + 3]
        return position, length, file_bytes


class IndexPlaces:
    """The places of one day index, looked up by stamp. For all threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._identity = (0, 0, 0, 0)
        self._end = 0
        self._rows = _Rows({})

    def refresh(self) -> bool:
        """See what was appended since; whether the file is there. Raises OSError."""
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return False
        identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        with self._lock:
            if identity != self._identity:
                self._look(identity)
        return True

    def find(self, stamp: str) -> Place | None:
        """The latest record of that name."""
        with self._lock:
            row = self._rows.find(_key(stamp))
            return None if row is None else Place(self._path, self._identity[1], *row)

    def _look(self, identity: tuple[int, int, int, int]) -> None:
        fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            is_same = identity[:2] == self._identity[:2] and identity[2] >= self._end
            if not is_same:
                self._end, self._rows = 0, _Rows({})
            rows = self._rows.unpacked()
            for stamp, position, length, file_bytes in whole_records(fd, self._end, identity[2]):
                rows[_key(stamp)] = position, length, file_bytes
                self._end = position + length
        finally:
            os.close(fd)
        self._rows = _Rows(rows)
        self._identity = identity


class PlaceReader:
    """Reads bytes of records; the file of the last one stays open until `close`."""

    def __init__(self) -> None:
        self._fd = -1
        self._opened: tuple[Path, int] | None = None

    def read(self, place: Place, start: int, length: int) -> bytes:
        """`length` bytes of the body from `start` on. Raises FootageGoneError when the file is another one by now."""
        if self._opened != (place.path, place.inode):
            self._open(place)
        try:
            data = os.pread(self._fd, length, place.position + start)
        except OSError as err:
            raise FootageGoneError(f"{place.path} can't be read: {err.strerror}") from err
        if len(data) != length:
            raise FootageGoneError(f"{place.path} was cut off while it was read")
        return data

    def close(self) -> None:
        """Idempotent."""
        fd, self._fd, self._opened = self._fd, -1, None
        if fd >= 0:
            os.close(fd)

    def __enter__(self) -> "PlaceReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, place: Place) -> None:
        self.close()
        try:
            self._fd = os.open(place.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as err:
            raise FootageGoneError(f"{place.path} can't be read: {err.strerror}") from err
        if os.fstat(self._fd).st_ino != place.inode:
            self.close()
            raise FootageGoneError(f"{place.path} was made anew while it was read")
        self._opened = place.path, place.inode


def whole_records(fd: int, start: int, end: int) -> Iterator[tuple[str, int, int, int]]:
    """(stamp, position and length of the body, length of the MP4) of each record whose check sum holds.

    Damage is jumped over.
    """
    data, base, at = b"", start, start
    while at + RECORD_HEADER.size <= end:
        head = at - base
        if head + RECORD_HEADER.size > len(data):
            data, base, head = os.pread(fd, min(_WINDOW_BYTES, end - at), at), at, 0
            if len(data) < RECORD_HEADER.size:
                return
        magic, length, crc = RECORD_HEADER.unpack_from(data, head)
        body = head + RECORD_HEADER.size
        if magic == MAGIC and length <= min(end - base - body, _LARGEST_RECORD_BYTES):
            if body + length > len(data):
                data, base, body = os.pread(fd, max(_WINDOW_BYTES, RECORD_HEADER.size + length), at), at, body - head
            view = memoryview(data)[body : body + length]
            stamp, file_bytes = named_in(view) if zlib.crc32(view) == crc else ("", 0)
            if stamp:
                yield stamp, base + body, length, file_bytes
                at = base + body + length
                continue
        head = at - base
        found = data.find(MAGIC, head + 1)
        at = base + (found if found >= 0 else max(head + 1, len(data) - len(MAGIC) + 1))


def _key(stamp: str) -> int:
    """A number that is the stamp: a month of them takes no more room than it must. 0 = not a stamp."""
    digits = stamp.replace(".", "", 1)
    is_second = digits.endswith("b")
    digits = digits.removesuffix("b")
    return 2 * int(digits) + is_second if digits.isdigit() and digits.isascii() and len(digits) <= 14 else 0
