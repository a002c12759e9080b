"""Which pictures show what was before a change, which what is after it, and in which something else is in front."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pynvr.vision.change_grid import Bytes, Cells, Reals, local_mean, logarithms, step_of

# Of what differs between both, a picture may be so far away from one and still show it.
_NEAR = 0.4
_SHOWS = 0.55
# Differences of less than so many steps of 255, or of so little of the largest one, say nothing.
_STEPS = 3.0
_OF_LARGEST = 0.3


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of what changed looks as before and as after, 0 to 1; the rest is hidden, or lit otherwise."""

    before: float
    after: float

    @property
    def side(self) -> int:
        """-1: as before, 1: as after, 0: neither can be told."""
        if max(self.before, self.after) < _SHOWS:
            return 0
        return 1 if self.after > self.before else -1


class Sides:
    """Tells one side of a change from the other, by pictures of both (rows, columns), 0 to 255."""

    def __init__(self, before: Reals, after: Reals, inside: Cells) -> None:
        rows, columns = before.shape
        down, across = max(3, inside.height + 1), max(3, inside.width + 1)
        self._down, self._across = down, across
        near = inside.widened(across, down, columns, rows)
        self._near = (slice(near.top, near.bottom), slice(near.left, near.right))
        within = inside.widened(1, 1, columns, rows)
        self._before = self._flat(_rounded(before))
        self._after = self._flat(_rounded(after))
        difference = self._after - self._before
        limit = _STEPS * step_of(np.minimum(before, after)[self._near])
        place = np.zeros(difference.shape, bool)
        place[within.top - near.top : within.bottom - near.top, within.left - near.left : within.right - near.left] = (
            True
        )
        size = np.where(place, np.abs(difference), 0.0)
        changed = size > np.maximum(limit, _OF_LARGEST * float(size.max(initial=0.0)))
        self._changed: NDArray[np.bool_] = changed
        self._weights = np.abs(difference)[changed]
        self._limit = np.maximum(_NEAR * self._weights, limit[changed] / 2)

    @property
    def tells(self) -> bool:
        """Whether there is any difference."""
        return bool(len(self._weights))

    def shown(self, picture: Bytes) -> Shown:
        if not self.tells:
            return Shown(0.0, 0.0)
        flat = self._flat(picture)[self._changed]
        to_before = np.abs(flat - self._before[self._changed])
        to_after = np.abs(flat - self._after[self._changed])
        total = float(self._weights.sum())
        as_before = (to_before <= self._limit) & (to_before < to_after)
        as_after = (to_after <= self._limit) & (to_after <= to_before)
        return Shown(float(self._weights[as_before].sum()) / total, float(self._weights[as_after].sum()) / total)

    def _flat(self, picture: Bytes) -> Reals:
        """Without the light that lies over all of it."""
        found = logarithms(picture[self._near])
        return found - local_mean(found, self._down, self._across)


def best_split(sides: Sequence[int]) -> int:
    """After how many pictures the other side begins, so that the fewest lie on the wrong one; neither: 0 counts not."""
    wrong = sum(side == -1 for side in sides)
    best, least = 0, wrong
    for place, side in enumerate(sides):
        wrong += side
        if wrong < least:
            best, least = place + 1, wrong
    return best


def _rounded(picture: Reals) -> Bytes:
    return np.asarray(np.clip(np.round(picture), 0, 255), np.uint8)
