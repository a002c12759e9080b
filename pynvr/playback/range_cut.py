"""A part of a segment's sample table: which samples a range needs, and the table of just these. Pure."""

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import add

from pynvr.archive.index_record import IndexTrack
from pynvr.isobmff.runs import from_big_endian, from_runs, to_big_endian, to_runs
from pynvr.model.ticks import MICROSECONDS, rescaled, to_ticks
from pynvr.playback.keyframes import presentation_ticks

# A decoder of AAC needs the frame before the first one that is heard.
_PRIMING_SAMPLES = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """Samples of a track: `table` on the clock asked for, its offsets still in the segment's own file.

    `lead`: ticks from the presentation of the track's very first sample to the decoding of the first one in `table`.
    """

    table: IndexTrack
    lead: int


def video_span(
    track: IndexTrack, start_us: int, from_us: int | None, to_us: int | None, keyframe_before: bool = True
) -> tuple[int, int]:
    """The samples `[first, end)` that show `[from_us, to_us)`; None = no such edge. Empty if there are none.

    `start_us`: presentation of the first sample. It begins with the last keyframe at or before `from_us`, or with
    the first one behind it.
    """
    shown = presentation_ticks(track)
    end = track.count
    if to_us is not None:
        ticks = _first_ticks_from(to_us - start_us, track.track.timescale)
        end = max((index + 1 for index, at in enumerate(shown) if at < ticks), default=0)
    first = 0
    if from_us is not None:
        ticks = _first_ticks_from(from_us - start_us, track.track.timescale)
        if not keyframe_before:
            keys = (key for key in from_big_endian("I", track.keyframes) if shown[key] >= ticks)
            first = next(keys, end)
        else:
            # Of what is shown at `from_us` the beginning may lie before it.
            ticks = _last_ticks_until(from_us - start_us, track.track.timescale)
            first = max((key for key in from_big_endian("I", track.keyframes) if shown[key] <= ticks), default=0)
    return (first, end) if first < end else (0, 0)


def audio_span(
    track: IndexTrack, start_us: int, from_us: int | None, to_us: int | None, primed: bool
) -> tuple[int, int]:
    """The samples `[first, end)` heard in `[from_us, to_us)`, whole samples from the one that holds `from_us` on.

    `start_us`: of the first sample. `primed`: with one sample more in front, which a decoder needs.
    """
    begins = list(accumulate(from_runs("I", track.durations, track.count), initial=0))[: track.count]
    timescale = track.track.timescale
    end, first = track.count, 0
    if to_us is not None:
        end = bisect_left(begins, _first_ticks_from(to_us - start_us, timescale))
    if from_us is not None:
        if primed:
            first = bisect_right(begins, (from_us - start_us) * timescale // MICROSECONDS) - 1
            first = max(0, first - _PRIMING_SAMPLES)
        else:
            first = bisect_left(begins, _first_ticks_from(from_us - start_us, timescale))
    return (first, end) if first < end else (0, 0)


def cut(track: IndexTrack, first: int, end: int, timescale: int, shown_from: int | None = None) -> Cut:
    """The table of samples `[first, end)`, its times on a clock of `timescale` ticks a second.

    `shown_from`: ticks from the presentation of the track's very first sample to where an edit list begins to show.
    The frame that stands there is presented just then instead of a little earlier, for players differ in what they do
    with half a frame: libav leaves it out and moves the rest, so that picture and sound part.
    """
    durations = from_runs("I", track.durations, track.count)
    composition = _composition(track)
    origin = composition[0] if composition else 0
    # Decode times from the presentation of the very first sample on, and where the last sample's duration ends.
    times = [at - origin for at in accumulate(durations, initial=0)][first : end + 1]
    own = track.track.timescale
    scaled = times if own == timescale else [rescaled(at, timescale, own) for at in times]
    late = composition[first:end]
    if late and own != timescale:
        late = array(
            "i",
            (rescaled(at + offset, timescale, own) - now for at, offset, now in zip(times, late, scaled, strict=False)),
        )
    if shown_from is not None:
        _present_at(shown_from, scaled, late)
    width = 8 if track.wide else 4
    keyframes = from_big_endian("I", track.keyframes)
    low, high = bisect_left(keyframes, first), bisect_left(keyframes, end)
    table = IndexTrack(
        track=track.track,
        count=end - first,
        duration=scaled[-1] - scaled[0],
        start_offset_us=track.start_offset_us,
        wide=track.wide,
        sizes=track.sizes[4 * first : 4 * end],
        offsets=track.offsets[width * first : width * end],
        durations=to_runs([later - at for at, later in pairwise(scaled)]),
        composition=to_runs(late) if any(late) else b"",
        keyframes=to_big_endian(array("I", [key - first for key in keyframes[low:high]])),
    )
    return Cut(table, scaled[0])


def _present_at(shown_from: int, times: list[int], late: "array[int]") -> None:
    """Move the frame shown at this tick to it; `times`: of decoding, one more than samples, `late`: composition."""
    shown = [at + offset for at, offset in zip(times, late, strict=False)] if late else times[:-1]
    before = [(at, index) for index, at in enumerate(shown) if at <= shown_from]
    if before:
        at, index = max(before)
        if late:
            late[index] += shown_from - at
        else:
            times[index] += shown_from - at


def first_shown(start_us: int, from_us: int, timescale: int) -> int | None:
    """`shown_from` of `cut` for a range's first segment, which begins at `start_us`; None = nothing of it is hidden."""
    return -to_ticks(start_us - from_us, timescale) if start_us < from_us else None


def file_span(tables: list[IndexTrack]) -> tuple[int, int]:
    """From the first to the last byte of all these samples in their file."""
    starts, ends = [], []
    for table in tables:
        if table.count:
            offsets = from_big_endian("Q" if table.wide else "I", table.offsets)
            starts.append(min(offsets))
            ends.append(max(map(add, offsets, from_big_endian("I", table.sizes))))
    return min(starts), max(ends)


def _composition(track: IndexTrack) -> "array[int]":
    return from_runs("i", track.composition, track.count) if track.composition else array("i")


def _first_ticks_from(after_us: int, timescale: int) -> int:
    """The first tick that is, in whole microseconds as frame times are told, at or after so many."""
    return -((1 - 2 * after_us) * timescale // (2 * MICROSECONDS))


def _last_ticks_until(after_us: int, timescale: int) -> int:
    """The last tick that is, in whole microseconds, at or before so many."""
    return _first_ticks_from(after_us + 1, timescale) - 1
