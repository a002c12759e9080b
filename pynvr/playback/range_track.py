"""One track of a range, put together of what is used of each segment: rows, durations at borders, edit list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pynvr.archive.index_head import head_of
from pynvr.base.errors import UnevenRangeError
from pynvr.isobmff.boxes import MAX_U32
from pynvr.isobmff.virtual import Edit, TrackShape
from pynvr.model.frame import Track
from pynvr.model.ticks import MICROSECONDS, rescaled, to_ticks
from pynvr.playback.range_cut import Cut
from pynvr.playback.range_plan import TrackRows, Use

# A sample that is overtaken by the next segment's first one lasts for an instant.
_SHORTEST_TICKS = 1


@dataclass(frozen=True, slots=True)
class Window:
    """What is shown of the media clock (see `Begin`), after `wait_us` in which there is nothing yet."""

    begin_us: int
    end_us: int
    wait_us: int


class MadeTrack(NamedTuple):
    """`uses`: as they were given, one a segment."""

    shape: TrackShape
    rows: TrackRows
    uses: Sequence[Use | None]


def use_of(part: Cut, media_us: int, first: int) -> Use:
    """A part of a segment's samples, from number `first` on; its sample 0 is presented at `media_us`."""
    return Use(head_of(part.table), media_us, part.lead, first, part.table)


def track_of(uses: Sequence[Use | None], timescale: int, window: Window, movie_timescale: int) -> MadeTrack:
    """The track of these samples; None = a segment has none of it. Raises UnevenRangeError."""
    begin, last_ticks, duration = _times(uses, timescale, window)
    rows = TrackRows(timescale, uses, last_ticks)
    entries: dict[bytes, int] = {}
    described: list[tuple[int, int]] = []
    track: Track | None = None
    for use, sample in zip(uses, rows.samples, strict=False):
        if use is not None and use.head.track is not track:
            track = use.head.track
            entry = entries.setdefault(track.sample_entry, len(entries))
            if not described or described[-1][1] != entry:
                described.append((sample, entry))
    first = next(use for use in uses if use is not None).head.track
    is_video = first.kind == "video"
    shape = TrackShape(
        track=replace(first, timescale=timescale),
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


def _times(uses: Sequence[Use | None], timescale: int, window: Window) -> tuple[int, list[int], int]:
    """When the first sample is decoded, how long the last one of each segment lasts, the ticks of all together.

    Counted from what is shown first. Each segment is put to its own place, and the sample before it lasts until then:
    so nothing drifts, however long the range.
    """
    lasts = [0] * len(uses)
    before = -1
    begin = end = 0
    for number, use in enumerate(uses):
        if use is None:
            continue
        at = to_ticks(use.media_us - window.begin_us, timescale) + use.lead
        if before < 0:
            begin = at
        else:
            at = max(at, end + _SHORTEST_TICKS)
            if at - end > MAX_U32:
                raise UnevenRangeError(
                    f"nothing is there for {(at - end) / timescale / 3600:.0f} hours inside the range, longer than an "
                    "MP4 can wait: leave gaps out, or take the parts before and behind it"
                )
            lasts[before] = at - end
        lasts[number] = use.head.last_run[1]
        end = at + use.head.duration - lasts[number]
        before = number
    return begin, lasts, end + lasts[before] - begin


def _edits(begin: int, end: int | None, timescale: int, window: Window, movie_timescale: int) -> tuple[Edit, ...]:
    """The part of the samples that lies in the window.

    `begin`, `end`: of the samples, in ticks from the window's start on; no `end` = they fill the window to its end
    (the decode times of reordered pictures don't tell).
    """
    late_us = max(begin, 0) * MICROSECONDS // timescale
    wait = to_ticks(window.wait_us + late_us, movie_timescale)
    shown = to_ticks(window.end_us - window.begin_us, movie_timescale)
    if end is not None:
        shown = min(shown, rescaled(end, movie_timescale, timescale))
    shown -= rescaled(max(begin, 0), movie_timescale, timescale)
    edits = (Edit(wait, -1),) if wait else ()
    return (*edits, Edit(max(shown, 0), max(-begin, 0)))
