"""The form of boxes (ISO/IEC 14496-12 §4.2): how they are written, and how a run of them is walked."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from pynvr.base.errors import BoxError

# Seconds from 1904-01-01 to 1970-01-01, UTC: the epoch of MP4's dates.
EPOCH_1904_S = 2_082_844_800
# The unit matrix of mvhd and tkhd (§8.2.2): no rotation, no scaling.
UNIT_MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
MAX_U32 = (1 << 32) - 1
BOX_HEADER = struct.Struct(">I4s")
LARGE_BOX_HEADER = struct.Struct(">I4sQ")


class Box(NamedTuple):
    """A box in a piece of memory: its type, and where its content lies there."""

    type: bytes
    start: int
    end: int


def box(kind: bytes, *content: bytes) -> bytes:
    """A whole box."""
    return BOX_HEADER.pack(BOX_HEADER.size + sum(map(len, content)), kind) + b"".join(content)


def full_box(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    """A whole box with version and flags (§4.2.2)."""
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes of `data[start:end]`, one after the other. Raises BoxError if one reaches past the end."""
    position = start
    while position < end:
        header = BOX_HEADER.size
        if position + header > end:
            raise BoxError("the file's boxes are cut off")
        size, kind = BOX_HEADER.unpack_from(data, position)
        if size == 1 and position + LARGE_BOX_HEADER.size <= end:
            header = LARGE_BOX_HEADER.size
            size = LARGE_BOX_HEADER.unpack_from(data, position)[2]
        elif size == 0:
            size = end - position
        if size < header or position + size > end:
            raise BoxError(f"box {kind!r} doesn't fit into the one around it")
        yield Box(kind, position + header, position + size)
        position += size
