"""The descriptors that say what an MPEG-4 decoder needs: ISO/IEC 14496-1 §7.2.6 and §8.3.3."""

from typing import NamedTuple


class Descriptor(NamedTuple):
    """The first of a run of them. `rest`: what follows it."""

    tag: int
    body: bytes
    rest: bytes


def first_descriptor(data: bytes) -> Descriptor:
    """Of at least two bytes. Its length has seven bits a byte, the highest says that another follows."""
    at, size = 1, 0
    while at < len(data):
        size = size << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            break
    return Descriptor(data[0], data[at : at + size], data[at + size :])
