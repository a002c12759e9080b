"""Wall clock to media clock: where in a range's MP4 each segment begins. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from pynvr.store.coverage import tolerance_us
from pynvr.store.segments import Span

# A segment may begin before the one in front has ended: how long a last frame lasts is a guess, and clocks are steered.
# Each last picture and each last sound is left so much; what doesn't fit is taken back at the next borders.
_LEAST_LAST_US = 1_000


class Extent(NamedTuple):
    """A segment's place in time.

    `last_us`: duration of its last frame. `sound_us`: presentation of its first sound, and of the one that begins
    last, both relative to `start_us`; None = it has none.
    """

    span: Span
    last_us: int
    sound_us: tuple[int, int] | None = None


class Begin(NamedTuple):
    """`media_us`: where the segment begins, counted from the start of the first one. `follows`: without a break."""

    media_us: int
    follows: bool


def begins(extents: Sequence[Extent], keep_gaps: bool) -> list[Begin]:
    """Of each segment, in the order given (by start).

    Media time goes as the wall clock does. Gaps are left out unless `keep_gaps`. Where the clock was set back, what
    comes next is put behind what came before. Picture and sound of a segment are moved together.
    """
    found: list[Begin] = []
    left_out_us = 0
    for number, extent in enumerate(extents):
        if number == 0:
            found.append(Begin(0, follows=False))
            continue
        span, before = extent.span, extents[number - 1]
        wall_us = span.start_us - extents[0].span.start_us
        apart_us = span.start_us - before.span.end_us
        follows = abs(apart_us) <= tolerance_us(before.span)
        if not follows and (apart_us < 0 or not keep_gaps):
            left_out_us = wall_us - (found[-1].media_us + before.span.end_us - before.span.start_us)
        earliest_us = found[-1].media_us + _least_distance_us(before, extent if follows else None)
        found.append(Begin(max(wall_us - left_out_us, earliest_us), follows))
    return found


def _least_distance_us(before: Extent, after: Extent | None) -> int:
    """From the start of one segment to that of the next, which goes on with its sound unless it is None."""
    distance_us = before.span.end_us - before.span.start_us - before.last_us + _LEAST_LAST_US
    if after is not None and before.sound_us is not None and after.sound_us is not None:
        distance_us = max(distance_us, before.sound_us[1] + _LEAST_LAST_US - after.sound_us[0])
    return distance_us
