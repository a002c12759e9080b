"""Wall clock to media clock: where in a range's MP4 each segment begins. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from pynvr.store.coverage import tolerance_us
from pynvr.store.segments import Span

# Where a segment begins before the one in front has ended (clocks are steered), at most so much of the last frame's
# time is given up at once; what is left over is taken back at the next borders. Sound has frames of 20 ms.
_MOST_TAKEN_US = 8_000


class Begin(NamedTuple):
    """`media_us`: where the segment begins, counted from the start of the first one. `follows`: without a break."""

    media_us: int
    follows: bool


def begins(spans: Sequence[Span], keep_gaps: bool) -> list[Begin]:
    """Of each segment, in the order of `spans` (by start).

    Media time goes as the wall clock does. Gaps are left out unless `keep_gaps`. Where the clock was set back, what
    comes next in `spans` is put behind what came before.
    """
    found: list[Begin] = []
    end_us = left_out_us = 0
    for number, span in enumerate(spans):
        wall_us = span.start_us - spans[0].start_us
        if number == 0:
            found.append(Begin(0, follows=False))
        else:
            before = spans[number - 1]
            apart_us = span.start_us - before.end_us
            follows = abs(apart_us) <= tolerance_us(before)
            if not follows and (apart_us < 0 or not keep_gaps):
                left_out_us = wall_us - end_us
            found.append(Begin(max(wall_us - left_out_us, end_us - _spare_us(before)), follows))
        end_us = found[-1].media_us + span.end_us - span.start_us
    return found


def _spare_us(span: Span) -> int:
    return min((span.end_us - span.start_us) // (2 * max(span.frames, 1)), _MOST_TAKEN_US)
