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
from pynvr.archive.index_head import HeadReader, RecordHead
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


Heads = dict[str, tuple[Place, RecordHead]]


class _Rows:
    """Position, length and length of the MP4 by stamp, in columns: a row takes 32 bytes."""

    def __init__(self, rows: dict[int, tuple[int, int, int]]) -> None:
        self._keys = array("q", sorted(rows))
        self._fields = array("q", (field for key in self._keys for field in rows[key]))

    def find(self, key: int) -> tuple[int, int, int] | None:
        row = bisect_left(self._keys, key)
        return self._at(row) if row < len(self._keys) and self._keys[row] == key else None

    def values(self) -> Iterator[tuple[int, int, int]]:
        return map(self._at, range(len(self._keys)))

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
        self._heads: Heads | None = None

    def refresh(self, reader: HeadReader | None = None) -> bool:
        """See what was appended since; whether the file is there. Raises OSError.

        With a `reader` heads are read on the way, if all of the file has to be looked at.
        """
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return False
        identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        with self._lock:
            if identity != self._identity:
                self._look(identity, reader)
        return True

    def find(self, stamp: str) -> Place | None:
        """The latest record of that name."""
        with self._lock:
            row = self._rows.find(_key(stamp))
            return None if row is None else Place(self._path, self._identity[1], *row)

    def heads(self, reader: HeadReader) -> Heads:
        """The heads of all its records, by stamp; remembered until `forget_heads`. Raises FootageGoneError."""
        with self._lock:
            if self._heads is None:
                self._heads = self._read_heads(reader)
            return self._heads

    def forget_heads(self) -> None:
        """They take fifty times as much memory as places."""
        with self._lock:
            self._heads = None

    def _read_heads(self, reader: HeadReader) -> Heads:
        heads: Heads = {}
        with PlaceReader() as records:
            for fields in self._rows.values():
                place = Place(self._path, self._identity[1], *fields)
                _note(heads, place, memoryview(records.read(place, 0, place.length)), reader)
        return heads

    def _look(self, identity: tuple[int, int, int, int], reader: HeadReader | None) -> None:
        fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            is_same = identity[:2] == self._identity[:2] and identity[2] >= self._end
            if not is_same:
                self._end, self._rows = 0, _Rows({})
                self._heads = {} if reader is not None else None
            end, rows = self._end, self._rows.unpacked()
            # Whoever holds the old ones goes on with them.
            heads = dict(self._heads) if self._heads is not None else None
            for stamp, position, body in whole_records(fd, end, identity[2]):
                place = Place(self._path, identity[1], position, len(body), named_in(body)[1])
                rows[_key(stamp)] = place[2:]
                end = position + len(body)
                if heads is not None:
                    _note(heads, place, body, reader or HeadReader())
        finally:
            os.close(fd)
        # All at once: of a disk that failed half-way nothing is known, and it is read again from where it was.
        self._end, self._rows, self._heads, self._identity = end, _Rows(rows), heads, identity


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


def _note(heads: Heads, place: Place, body: memoryview, reader: HeadReader) -> None:
    try:
        head = reader.read(body)
    except ValueError:
        return  # whoever wants this one reads the MP4 itself
    heads[head.stamp] = place, head


def whole_records(fd: int, start: int, end: int) -> Iterator[tuple[str, int, memoryview]]:
    """(stamp, position of the body, body) of each record whose check sum holds; a body is there until the next one.

    Damage is jumped over.
    """
    window = _Window(fd)
    at = start
    while at + RECORD_HEADER.size <= end:
        head = window.at(at, RECORD_HEADER.size)
        if len(head) < RECORD_HEADER.size:
            return
        magic, length, crc = RECORD_HEADER.unpack(head)
        body_at = at + RECORD_HEADER.size
        if magic == MAGIC and length <= min(end - body_at, _LARGEST_RECORD_BYTES):
            body = window.at(body_at, length)
            stamp = named_in(body)[0] if zlib.crc32(body) == crc else ""
            if stamp:
                yield stamp, body_at, body
                at = body_at + length
                continue
        at = window.find(MAGIC, at + 1)


class _Window:
    """A file's bytes, always in the same memory: fresh memory for each of many MB costs more than the reading."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._room = memoryview(bytearray(_WINDOW_BYTES))
        self._start = self._end = 0

    def at(self, position: int, length: int) -> memoryview:
        """The bytes there, fewer only at the file's end; they hold until the next call."""
        if position < self._start or position + length > self._end:
            if length > len(self._room):
                self._room = memoryview(bytearray(length))
            self._start = position
            self._end = position + os.preadv(self._fd, [self._room], position)
        offset = position - self._start
        return self._room[offset : min(offset + length, self._end - self._start)]

    def find(self, what: bytes, position: int) -> int:
        """Where that stands next, at `position` or behind it; else where the next look has to begin."""
        rest = bytes(self.at(position, max(self._end - position, len(what))))
        found = rest.find(what)
        return position + (found if found >= 0 else max(1, len(rest) - len(what) + 1))


def _key(stamp: str) -> int:
    """A number that is the stamp: a month of them takes no more room than it must. 0 = not a stamp."""
    digits = stamp.replace(".", "", 1)
    is_second = digits.endswith("b")
    digits = digits.removesuffix("b")
    return 2 * int(digits) + is_second if digits.isdigit() and digits.isascii() and len(digits) <= 14 else 0
