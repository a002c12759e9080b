"""What the NAL units of an H.264 access unit are, seen from their lengths and first bytes only."""

import struct
from collections.abc import Sequence
from enum import Enum

# The length in front of a NAL unit, and the byte that holds its type (ISO/IEC 14496-10 §7.3.1).
UNIT = struct.Struct(">IB")
LENGTH_BYTES = 4
NAL_TYPE = 0x1F
IDR = 5


class Units(Enum):
    """Whether the bytes are NAL units whose lengths add up, and whether one of them is a slice of an IDR picture."""

    BROKEN = 0
    INTER = 1
    IDR = 2


def units_of(payload: Sequence[bytes | memoryview], size: int) -> Units:
    """Look through an access unit in pieces (NAL units may cross from one to the next)."""
    if len(payload) == 1:
        return _units_of_one(payload[0], size)
    found = Units.INTER
    for piece in payload:
        units = _units_of_one(piece, len(piece))
        if units is Units.BROKEN:
            return _units_of_one(b"".join(payload), size)
        if units is Units.IDR:
            found = units
    return found if sum(map(len, payload)) == size > 0 else Units.BROKEN


def _units_of_one(data: bytes | memoryview, size: int) -> Units:
    if len(data) != size or size == 0:
        return Units.BROKEN
    position, idr = 0, False
    last = size - UNIT.size
    while position <= last:
        length, first = UNIT.unpack_from(data, position)
        if length == 0:
            return Units.BROKEN
        if first & NAL_TYPE == IDR:
            idr = True
        position += LENGTH_BYTES + length
    if position != size:
        return Units.BROKEN
    return Units.IDR if idr else Units.INTER
