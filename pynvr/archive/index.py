"""The day index (docs/index-format.md): one record a segment, so that a day is read in one go.

A cache: whatever is lost of it is rebuilt from the MP4s beside it.
"""

import fcntl
import os
import zlib
from pathlib import Path

from pynvr.archive.disk import disk_error
from pynvr.archive.index_codec import MAGIC, RECORD_HEADER, decode_record, encode_record
from pynvr.archive.index_record import IndexRecord, IndexTrack
from pynvr.base.files import FILE_MODE

__all__ = ["IndexRecord", "IndexTrack", "append_record", "read_records"]


def append_record(path: Path, record: IndexRecord) -> None:
    """Add the record; the file is made if it isn't there (its folder must be). Raises DiskError.

    A write that fails half-way is taken back; one that a crash cut off is skipped by readers.
    """
    data = encode_record(record)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, FILE_MODE)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            _append(fd, data)
        finally:
            os.close(fd)
    except OSError as err:
        raise disk_error(err, f"append to {path}") from err


def read_records(path: Path, last_bytes: int = 0) -> list[IndexRecord]:
    """All readable records by stamp, the latest of each; empty if there is no file. OSError if the disk fails.

    `last_bytes`: only those within as much of the file's end; 0 = of all of it.
    """
    try:
        with path.open("rb") as file:
            if last_bytes and os.fstat(file.fileno()).st_size > last_bytes:
                file.seek(-last_bytes, os.SEEK_END)
            data = file.read()
    except FileNotFoundError:
        return []
    records: dict[str, IndexRecord] = {}
    position = 0
    while 0 <= position < len(data):
        end, record = _record_at(data, position)
        if record is None:
            position = data.find(MAGIC, position + 1)
        else:
            records[record.stamp] = record
            position = end
    return sorted(records.values(), key=lambda record: record.start_us)


def _append(fd: int, data: bytes) -> None:
    before = os.fstat(fd).st_size
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]
    except OSError:
        os.ftruncate(fd, before)
        raise


def _record_at(data: bytes, position: int) -> tuple[int, IndexRecord | None]:
    start = position + RECORD_HEADER.size
    if start > len(data):
        return position, None
    magic, length, crc = RECORD_HEADER.unpack_from(data, position)
    end = start + length
    if magic != MAGIC or end > len(data):
        return position, None
    if zlib.crc32(memoryview(data)[start:end]) != crc:
        return position, None
    try:
        return end, decode_record(data, start, end)
    except ValueError:
        return position, None
