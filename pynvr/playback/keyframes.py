"""When the groups of pictures of a segment begin: exact, and quick enough for a day of 1,440 segments."""

from array import array
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from itertools import accumulate
from operator import add, mul
from threading import Lock

from pynvr.archive.index_record import IndexRecord, IndexTrack
from pynvr.isobmff.runs import from_big_endian, from_runs
from pynvr.model.frame import Track
from pynvr.playback.footage import Footage, Piece

# About 1 kB each: two camera-days and more.
_OUTLINES_KEPT = 4096
_DESCRIPTIONS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Outline:
    """A segment's groups of pictures.

    `keyframes`: indices of the samples that begin them. `starts`: when each begins to be shown, ticks after the
    segment's first picture; `end`: the end of the last frame, likewise. `count`: video samples. `tracks`: the video,
    and the sound if there is any.
    """

    keyframes: "array[int]"
    starts: "array[int]"
    end: int
    count: int
    tracks: tuple[Track, ...]


class Outlines:
    """Outlines of the segments asked for last; for all threads. A growing chunk's isn't kept."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage
        self._kept: OrderedDict[tuple[object, ...], Outline] = OrderedDict()
        self._tracks: dict[tuple[Track, ...], tuple[Track, ...]] = {}
        self._lock = Lock()

    def of(self, piece: Piece) -> Outline:
        """Raises FootageGoneError."""
        key = (piece.dst, piece.camera_id, piece.stamp, piece.file_bytes, piece.start_us)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        outline = outline_of(self._footage.record(piece))
        if piece.growing:
            return outline
        with self._lock:
            if len(self._tracks) > _DESCRIPTIONS_KEPT:
                self._tracks.clear()
            tracks = self._tracks.setdefault(outline.tracks, outline.tracks)
            outline = Outline(outline.keyframes, outline.starts, outline.end, outline.count, tracks)
            self._kept[key] = outline
            while len(self._kept) > _OUTLINES_KEPT:
                self._kept.popitem(last=False)
        return outline


def outline_of(record: IndexRecord) -> Outline:
    """The outline of a record."""
    video = record.video
    keyframes = from_big_endian("I", video.keyframes)
    tracks = (video.track, *((record.audio.track,) if record.audio is not None and record.audio.count else ()))
    if video.composition:
        shown = presentation_ticks(video)
        starts = array("q", [first_shown(shown, index) for index in keyframes])
        last = from_big_endian("I", video.durations[-4:])[0]
        return Outline(keyframes, starts, max(shown) + last, video.count, tracks)
    runs = from_big_endian("I", video.durations)
    counts, ticks = runs[0::2], runs[1::2]
    run_samples = list(accumulate(counts, initial=0))
    run_ticks = list(accumulate(map(mul, counts, ticks), initial=0))
    starts = array("q")
    for index in keyframes:
        run = bisect_right(run_samples, index) - 1
        starts.append(run_ticks[run] + (index - run_samples[run]) * ticks[run])
    return Outline(keyframes, starts, run_ticks[-1], video.count, tracks)


def presentation_ticks(track: IndexTrack) -> "array[int]":
    """When each sample is shown, in decode order: ticks after the presentation of the first one."""
    durations = from_runs("I", track.durations, track.count)
    decoded = array("q", accumulate(durations, initial=0))
    decoded.pop()
    if not track.composition:
        return decoded
    composition = from_runs("i", track.composition, track.count)
    first = composition[0]
    return array("q", [time - first for time in map(add, decoded, composition)])


def first_shown(shown: "array[int]", keyframe: int) -> int:
    """When the first picture of a group is shown: some may be decoded behind the keyframe and shown before it."""
    first = shown[keyframe]
    index = keyframe + 1
    while index < len(shown) and shown[index] < shown[keyframe]:
        first = min(first, shown[index])
        index += 1
    return first
