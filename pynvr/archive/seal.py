"""What proves that frames of a chunk are as they were written (docs/chunk-format.md, "After a power cut").

A power cut leaves zeros wherever a file system knew a file's length before its content, down to single sectors, and a
frame may hold zeros of its own. So each frame's block is followed by a check sum of it, and now and then by a word on
how much was forced to disk, which needs no check.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator

from pynvr.archive.chunk import FORCED, HEADER, SEAL, TYPED, TYPED_BYTES

_CRC = struct.Struct(">I")
_END = struct.Struct(">Q")
SEAL_BYTES = TYPED_BYTES
FORCED_BYTES = TYPED_BYTES + _END.size
# Both blocks but for their CRC and what follows it.
SEAL_START = HEADER.pack(TYPED, SEAL_BYTES - HEADER.size, 0) + bytes((SEAL,))
_FORCED_START = HEADER.pack(TYPED, FORCED_BYTES - HEADER.size, 0) + bytes((FORCED,))
_FORCED_CRC = zlib.crc32(_FORCED_START)


def seal_of(pieces: Iterable[bytes | memoryview]) -> bytes:
    """The block that follows the one of these bytes; its CRC is of both."""
    seen = 0
    for piece in pieces:
        seen = zlib.crc32(piece, seen)
    return SEAL_START + _CRC.pack(zlib.crc32(SEAL_START, seen))


def is_sealed(data: bytes) -> bool:
    """Whether these are a block and its seal, each byte as it was written."""
    begin, crc_at = len(data) - SEAL_BYTES, len(data) - _CRC.size
    if begin < 0 or data[begin:crc_at] != SEAL_START:
        return False
    return zlib.crc32(memoryview(data)[:crc_at]) == int.from_bytes(data[crc_at:], "big")


def forced_block(end: int) -> bytes:
    """The block that says that all in front of `end` was on disk before this was written."""
    fields = _END.pack(end)
    return _FORCED_START + _CRC.pack(zlib.crc32(fields, _FORCED_CRC)) + fields


def read_forced(block: bytes) -> int | None:
    """The end that such a block says; None if this is none, or a damaged one."""
    if len(block) != FORCED_BYTES:
        return None
    end = int.from_bytes(block[TYPED_BYTES:], "big")
    return end if block == forced_block(end) else None


def has_forced(data: bytes) -> bool:
    """Whether there is such a block anywhere in the data."""
    return any(read_forced(data[at : at + FORCED_BYTES]) is not None for at in _places(_FORCED_START, data))


def seal_ends(data: bytes) -> Iterator[int]:
    """Where what looks like a seal ends, anywhere in the data; a block begins there."""
    return (at + SEAL_BYTES for at in _places(SEAL_START, data) if at + SEAL_BYTES <= len(data))


def _places(start: bytes, data: bytes) -> Iterator[int]:
    at = data.find(start)
    while at >= 0:
        yield at
        at = data.find(start, at + 1)
