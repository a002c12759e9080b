"""What the NAL units of an H.264 access unit are, seen from their lengths and first bytes only."""

from collections.abc import Sequence
from enum import Enum

LENGTH_BYTES = 4
_TYPE_MASK = 0x1F
_IDR = 5
_JOIN = b""


class Units(Enum):
    """Whether the bytes are NAL units whose lengths add up, and whether one of them is a slice of an IDR picture."""

    BROKEN = 0
    INTER = 1
    IDR = 2


def units_of(payload: Sequence[bytes | memoryview], size: int) -> Units:
    """Look through an access unit in pieces (NAL units may cross from one to the next)."""
    if len(payload) == 1:
        return _units_of_one(payload[0], size)
    if not _pieces_are_whole(payload):
        return _units_of_one(_JOIN.join(payload), size)
    found = Units.INTER
    for piece in payload:
        units = _units_of_one(piece, len(piece))
        if units is Units.BROKEN:
            return units
        if units is Units.IDR:
            found = units
    return found if sum(map(len, payload)) == size else Units.BROKEN


def _pieces_are_whole(payload: Sequence[bytes | memoryview]) -> bool:
    """Whether each piece is a run of whole NAL units."""
    return all(_units_of_one(piece, len(piece)) is not Units.BROKEN for piece in payload)


def _units_of_one(data: bytes | memoryview, size: int) -> Units:
    if len(data) != size or size == 0:
        return Units.BROKEN
    position, idr = 0, False
    last = size - LENGTH_BYTES - 1
    while position < size:
        if position > last:
            return Units.BROKEN
        length = data[position] << 24 | data[position + 1] << 16 | data[position + 2] << 8 | data[position + 3]
        if length == 0:
            return Units.BROKEN
        if data[position + LENGTH_BYTES] & _TYPE_MASK == _IDR:
            idr = True
        position += LENGTH_BYTES + length
    if position != size:
        return Units.BROKEN
    return Units.IDR if idr else Units.INTER
