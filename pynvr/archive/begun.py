"""A file of which no picture can be read: was it just begun when the power went, or does video stand behind damage?"""

import os
import re

from pynvr.archive.chunk import FRAME, FRAME_HEADER, HEADER, KEY_FLAG, PLAIN, STREAMS_END, TYPED, TYPED_BYTES
from pynvr.archive.nal import Units, units_of
from pynvr.archive.seal import has_forced, is_sealed, seal_ends

_PIECE_BYTES = 1 << 20
# What comes before a chunk is forced to disk for the first time is no more than this, mostly.
_FEW_BYTES = 1_000_000
_PAGE_BYTES = 4096
# A disk writes no less at once.
_SECTOR_BYTES = 512
# JSON as it is written here is printable ASCII.
_TEXT = re.compile(rb"[ -~]*")


def first_page(fd: int) -> int | None:
    """Where the first page begins in which anything was written down; None if there is none. Raises OSError."""
    at = 0
    while data := os.pread(fd, _PIECE_BYTES, at):
        if any(data):
            at += len(data) - len(data.lstrip(b"\0"))
            return at - at % _PAGE_BYTES
        at += len(data)
    return None


def is_headless(fd: int) -> bool:
    """Whether the beginning was never written down: then it is no chunk as it stands. Raises OSError."""
    return not any(os.pread(fd, HEADER.size, 0))


def is_cut_short(fd: int, begin: int) -> bool:
    """Whether the description of the streams that should stand at `begin` is as a power cut or a death leaves it:
    zeros in place of sectors, or no more of it up to the file's end. Else it is damaged, and video may follow it.

    Raises OSError.
    """
    data = os.pread(fd, _FEW_BYTES, begin)
    if not any(data[:_SECTOR_BYTES]):
        return True
    text = _TEXT.match(data, TYPED_BYTES)
    return text is None or not any(data[text.end() : text.end() + _SECTOR_BYTES])


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
    """Of those that follow another frame, or a description, however damaged that is."""
    begins = [match.end() for match in re.finditer(re.escape(STREAMS_END), data)]
    for end in seal_ends(data):
        if any(_is_keyframe(data[begin:end]) and is_sealed(data[begin:end]) for begin in begins):
            return True
        begins = [end]
    return False


def _is_keyframe(block: bytes) -> bool:
    if len(block) < HEADER.size:
        return False
    version, length, _ = HEADER.unpack_from(block)
    if version == PLAIN:
        return units_of((block[HEADER.size : HEADER.size + length],), length) is Units.IDR
    if version != TYPED or len(block) < FRAME_HEADER.size:
        return False
    _, _, _, kind, _, _, flags, *_ = FRAME_HEADER.unpack_from(block)
    return kind == FRAME and bool(flags & KEY_FLAG)
