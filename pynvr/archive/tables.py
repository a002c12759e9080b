"""From the frames of a chunk to the sample tables of a segment."""

from dataclasses import dataclass

from pynvr.archive.chunk import ChunkContents
from pynvr.isobmff.table import TrackTable
from pynvr.model.frame import Track


@dataclass(frozen=True, slots=True)
class SegmentTables:
    """What the MP4's header is made of; the video is the first of `tables`.

    `start_us`: presentation of the first video frame; `end_us`: end of the last one (exclusive).
    """

    tables: tuple[TrackTable, ...]
    start_us: int
    end_us: int


def tables_of(contents: ChunkContents, tracks: tuple[Track, ...] = ()) -> SegmentTables:
    """Tables of all tracks that have frames.

    `tracks` describes a chunk that doesn't say its own (version 0 alone): number 0, timescale `PLAIN_TIMESCALE`.
    Raises ChunkError if there is no video frame, or one can't be told in an MP4.
    """
    raise NotImplementedError(contents, tracks)
