"""A file of which no picture can be read: was it just begun when the power went, or does video stand behind damage?"""

import os
from itertools import pairwise

from pynvr.archive.chunk import FRAME, FRAME_HEADER, HEADER, KEY_FLAG, PLAIN, TYPED
from pynvr.archive.nal import Units, units_of
from pynvr.archive.seal import has_forced, is_sealed, seal_ends

_PIECE_BYTES = 1 << 20
# What comes before a chunk is forced to disk for the first time is no more than this, mostly.
_FEW_BYTES = 1_000_000


def is_blank(fd: int) -> bool:
    """Whether nothing at all of the file was written down. Raises OSError."""
    at = 0
    while data := os.pread(fd, _PIECE_BYTES, at):
        if any(data):
            return False
        at += len(data)
    return True


def is_headless(fd: int) -> bool:
    """Whether the beginning was never written down: then it is no chunk as it stands. Raises OSError."""
    return not any(os.pread(fd, HEADER.size, 0))


def is_but_begun(fd: int, begin: int) -> bool:
    """Whether behind `begin`, where reading ends, there is nothing that was promised or could be shown: no word that
    it was ever forced to disk, no whole keyframe. Where there is much, it isn't the power that did the damage.

    Raises OSError.
    """
    if os.fstat(fd).st_size - begin >= _FEW_BYTES:
        return False
    data = os.pread(fd, _FEW_BYTES, begin)
    return not has_forced(data) and not _has_keyframe(data)


def _has_keyframe(data: bytes) -> bool:
    """Of those that follow another frame."""
    blocks = (data[behind:end] for behind, end in pairwise(seal_ends(data)))
    return any(_is_keyframe(block) and is_sealed(block) for block in blocks)


def _is_keyframe(block: bytes) -> bool:
    version, length, _ = HEADER.unpack_from(block)
    if version == PLAIN:
        return units_of((block[HEADER.size : HEADER.size + length],), length) is Units.IDR
    if version != TYPED or len(block) < FRAME_HEADER.size:
        return False
    _, _, _, kind, _, _, flags, *_ = FRAME_HEADER.unpack_from(block)
    return kind == FRAME and bool(flags & KEY_FLAG)
