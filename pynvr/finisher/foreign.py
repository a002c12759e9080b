"""Chunks of version 0 alone, written elsewhere: they don't describe their stream, so their first keyframe has to."""

import os

from pynvr.archive.chunk import PLAIN_TIMESCALE, ChunkContents
from pynvr.base.errors import ChunkError
from pynvr.media.sample_description import describe
from pynvr.model.frame import VIDEO_TRACK, Track

_LENGTH_BYTES = 4
_START_CODE = b"\0\0\0\1"


def tracks_of(contents: ChunkContents, fd: int) -> tuple[Track, ...]:
    """The one video track of such a chunk; what the chunk says itself, if it does. Raises ChunkError, MediaError."""
    if contents.tracks:
        return contents.tracks
    first = next((frame for frame in contents.frames if frame.is_key), None)
    if first is None:
        raise ChunkError("no keyframe, and no description of the stream")
    video = describe("h264", annexb(os.pread(fd, first.size, first.offset)))
    track = Track(
        number=VIDEO_TRACK,
        kind="video",
        codec="h264",
        timescale=PLAIN_TIMESCALE,
        sample_entry=video.sample_entry,
        width=video.width,
        height=video.height,
        frame_rate=video.frame_rate,
    )
    return (track,)


def annexb(sample: bytes) -> bytes:
    """NAL units with 4-byte lengths in front, rewritten with start codes (ITU-T H.264 Annex B)."""
    pieces: list[bytes] = []
    at = 0
    while at + _LENGTH_BYTES < len(sample):
        length = int.from_bytes(sample[at : at + _LENGTH_BYTES], "big")
        at += _LENGTH_BYTES
        pieces += (_START_CODE, sample[at : at + length])
        at += length
    return b"".join(pieces)
