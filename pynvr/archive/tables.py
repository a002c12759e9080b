"""From the frames of a chunk to the sample tables of a segment: decode times, durations, where tracks begin."""

from array import array
from dataclasses import dataclass
from itertools import pairwise

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


def tables_of(contents: ChunkContents, tracks: tuple[Track, ...] = ()) -> SegmentTables:
    """Tables of all tracks that have frames.

    `tracks` describes a chunk that doesn't say its own (version 0 alone): number 0, timescale `PLAIN_TIMESCALE`.
    Raises ChunkError if there is no video frame, or one can't be told in an MP4.
    """
    described = contents.tracks or tracks
    frames_of: dict[int, list[BlockFrame]] = {}
    for frame in contents.frames:
        frames_of.setdefault(frame.track, []).append(frame)
    video = next((track for track in described if track.number == VIDEO_TRACK), None)
    if video is None or VIDEO_TRACK not in frames_of:
        raise ChunkError("the chunk holds no video frame")
    start_us = frames_of[VIDEO_TRACK][0].time_us
    others = [track for track in described if track.number != VIDEO_TRACK and track.number in frames_of]
    tables = [_table(track, frames_of[track.number], start_us) for track in (video, *others)]
    return SegmentTables(tuple(tables), start_us, _end_us(video, frames_of[VIDEO_TRACK], tables[0], start_us))


def decode_times(frames: list[BlockFrame]) -> list[int]:
    """Decode times, strictly rising and never after the presentation: the frames' own, else made from it."""
    own = [frame.dts for frame in frames]
    if all(a < b for a, b in pairwise(own)) and all(frame.dts <= frame.pts for frame in frames):
        return own
    made: list[int] = []
    previous: int | None = None
    for pts in sorted(frame.pts for frame in frames):
        previous = pts if previous is None else max(pts, previous + 1)
        made.append(previous)
    late = max(dts - frame.pts for dts, frame in zip(made, frames, strict=True))
    return [dts - late for dts in made] if late > 0 else made


def usual(deltas: list[int], otherwise: int) -> int:
    """The middle one: what the last frame, whose end nobody saw, is given."""
    return sorted(deltas)[len(deltas) // 2] if deltas else otherwise


def _table(track: Track, frames: list[BlockFrame], start_us: int) -> TrackTable:
    dts = decode_times(frames)
    deltas = [b - a for a, b in pairwise(dts)]
    deltas.append(usual(deltas, _single_duration(track, frames[-1])))
    offsets = [frame.pts - time for frame, time in zip(frames, dts, strict=True)]
    if max(deltas) > _LARGEST_DURATION or max(offsets) > _LARGEST_COMPOSITION:
        raise ChunkError(f"the times of track {track.number} ({track.codec}) lie too far apart for an MP4")
    if track.kind == "video":
        keyframes = array("I", [index for index, frame in enumerate(frames) if frame.is_key])
    else:
        keyframes = array("I", range(len(frames)))
    return TrackTable(
        track=track,
        sizes=array("I", [frame.size for frame in frames]),
        offsets=array("Q", [frame.offset for frame in frames]),
        durations=array("I", deltas),
        keyframes=keyframes,
        composition=array("i", offsets) if any(offsets) else array("i"),
        start_offset_us=frames[0].time_us - start_us,
    )


def _single_duration(track: Track, frame: BlockFrame) -> int:
    if frame.duration:
        return frame.duration
    if track.kind == "audio":
        return _AAC_FRAME
    return int(track.timescale / (track.frame_rate or _UNKNOWN_FRAME_RATE))


def _end_us(video: Track, frames: list[BlockFrame], table: TrackTable, start_us: int) -> int:
    ticks = max(frame.pts for frame in frames) - frames[0].pts + table.durations[-1]
    return start_us + to_us(ticks, video.timescale)
