"""A ZIP as bytes whose lengths are known before the content is read: stored, sizes above 4 GiB, checksums behind.

Source: PKWARE's APPNOTE 6.3, chapters 4.3 (layout), 4.4 (fields) and 4.5 (extra fields). The checksum stands in a data
descriptor behind each file's content (general purpose bit 3), for it is known only then. Pure.
"""

import struct
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pynvr.model.stamp import local
from pynvr.model.ticks import MICROSECONDS

_DESCRIPTOR_FOLLOWS, _UTF8 = 1 << 3, 1 << 11
_FLAGS = _DESCRIPTOR_FOLLOWS | _UTF8
_STORED = 0
_VERSION, _VERSION_64 = 20, 45
_MADE_ON_UNIX = 3 << 8
_REGULAR_FILE = 0o100644 << 16
_MOST_32, _MOST_16 = 0xFFFFFFFF, 0xFFFF
_ZIP64, _TIMESTAMP = 0x0001, 0x5455
# What DOS can say: every other second from 1980 to 2107.
_FIRST_YEAR, _LAST_YEAR = 1980, 2107


class ZipEntry(NamedTuple):
    """A file in a ZIP. `at_us`: when it was made, as programs show it."""

    name: str
    length: int
    at_us: int


def local_header(entry: ZipEntry, zone: ZoneInfo) -> bytes:
    """What stands before the content; sizes and checksum come behind it."""
    name = entry.name.encode()
    large = _is_large(entry)
    extra = _timestamp(entry)
    if large:
        extra = struct.pack("<HHQQ", _ZIP64, 16, 0, 0) + extra
    size = _MOST_32 if large else 0
    version = _VERSION_64 if large else _VERSION
    head = struct.pack("<4sHHH", b"PK\3\4", version, _FLAGS, _STORED) + _dos_time(entry.at_us, zone)
    return head + struct.pack("<IIIHH", 0, size, size, len(name), len(extra)) + name + extra


def descriptor(entry: ZipEntry, crc: int) -> bytes:
    """What stands behind the content."""
    form = "<4sIQQ" if _is_large(entry) else "<4sIII"
    return struct.pack(form, b"PK\7\x08", crc, entry.length, entry.length)


def directory(
    entries: Sequence[ZipEntry], crcs: Sequence[int], begins: Sequence[int], at: int, zone: ZoneInfo
) -> bytes:
    """The end of the ZIP. `begins`: where each entry's local header is; `at`: where the directory itself begins."""
    rows = b"".join(_row(*one, zone) for one in zip(entries, crcs, begins, strict=True))
    count, length = len(entries), len(rows)
    end = b""
    if count >= _MOST_16 or length >= _MOST_32 or at >= _MOST_32:
        version = _MADE_ON_UNIX | _VERSION_64
        end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, version, _VERSION_64, 0, 0, count, count, length, at)
        end += struct.pack("<4sIQI", b"PK\6\7", 0, at + length, 1)
    few = min(count, _MOST_16)
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, few, few, min(length, _MOST_32), min(at, _MOST_32), 0)
    return rows + end + last


def _row(entry: ZipEntry, crc: int, begin: int, zone: ZoneInfo) -> bytes:
    name = entry.name.encode()
    large, far = _is_large(entry), begin >= _MOST_32
    numbers = ([entry.length] * 2 if large else []) + ([begin] if far else [])
    extra = struct.pack(f"<HH{len(numbers)}Q", _ZIP64, 8 * len(numbers), *numbers) if numbers else b""
    extra += _timestamp(entry)
    version = _VERSION_64 if numbers else _VERSION
    size = _MOST_32 if large else entry.length
    head = struct.pack("<4sHHHH", b"PK\1\2", _MADE_ON_UNIX | version, version, _FLAGS, _STORED)
    head += _dos_time(entry.at_us, zone) + struct.pack(
        "<IIIHHHHHII", crc, size, size, len(name), len(extra), 0, 0, 0, _REGULAR_FILE, min(begin, _MOST_32)
    )
    return head + name + extra


def _is_large(entry: ZipEntry) -> bool:
    return entry.length >= _MOST_32


def _timestamp(entry: ZipEntry) -> bytes:
    """The extended timestamp of Info-ZIP: DOS has neither a zone nor odd seconds."""
    return struct.pack("<HHBi", _TIMESTAMP, 5, 1, min(max(entry.at_us // MICROSECONDS, 0), 0x7FFFFFFF))


def _dos_time(at_us: int, zone: ZoneInfo) -> bytes:
    at = local(at_us, zone)
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        at = datetime(_FIRST_YEAR, 1, 1)
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    return struct.pack("<HH", time, (at.year - _FIRST_YEAR) << 9 | at.month << 5 | at.day)
