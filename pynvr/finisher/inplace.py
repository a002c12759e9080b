"""A chunk's reserve becomes an MP4's header, in an order in which a crash never leaves anything in between.

The first page decides what the file is. All other pages of the header are on disk before it is written, and lie in
the reserve, which a chunk's readers skip. So the file is a whole chunk, then, with one page, a whole MP4.
"""

import os
import zlib
from collections.abc import Callable
from enum import StrEnum

from pynvr.archive.chunk import DESCRIPTIONS, HEADER, TYPED, TYPED_BYTES, TYPED_HEADER, reserve_head
from pynvr.base.errors import BoxError
from pynvr.base.files import write_all

PAGE_BYTES = 4096
_BOX_HEAD_BYTES = 8
_LONGEST_RESERVE_BYTES = 1 << 26
_LONGEST_STREAMS_BYTES = 1 << 20


class Step(StrEnum):
    """What was just done; tests die here."""

    CLAIMED = "claimed"
    HEADER_BEHIND_FIRST_PAGE = "header behind the first page written"
    HEADER_SYNCED = "header behind the first page synced"
    FIRST_PAGE = "first page written"
    FIRST_PAGE_SYNCED = "first page synced"
    CHECKED = "checked"
    COPIED = "remuxed copy written"
    COPY_SYNCED = "remuxed copy synced"
    RENAMED = "renamed"
    FOLDER_SYNCED = "folder synced"
    CHUNK_REMOVED = "chunk of a remuxed copy removed"
    PART_WRITTEN = "part written"
    PART_SYNCED = "part synced"
    PARTS_SYNCED = "names of the parts synced"
    ACCOUNTED = "what is left out accounted for"
    CUT = "chunk renamed, for its parts are all there"
    CUT_SYNCED = "new name of the chunk synced"
    PART_NAMED = "part given its name"
    PARTS_NAMED = "names given to the parts synced"
    REST_REMOVED = "what is left of the chunk removed"


Witness = Callable[[Step], None]


def ignore(_step: Step) -> None:
    """The witness of everyday work."""


def write_header(fd: int, header: bytes, witness: Witness = ignore) -> None:
    """Turn the chunk into the MP4 whose first `len(header)` bytes these are. Raises OSError."""
    write_all(fd, header[PAGE_BYTES:], PAGE_BYTES)
    witness(Step.HEADER_BEHIND_FIRST_PAGE)
    os.fdatasync(fd)
    witness(Step.HEADER_SYNCED)
    write_all(fd, header[:PAGE_BYTES], 0)
    witness(Step.FIRST_PAGE)
    os.fdatasync(fd)
    witness(Step.FIRST_PAGE_SYNCED)


def take_header_back(fd: int) -> None:
    """Make the chunk of an MP4 that was made in place, so that it can be finished again from its blocks.

    Raises BoxError if its media data isn't a chunk's, OSError.
    """
    try:
        reserve_bytes = _media_data_start(fd)
    except BoxError:
        # Of the first page a power cut may leave some sectors: then a box lacks its length.
        reserve_bytes = _streams_start(fd)
    block = os.pread(fd, TYPED_BYTES, reserve_bytes)
    if len(block) < TYPED_BYTES or block[0] != TYPED or block[HEADER.size] not in DESCRIPTIONS:
        raise BoxError("the file is an MP4 that wasn't made of a chunk")
    write_all(fd, reserve_head(reserve_bytes), 0)
    os.fdatasync(fd)


def _streams_start(fd: int) -> int:
    """Where the description of the streams stands, behind a reserve of whole pages. Raises BoxError."""
    for at in range(PAGE_BYTES, min(os.fstat(fd).st_size, _LONGEST_RESERVE_BYTES), PAGE_BYTES):
        head = os.pread(fd, TYPED_BYTES, at)
        if len(head) < TYPED_BYTES or head[0] != TYPED or head[HEADER.size] not in DESCRIPTIONS:
            continue
        length = HEADER.size + TYPED_HEADER.unpack(head)[1]
        block = os.pread(fd, min(length, _LONGEST_STREAMS_BYTES), at)
        if zlib.crc32(block[TYPED_BYTES:], zlib.crc32(block[: HEADER.size + 1])) == TYPED_HEADER.unpack(head)[4]:
            return at
    raise BoxError("the file begins like an MP4, but has no media data")


def _media_data_start(fd: int) -> int:
    """Where the content of the first `mdat` begins (ISO/IEC 14496-12 §4.2)."""
    at, length = 0, os.fstat(fd).st_size
    while at + _BOX_HEAD_BYTES <= length:
        head = os.pread(fd, 2 * _BOX_HEAD_BYTES, at)
        size, head_bytes = int.from_bytes(head[:4], "big"), _BOX_HEAD_BYTES
        if size == 1:
            size, head_bytes = int.from_bytes(head[8:16], "big"), 2 * _BOX_HEAD_BYTES
        if head[4:8] == b"mdat":
            return at + head_bytes
        if size < head_bytes:
            break
        at += size
    raise BoxError("the file begins like an MP4, but has no media data")
