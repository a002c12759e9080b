"""What a power cut leaves in a chunk behind the last time it was forced to disk: pages that read as zeros.

A file system may have written down how long the file is, and not yet what is in it (ext4 does so for pages whose
writing was on its way). A block whose header was written looks whole then, and its sample isn't.
"""

import os
from dataclasses import replace

from pynvr.archive.chunk import HEADER, PLAIN, BlockFrame, ChunkContents
from pynvr.archive.nal import LENGTH_BYTES
from pynvr.archive.scan import BlockScan
from pynvr.model.frame import VIDEO_TRACK

# What isn't forced yet is at most what some seconds bring; all of a common minute, and not all of a long chunk.
_TAIL_BYTES = 32_000_000
_PAGE_BYTES = 4096
_PIECE_BYTES = 1 << 20
# So many zeros up to a page's edge are no coded picture or sound; in NAL units not even three are (ITU-T H.264
# §7.4.1.1), but some cameras pad theirs.
_FEWEST = 64
_FEWEST_IN_NAL = 16
_NAL_CODECS = frozenset({"h264", "hevc"})
# A chunk with less than this behind its head, and not one whole frame, was just begun when the power went.
_A_FRAME_BYTES = 1_000_000


def without_blanks(contents: ChunkContents, fd: int) -> ChunkContents:
    """The chunk up to the first frame near its end that was never written; what is behind counts as dropped.

    Raises OSError.
    """
    size = contents.whole_bytes + contents.dropped_bytes
    fewest = _fewest_of(contents)
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


def is_but_begun(contents: ChunkContents, fd: int) -> bool:
    """Whether the power went before the first picture was whole on disk, so that there is nothing to be shown.

    `contents`: of a chunk without frames, or with none left by `without_blanks`; as it was read. Where something else
    is the matter, pictures may stand behind the damage. Raises OSError.
    """
    size = contents.whole_bytes + contents.dropped_bytes
    if size - (contents.reserve[1] if contents.reserve else 0) >= _A_FRAME_BYTES:
        return False
    if contents.frames:
        fewest = _fewest_of(contents).get(VIDEO_TRACK, _FEWEST_IN_NAL)
        keyframes = [frame for frame in contents.frames if frame.track == VIDEO_TRACK and frame.is_key]
        return all(_is_blank(frame, fd, fewest) for frame in keyframes)
    return _ends_in_its_first_frame(fd, size) or _is_blank(_rest(contents), fd, _FEWEST_IN_NAL)


def is_all_blank(fd: int) -> bool:
    """Whether the power went before anything at all of the file was written down. Raises OSError."""
    at = 0
    while data := os.pread(fd, _PIECE_BYTES, at):
        if any(data):
            return False
        at += len(data)
    return True


def _fewest_of(contents: ChunkContents) -> dict[int, int]:
    return {track.number: _FEWEST for track in contents.tracks if track.codec not in _NAL_CODECS}


def _ends_in_its_first_frame(fd: int, size: int) -> bool:
    """Whether the walk over the blocks came to the end of the file, and not to damage with something behind it."""
    scan = BlockScan(fd)
    scan.advance(size)
    if scan.damage:
        return False
    head = os.pread(fd, HEADER.size, scan.position)
    if len(head) < HEADER.size or head[0] != PLAIN:
        return True
    # Its length has no check sum; where it is wrong, the next block's version is met in place of a NAL unit.
    at = scan.position + HEADER.size
    while at + LENGTH_BYTES <= size:
        length = int.from_bytes(os.pread(fd, LENGTH_BYTES, at), "big")
        if length == 0:
            return False
        at += LENGTH_BYTES + length
    return True


def _rest(contents: ChunkContents) -> BlockFrame:
    """All behind the whole blocks, as if it were one frame."""
    return BlockFrame(VIDEO_TRACK, 0, 0, 0, 0, False, contents.whole_bytes, contents.dropped_bytes)


def _is_blank(frame: BlockFrame, fd: int, fewest: int) -> bool:
    """Whether a page holds nothing but zeros from where the sample begins in it up to its end; `fewest` of the sample.

    Zeros with something behind them in the same page are the camera's: what it fills its frames up with.
    """
    sample = os.pread(fd, frame.size, frame.offset)
    at = 0
    while at < len(sample):
        edge = at + _PAGE_BYTES - (frame.offset + at) % _PAGE_BYTES
        end = min(len(sample), edge)
        is_empty = end - at >= fewest and not sample[at] and not any(sample[at:end])
        if is_empty and not any(os.pread(fd, edge - end, frame.offset + end)):
            return True
        at = end
    return False
