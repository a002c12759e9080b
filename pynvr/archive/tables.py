"""From the frames of a chunk to the sample tables of a segment: decode times, durations, where tracks begin."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import sub

from pynvr.archive.chunk import BlockFrame, ChunkContents
from pynvr.base.errors import ChunkError
from pynvr.isobmff.table import TrackTable
from pynvr.model.frame import VIDEO_TRACK, Track
from pynvr.model.ticks import to_us

_LARGEST_DURATION = (1 << 32) - 1
_LARGEST_COMPOSITION = (1 << 31) - 1
_UNKNOWN_FRAME_RATE = 25
_AAC_FRAME = 1024


@dataclass(frozen=True, slots=True)
class SegmentTables:
    """What the MP4's header is made of; the video is the first of `tables`.

    `start_us`: presentation of the first video frame; `end_us`: end of the last one (exclusive).
    """

    tables: tuple[TrackTable, ...]
    start_us: int
    end_us: int


class GrowingTables:
    """The tables of frames as they come: what came once is not looked at again, but to be added up."""

    def __init__(self) -> None:
        self.count = 0
        self._columns: dict[int, Columns] = {}

    def take(self, frame: BlockFrame) -> None:
        columns = self._columns.get(frame.track)
        if columns is None:
            columns = self._columns[frame.track] = Columns(frame)
        columns.take(frame)
        self.count += 1

    def tables(self, described: tuple[Track, ...]) -> SegmentTables:
        """Of all tracks that are described and have frames; what comes later changes none of them.

        Raises ChunkError if there is no video frame, or one can't be told in an MP4.
        """
        video = next((track for track in described if track.number == VIDEO_TRACK), None)
        if video is None or VIDEO_TRACK not in self._columns:
            raise ChunkError("the chunk holds no video frame")
        start_us = self._columns[VIDEO_TRACK].first.time_us
        others = [track for track in described if track.number != VIDEO_TRACK and track.number in self._columns]
        tables = tuple(self._columns[track.number].table(track, start_us) for track in (video, *others))
        ticks = self._columns[VIDEO_TRACK].shown_ticks + tables[0].durations[-1]
        return SegmentTables(tables, start_us, start_us + to_us(ticks, video.timescale))


def tables_of(contents: ChunkContents, tracks: tuple[Track, ...] = ()) -> SegmentTables:
    """Tables of all tracks that have frames.

    `tracks` describes a chunk that doesn't say its own (version 0 alone): number 0, timescale `PLAIN_TIMESCALE`.
    Raises ChunkError if there is no video frame, or one can't be told in an MP4.
    """
    growing = GrowingTables()
    for frame in contents.frames:
        growing.take(frame)
    return growing.tables(contents.tracks or tracks)


class Columns:
    """The frames of one track. `first`: of them, in order of the file."""

    def __init__(self, first: BlockFrame) -> None:
        self.first = self._last = first
        self._sizes = array("I")
        self._offsets = array("Q")
        self._keyframes = array("I")
        self._pts = array("q")
        self._dts = array("q")
        self._has_own = True  # decode times that an MP4 can tell
        self._highest_pts = first.pts

    @property
    def shown_ticks(self) -> int:
        """From the presentation of the first frame to that of the one shown last."""
        return self._highest_pts - self.first.pts

    def take(self, frame: BlockFrame) -> None:
        if frame.dts > frame.pts or (self._dts and frame.dts <= self._dts[-1]):
            self._has_own = False
        if frame.is_key:
            self._keyframes.append(len(self._sizes))
        self._sizes.append(frame.size)
        self._offsets.append(frame.offset)
        self._pts.append(frame.pts)
        self._dts.append(frame.dts)
        self._highest_pts = max(self._highest_pts, frame.pts)
        self._last = frame

    def decode_times(self) -> Sequence[int]:
        """Strictly rising and never after the presentation: the frames' own, else made from it."""
        if self._has_own:
            return self._dts
        made: list[int] = []
        previous: int | None = None
        for pts in sorted(self._pts):
            previous = pts if previous is None else max(pts, previous + 1)
            made.append(previous)
        late = max(map(sub, made, self._pts))
        return [dts - late for dts in made] if late > 0 else made

    def table(self, track: Track, start_us: int) -> TrackTable:
        """Raises ChunkError."""
        dts = self.decode_times()
        deltas = list(map(sub, dts[1:], dts))
        deltas.append(usual(deltas, _single_duration(track, self._last)))
        offsets = list(map(sub, self._pts, dts))
        if max(deltas) > _LARGEST_DURATION or max(offsets) > _LARGEST_COMPOSITION:
            raise ChunkError(f"the times of track {track.number} ({track.codec}) lie too far apart for an MP4")
        return TrackTable(
            track=track,
            sizes=self._sizes[:],
            offsets=self._offsets[:],
            durations=array("I", deltas),
            keyframes=self._keyframes[:] if track.kind == "video" else array("I", range(len(deltas))),
            composition=array("i", offsets) if any(offsets) else array("i"),
            start_offset_us=self.first.time_us - start_us,
        )


def usual(deltas: list[int], otherwise: int) -> int:
    """The middle one: what the last frame, whose end nobody saw, is given."""
    return sorted(deltas)[len(deltas) // 2] if deltas else otherwise


def _single_duration(track: Track, frame: BlockFrame) -> int:
    if frame.duration:
        return frame.duration
    if track.kind == "audio":
        return _AAC_FRAME
    return int(track.timescale / (track.frame_rate or _UNKNOWN_FRAME_RATE))
