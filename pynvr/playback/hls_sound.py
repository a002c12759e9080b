"""The sound of an HLS segment: what is heard while its pictures are shown, with silence where nothing was recorded.

A browser plays on only where it has both, so a hole in the sound would stop the picture.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from pynvr.archive.index_record import IndexTrack
from pynvr.base.errors import MediaError
from pynvr.isobmff.codec_string import codec_string
from pynvr.isobmff.runs import from_big_endian, from_runs
from pynvr.media.silence import AAC_FRAME_SAMPLES, silent_aac
from pynvr.model.frame import Track
from pynvr.model.ticks import to_ticks

_AAC_LC = "mp4a.40.2"
# Shorter holes are bridged by the frame before them.
_BRIDGED_FRAMES = 3


class Sound(NamedTuple):
    """`time`: ticks since the Unix epoch. `source`: which record's file it lies in, -1 = the silent frame."""

    time: int
    source: int
    offset: int
    size: int


def sounds_of(track: IndexTrack, start_us: int, source: int, from_us: int, until_us: int) -> list[Sound]:
    """The frames of a segment's sound that begin in `[from_us, until_us)`, and the one behind them if there is one.

    `start_us`: of the segment.
    """
    scale = track.track.timescale
    durations = from_runs("I", track.durations, track.count)
    times = list(accumulate(durations, initial=to_ticks(start_us + track.start_offset_us, scale)))[:-1]
    first, end = (bisect_left(times, to_ticks(bound_us, scale)) for bound_us in (from_us, until_us))
    offsets = from_big_endian("Q" if track.wide else "I", track.offsets)
    sizes = from_big_endian("I", track.sizes)
    return [
        Sound(times[index], source, offsets[index], sizes[index]) for index in range(first, min(end + 1, len(times)))
    ]


def silence_for(track: Track) -> bytes:
    """The frame that fills holes of this track; empty where there is none for its codec."""
    if codec_string(track) != _AAC_LC:
        return b""
    try:
        return silent_aac(track.timescale, track.channels)
    except MediaError:
        return b""


def heard_within(sounds: list[Sound], start: int, end: int, silent_bytes: int) -> tuple[list[Sound], list[int]]:
    """What is heard in `[start, end)`, in order, holes filled with silent frames (if there is one); and how long each.

    `sounds`: also what begins behind `end`, of which only the time is used. The last one lasts until the next
    fragment's first: browsers take a step of more than two frames' durations for a break, and then drop pictures up to
    the next keyframe (Media Source Extensions §3.5.8).
    """
    row = sorted(sound for sound in sounds if sound.time < end)
    behind = min((sound.time for sound in sounds if sound.time >= end), default=end)
    if silent_bytes and behind - end >= _BRIDGED_FRAMES * AAC_FRAME_SAMPLES:
        behind = end  # there the next one begins with silence
    result: list[Sound] = []
    at = start
    for sound in row:
        time = max(sound.time, result[-1].time + 1) if result else sound.time
        if silent_bytes:
            result += _silences(at, time, silent_bytes)
        result.append(sound._replace(time=time))
        at = time + AAC_FRAME_SAMPLES
    if silent_bytes:
        result += _silences(at, end, silent_bytes)
    times = [sound.time for sound in result]
    durations = [after - before for before, after in pairwise(times)]
    if times:
        durations.append(max(1, behind - times[-1]))
    return result, durations


def _silences(start: int, end: int, silent_bytes: int) -> Iterator[Sound]:
    if end - start < _BRIDGED_FRAMES * AAC_FRAME_SAMPLES:
        return
    for time in range(start, end - AAC_FRAME_SAMPLES // 2, AAC_FRAME_SAMPLES):
        yield Sound(time, -1, 0, silent_bytes)
