"""Whether a step in a row of pictures lasts, and between which two of them it lies."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pynvr.vision.change_grid import Bytes
from pynvr.vision.change_scan import REACH, Step
from pynvr.vision.change_sides import Sides, best_split

# Who stands about for two or three minutes passes by; a row that ends before is given the benefit of the doubt.
LASTING_US = 240_000_000
# It looks at so many pictures on each side of the step, and for so long.
_AROUND = 30
_AROUND_US = 2 * LASTING_US
# So many pictures in a row that look as before: it is over.
_BACK = 3
# On each side, for the comparison that follows; some of them first, all if those don't tell.
EXAMPLES = 5
_MOST_EXAMPLES = 15
_LEAST_EXAMPLES = 2
# A place that looks now one way, now the other, by more than this share of the pictures, is restless.
_MOST_AGAINST = 0.1
# The same if it looks neither way in most of the pictures.
_LEAST_TELLING = 0.4


@dataclass(frozen=True, slots=True)
class Split:
    """`last`: the last picture that shows what was before, `first`: the first one with what is after, both places in
    the row. `before`, `after`: such in which nothing is in front, the nearest first. `hidden`: the share of those
    around in which neither can be told."""

    last: int
    first: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    hidden: float


def split_at(luma: Bytes, times_us: Sequence[int], step: Step) -> Split | None:
    """None if it doesn't last, or there is nothing by which to tell both sides apart."""
    before = np.median(luma[max(0, step.first - REACH + 1) : step.first + 1], axis=0).astype(np.float32)
    after = np.median(luma[step.last + 1 : step.last + 1 + REACH], axis=0).astype(np.float32)
    sides = Sides(before, after, step.where)
    if not sides.tells:
        return None
    start = min(max(0, step.first - _AROUND), bisect_left(times_us, times_us[step.first] - _AROUND_US))
    end = max(min(len(luma), step.last + 1 + _AROUND), bisect_left(times_us, times_us[step.last] + _AROUND_US))
    seen = [sides.shown(luma[place]).side for place in range(start, end)]
    near_start, near_end = max(start, step.first - REACH), min(end, step.last + 1 + REACH)
    middle = near_start + best_split(seen[near_start - start : near_end - start])
    earlier, against_earlier = _kept([(place, -seen[place - start]) for place in range(middle - 1, start - 1, -1)])
    later, against_later = _kept([(place, seen[place - start]) for place in range(middle, end)])
    if min(len(earlier), len(later)) < _LEAST_EXAMPLES:
        return None
    telling, against = len(earlier) + len(later), against_earlier + against_later
    span = earlier[0] - earlier[-1] + 1 + later[-1] - later[0] + 1
    if against > _MOST_AGAINST * (telling + against) or telling < _LEAST_TELLING * span:
        return None
    if not _lasts(earlier, times_us, start > 0 or earlier[-1] > start) or not _lasts(
        later, times_us, end < len(luma) or later[-1] < end - 1
    ):
        return None
    hidden = sum(side == 0 for side in seen[near_start - start : near_end - start]) / max(1, near_end - near_start)
    return Split(earlier[0], later[0], tuple(earlier[:_MOST_EXAMPLES]), tuple(later[:_MOST_EXAMPLES]), hidden)


def _kept(row: list[tuple[int, int]]) -> tuple[list[int], int]:
    """The pictures that show it (side 1), up to where it is over (side -1), and how many between them don't."""
    kept: list[int] = []
    between = against = since = 0
    for place, side in row:
        if side == 1:
            kept.append(place)
            between += since
            against = since = 0
        elif side == -1:
            against += 1
            since += 1
            if against == _BACK or (against > len(kept)):
                break
    return kept, between


def _lasts(kept: list[int], times_us: Sequence[int], is_over: bool) -> bool:
    """`is_over`: something else follows; else the row ends there, and nobody knows."""
    return not is_over or abs(times_us[kept[-1]] - times_us[kept[0]]) >= LASTING_US
