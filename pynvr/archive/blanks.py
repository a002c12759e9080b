"""What a power cut leaves in a chunk behind the last time it was forced to disk: pages that read as zeros.

A file system may have written down how long the file is, and not yet what is in it (ext4 does so for pages whose
writing was on its way). A block whose header was written looks whole then, and its sample isn't.
"""

import os
from dataclasses import replace

from pynvr.archive.chunk import BlockFrame, ChunkContents

# What isn't forced yet is at most what some seconds bring; all of a common minute, and not all of a long chunk.
_TAIL_BYTES = 32_000_000
_PAGE_BYTES = 4096
_PIECE_BYTES = 1 << 20
# So many zeros up to a page's edge are no coded picture or sound; in NAL units not even three are (ITU-T H.264
# §7.4.1.1), but some cameras pad theirs.
_FEWEST = 64
_FEWEST_IN_NAL = 16
_NAL_CODECS = frozenset({"h264", "hevc"})


def without_blanks(contents: ChunkContents, fd: int) -> ChunkContents:
    """The chunk up to the first frame near its end that was never written; what is behind counts as dropped.

    Raises OSError.
    """
    size = contents.whole_bytes + contents.dropped_bytes
    fewest = {track.number: _FEWEST for track in contents.tracks if track.codec not in _NAL_CODECS}
    whole = None
    for number in range(len(contents.frames) - 1, -1, -1):
        frame = contents.frames[number]
        if frame.offset < size - _TAIL_BYTES:
            break
        if _is_blank(frame, fd, fewest.get(frame.track, _FEWEST_IN_NAL)):
            whole = number
    if whole is None:
        return contents
    end = contents.frames[whole - 1].offset + contents.frames[whole - 1].size if whole else 0
    return replace(contents, frames=contents.frames[:whole], whole_bytes=end, dropped_bytes=size - end)


def is_all_blank(fd: int) -> bool:
    """Whether the power went before anything at all of the file was written down. Raises OSError."""
    at = 0
    while data := os.pread(fd, _PIECE_BYTES, at):
        if any(data):
            return False
        at += len(data)
    return True


def _is_blank(frame: BlockFrame, fd: int, fewest: int) -> bool:
    """Whether a page, as far as the sample lies in it, holds nothing but zeros; `fewest` of them."""
    sample = os.pread(fd, frame.size, frame.offset)
    at = 0
    while at < len(sample):
        end = min(len(sample), at + _PAGE_BYTES - (frame.offset + at) % _PAGE_BYTES)
        if end - at >= fewest and not sample[at] and not any(sample[at:end]):
            return True
        at = end
    return False
