"""One track of a range, put together of what is used of each segment: rows, durations at borders, edit list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pynvr.archive.index_head import TrackHead, head_of
from pynvr.archive.index_record import IndexTrack
from pynvr.base.errors import UnevenRangeError
from pynvr.isobmff.boxes import MAX_U32
from pynvr.isobmff.virtual import Edit, TrackShape
from pynvr.playback.range_cut import Cut, rescaled
from pynvr.playback.range_plan import TrackRows

_MICROSECONDS = 1_000_000
# A sample that is overtaken by the next segment's first one lasts for an instant.
_SHORTEST_TICKS = 1


@dataclass(frozen=True, slots=True)
class Window:
    """What is shown of the media clock (see `Begin`), after `wait_us` in which there is nothing yet."""

    begin_us: int
    end_us: int
    wait_us: int


class Use(NamedTuple):
    """What is used of a track of a segment: the samples that `head` tells of.

    `media_us`: where the segment's sample 0 is presented on the media clock; `lead`: ticks from there to the decoding
    of the first sample used. `table`: of the samples used, None = of all, as the index has them; `first`: number of
    the first one used.
    """

    head: TrackHead
    media_us: int
    lead: int
    first: int = 0
    table: IndexTrack | None = None

    @classmethod
    def of(cls, part: Cut, media_us: int, first: int) -> "Use":
        """A part of the samples."""
        return cls(head_of(part.table), media_us, part.lead, first, part.table)


class MadeTrack(NamedTuple):
    """`uses`: as they were given, one a segment."""

    shape: TrackShape
    rows: TrackRows
    uses: Sequence[Use | None]


def track_of(uses: Sequence[Use | None], timescale: int, window: Window, movie_timescale: int) -> MadeTrack:
    """The track of these samples; None = a segment has none of it. Raises UnevenRangeError."""
    rows = TrackRows(timescale)
    times, duration = _times(uses, timescale, window)
    entries: dict[bytes, int] = {}
    described: list[tuple[int, int]] = []
    any_late = any(use is not None and use.head.composition_bytes for use in uses)
    for use, (_, last_ticks) in zip(uses, times, strict=True):
        if use is None:
            rows.add_none()
            continue
        entry = entries.setdefault(use.head.track.sample_entry, len(entries))
        if not described or described[-1][1] != entry:
            described.append((rows.samples[-1], entry))
        rows.add_use(use.head, use.first, last_ticks, any_late)
    first = next(use for use in uses if use is not None)
    begin = next(at for use, (at, _) in zip(uses, times, strict=True) if use is not None)
    is_video = first.head.track.kind == "video"
    shape = TrackShape(
        track=replace(first.head.track, timescale=timescale),
        entries=tuple(entries),
        samples=rows.samples[-1],
        durations=rows.durations[-1],
        composition=rows.composition[-1],
        keyframes=rows.keyframes[-1] if is_video else None,
        described=tuple(described),
        duration=duration,
        edits=_edits(begin, None if is_video else begin + duration, timescale, window, movie_timescale),
    )
    return MadeTrack(shape, rows, uses)


def _times(uses: Sequence[Use | None], timescale: int, window: Window) -> tuple[list[tuple[int, int]], int]:
    """When each segment's first sample is decoded, counted from what is shown first, and how long its last one lasts.

    And the ticks of all together. Each segment is put to its own place, and the sample before it lasts until then: so
    nothing drifts, however long the range.
    """
    times = [(0, 0)] * len(uses)
    before: int | None = None
    end = begin = 0
    for number, use in enumerate(uses):
        if use is None:
            continue
        at = _ticks(use.media_us - window.begin_us, timescale) + use.lead
        if before is not None:
            at = max(at, end + _SHORTEST_TICKS)
            if at - end > MAX_U32:
                raise UnevenRangeError(
                    f"nothing is there for {(at - end) / timescale / 3600:.0f} hours inside the range, longer than an "
                    "MP4 can wait: leave gaps out, or take the parts before and behind it"
                )
            times[before] = times[before][0], at - end
        else:
            begin = at
        last_ticks = use.head.last_run[1]
        times[number] = at, last_ticks
        end = at + use.head.duration - last_ticks
        before = number
    return times, end + (times[before][1] if before is not None else 0) - begin


def _edits(begin: int, end: int | None, timescale: int, window: Window, movie_timescale: int) -> tuple[Edit, ...]:
    """The part of the samples that lies in the window.

    `begin`, `end`: of the samples, in ticks from the window's start on; no `end` = they fill the window to its end
    (the decode times of reordered pictures don't tell).
    """
    late_us = max(begin, 0) * _MICROSECONDS // timescale
    wait = _ticks(window.wait_us + late_us, movie_timescale)
    shown = _ticks(window.end_us - window.begin_us, movie_timescale)
    if end is not None:
        shown = min(shown, rescaled(end, movie_timescale, timescale))
    shown -= rescaled(max(begin, 0), movie_timescale, timescale)
    edits = (Edit(wait, -1),) if wait else ()
    return (*edits, Edit(max(shown, 0), max(-begin, 0)))


def _ticks(time_us: int, timescale: int) -> int:
    return rescaled(time_us, timescale, _MICROSECONDS)
