"""Where a stretch of video is cut into HLS segments: whole groups of pictures of some seconds together. Pure.

The cuts of a piece don't depend on what range was asked for, so that a browser's cache serves all of them.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pynvr.model.ticks import to_us
from pynvr.playback.keyframes import Outline
from pynvr.playback.stretches import Stretch

# Groups of pictures are put together up to this; shorter ones cost requests, longer ones make seeks slow.
LEAST_US = 1_950_000


@dataclass(frozen=True, slots=True)
class Cut:
    """One HLS segment: the video samples `[first, end)` of a piece, shown over `[start_us, end_us)`.

    `from_us`: the picture at its start isn't the first sample's, for the range begins within it; None = it is.
    `until_us`: its end isn't where the tables say, but there; None = it is. `next_stamp`: the piece that follows on,
    whose first sounds belong here.
    """

    first: int
    end: int
    start_us: int
    end_us: int
    from_us: int | None = None
    until_us: int | None = None
    next_stamp: str = ""


def cuts_of(stretch: Stretch, outline: Outline) -> list[Cut]:
    """The segments of the stretch; of a growing chunk, the groups that are whole."""
    if not outline.keyframes:
        return []
    piece, scale = stretch.piece, outline.tracks[0].timescale
    begins = [piece.start_us + to_us(ticks, scale) for ticks in outline.starts]
    bounds = _bounds(begins, piece.start_us + to_us(outline.end, scale), piece.growing)
    return [
        cut for number, end_number in bounds if (cut := _cut(stretch, outline, begins, number, end_number)) is not None
    ]


def _bounds(begins: list[int], end_us: int, growing: bool) -> list[tuple[int, int]]:
    """(first group, end group) of each segment."""
    last = len(begins) - 1 if growing else len(begins)
    times = [*begins, end_us]
    bounds: list[tuple[int, int]] = []
    number = 0
    while number < last:
        end = min(last, max(number + 1, bisect_left(times, times[number] + LEAST_US, number + 1, last + 1)))
        bounds.append((number, end))
        number = end
    if not growing and len(bounds) > 1 and times[last] - times[bounds[-1][0]] < LEAST_US // 2:
        bounds[-2:] = [(bounds[-2][0], last)]
    return bounds


def _cut(stretch: Stretch, outline: Outline, begins: list[int], number: int, end_number: int) -> Cut | None:
    is_last = end_number == len(begins)
    start_us = begins[number]
    end_us = stretch.end_us if is_last else begins[end_number]
    if start_us >= stretch.end_us or end_us <= stretch.start_us:
        return None
    from_us = until_us = None
    if start_us < stretch.start_us:
        number = bisect_right(begins, stretch.start_us, number, end_number) - 1
        start_us = stretch.start_us
        from_us = start_us if begins[number] < start_us else None
    if is_last or end_us > stretch.end_us:
        end_us = until_us = stretch.end_us
    return Cut(
        outline.keyframes[number],
        outline.count if is_last else outline.keyframes[end_number],
        start_us,
        end_us,
        from_us,
        until_us,
        stretch.next.stamp if is_last and stretch.next is not None else "",
    )
