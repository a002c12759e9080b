"""A chunk seen as an MP4 without changing it: a header made in memory, then the chunk's own bytes."""

import io
import os
from array import array
from dataclasses import replace

from pynvr.archive.tables import SegmentTables
from pynvr.isobmff.header import HeaderTooLargeError, segment_header
from pynvr.isobmff.table import SegmentIdentity, TrackTable

# As a guess: sample table bytes of a sample, and of the rest.
_BYTES_A_SAMPLE = 40
_FIXED_BYTES = 16_384


class HeadedChunk(io.RawIOBase):
    """Readable and seekable: `header`, then the whole file behind `fd` (which stays the caller's)."""

    def __init__(self, header: bytes, fd: int) -> None:
        super().__init__()
        self._header = header
        self._fd = fd
        self._at = 0
        self._length = len(header) + os.fstat(fd).st_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            size = self._length - self._at
        if self._at < len(self._header):
            data = self._header[self._at : self._at + size]
        else:
            data = os.pread(self._fd, size, self._at - len(self._header))
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at


def headed(fd: int, tables: SegmentTables, identity: SegmentIdentity) -> HeadedChunk:
    """The chunk behind a header that is as long as it needs to be. Raises BoxError."""
    return HeadedChunk(header_for(tables, identity, 0, os.fstat(fd).st_size), fd)


def header_for(tables: SegmentTables, identity: SegmentIdentity, begin: int, length: int) -> bytes:
    """The header of an MP4 that goes on with `length` bytes of the chunk, from `begin` on. Raises BoxError."""
    size = _FIXED_BYTES + _BYTES_A_SAMPLE * sum(table.count for table in tables.tables)
    while True:
        shifted = [_shifted(table, size - begin) for table in tables.tables]
        try:
            return segment_header(shifted, tables.start_us, size, size + length, identity)
        except HeaderTooLargeError:
            size *= 2


def _shifted(table: TrackTable, distance: int) -> TrackTable:
    return replace(table, offsets=array("Q", (offset + distance for offset in table.offsets)))
