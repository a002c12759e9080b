"""Big-endian tables and their run-length form, as `stts` and `ctts` have it."""

import sys
from array import array
from collections.abc import Iterable
from itertools import groupby


def to_big_endian(values: "array[int]") -> bytes:
    """The array's elements, each in network order."""
    if sys.byteorder == "big":
        return values.tobytes()
    swapped = values[:]
    swapped.byteswap()
    return swapped.tobytes()


def from_big_endian(typecode: str, data: bytes) -> "array[int]":
    """The array that `to_big_endian` wrote."""
    values = array(typecode, data)
    if sys.byteorder == "little":
        values.byteswap()
    return values


def to_runs(values: Iterable[int]) -> bytes:
    """(count u32, value u32) of each run of equal values; negative values in two's complement."""
    pairs: list[int] = []
    for value, run in groupby(values):
        pairs.append(len(list(run)))
        pairs.append(value & 0xFFFFFFFF)
    return to_big_endian(array("I", pairs))


def from_runs(typecode: str, data: bytes, most: int) -> "array[int]":
    """The values of all runs; raises ValueError if there are more than `most`."""
    counts = from_big_endian("I", data)[0::2]
    values = from_big_endian(typecode, data)[1::2]
    if sum(counts) > most:
        raise ValueError(f"{sum(counts)} values where {most} are expected")
    unrolled = array(typecode)
    for count, value in zip(counts, values, strict=True):
        unrolled.extend(array(typecode, (value,)) * count)
    return unrolled


def added(rows: bytes, row_bytes: int, number: int) -> bytes:
    """The same big-endian rows, each greater by `number` (which may be negative); none may leave its width.

    All at once, as one long number: a loop over a day's samples takes several times as long.
    """
    each = abs(number).to_bytes(row_bytes, "big") * (len(rows) // row_bytes)
    whole, change = int.from_bytes(rows, "big"), int.from_bytes(each, "big")
    return (whole + change if number > 0 else whole - change).to_bytes(len(rows), "big")


def widened(rows: bytes) -> bytes:
    """Rows of 4 bytes as rows of 8."""
    wide = bytearray(2 * len(rows))
    for place in range(4):
        wide[4 + place :: 8] = rows[place::4]
    return bytes(wide)
