"""What a camera's view usually looks like, and where it doesn't now. Pure numbers; docs/decisions/015-detection.md.

A picture is a grid of cells, each the mean brightness (0 to 255) of its part of the picture: that alone takes away
most of a sensor's noise and of rain.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Below it a difference is never more than noise of the sensor or of the encoder.
_LEAST_DIFFERENCE = 9.0
# Leaves and rain change a cell all the time; so many times its usual difference is unusual.
_TIMES_USUAL = 4.0
_USUAL_AT_FIRST = 2.0
_EVIDENCE_OF_A_CELL = 3.0
_NEIGHBOURS = 4
# How long until the background has taken up two thirds of a change: usual view, what stands still, what moves.
_FOLLOWS_S = 10.0
_TAKES_UP_S = 15.0
_MOVES_S = 90.0
_USUAL_S = 20.0
# More of the picture at once than anything that moves: the light was switched, or the camera was turned.
_WHOLE_VIEW = 0.4
# A lamp brightens what is there, and its pattern stays; of small parts that can't be told.
_LAMP_FROM = 0.03
_SAME_PATTERN = 0.85
# Of what differs from the background so much differs from the last picture too, or else it only stands there.
_MOVING_PART = 0.2


@dataclass(frozen=True, slots=True)
class Blob:
    """Cells that touch and differ. `evidence`: how many cells' worth it is, each counted up to three times by how
    clearly it differs. `left` to `bottom`: its cells, the last ones exclusive."""

    cells: tuple[int, ...]
    evidence: float
    left: int
    top: int
    right: int
    bottom: int


class Background:
    """Of one camera, at `columns` × `rows` cells; forget it when the picture's size changes.

    `is_settling`: there was nothing that the last picture could be compared with, so what moved in it isn't known.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self.is_settling = True
        self._mean: list[float] = []
        self._usual: list[float] = []
        self._last: bytes = b""
        self._unsettled = 0

    def look(self, cells: bytes, elapsed_s: float) -> list[Blob]:
        """What moves in the next picture, `elapsed_s` after the last one; the largest first."""
        if not self._mean:
            self._begin(cells)
            return []
        differences = list(map(float.__rsub__, self._mean, map(float, cells)))
        # The camera's exposure shifts the whole picture.
        shift = _median(differences[::3])
        apart = [abs(difference - shift) for difference in differences]
        limits = [max(_LEAST_DIFFERENCE, _TIMES_USUAL * usual) for usual in self._usual]
        changed = {cell for cell, (one, limit) in enumerate(zip(apart, limits, strict=True)) if one > limit}
        if len(changed) > _WHOLE_VIEW * len(cells) or abs(shift) > _WHOLE_VIEW * 100:
            self._begin(cells)
            return []
        blobs = []
        lit: set[int] = set()
        for group in touching(without_streaks(changed, self.columns), self.columns):
            if len(group) > _LAMP_FROM * len(cells) and _pattern(group, cells, self._mean) > _SAME_PATTERN:
                lit.update(group)
            elif self._moves(group, cells, limits):
                blobs.append(self._blob(group, apart, limits))
        moving = {cell for blob in blobs for cell in blob.cells}
        self._follow(differences, apart, changed, moving, elapsed_s)
        for cell in lit:
            self._mean[cell] = float(cells[cell])
        self._last = cells
        self.is_settling = self._unsettled > 0
        if self._unsettled:
            self._unsettled -= 1
            return []
        return sorted(blobs, key=lambda blob: blob.evidence, reverse=True)

    def _begin(self, cells: bytes) -> None:
        self._mean = [float(cell) for cell in cells]
        self._usual = self._usual or [_USUAL_AT_FIRST] * len(cells)
        self._last = cells
        self.is_settling = True
        # A camera adjusts itself for a moment after such a change.
        self._unsettled = 1

    def _moves(self, group: Sequence[int], cells: bytes, limits: Sequence[float]) -> bool:
        moved = sum(abs(cells[cell] - self._last[cell]) > limits[cell] for cell in group)
        return moved >= _MOVING_PART * len(group)

    def _blob(self, group: Sequence[int], apart: Sequence[float], limits: Sequence[float]) -> Blob:
        evidence = sum(min(apart[cell] / limits[cell], _EVIDENCE_OF_A_CELL) for cell in group)
        across = [cell % self.columns for cell in group]
        down = [cell // self.columns for cell in group]
        return Blob(tuple(group), evidence, min(across), min(down), max(across) + 1, max(down) + 1)

    def _follow(
        self,
        differences: Sequence[float],
        apart: Sequence[float],
        changed: set[int],
        moving: set[int],
        elapsed_s: float,
    ) -> None:
        rate, usual_rate = _share(elapsed_s, _FOLLOWS_S), _share(elapsed_s, _USUAL_S)
        standing_rate, moving_rate = _share(elapsed_s, _TAKES_UP_S), _share(elapsed_s, _MOVES_S)
        before_mean, before_usual = self._mean, self._usual
        self._mean = [mean + rate * difference for mean, difference in zip(before_mean, differences, strict=True)]
        self._usual = [usual + usual_rate * (one - usual) for usual, one in zip(before_usual, apart, strict=True)]
        for cell in changed:
            slowly = moving_rate if cell in moving else standing_rate
            self._mean[cell] = before_mean[cell] + slowly * differences[cell]
            # What moves through makes a cell no restless one, but a tree that sways for long does.
            self._usual[cell] = before_usual[cell] + slowly * (apart[cell] - before_usual[cell])


def without_streaks(cells: set[int], columns: int) -> set[int]:
    """The cells without lines and points, as rain and insects make them: a cell with four neighbours is part of
    something, and so are its neighbours."""
    # One column more, in which there is nothing: the end of a row isn't beside the beginning of the next.
    wide = columns + 1
    apart = {cell + cell // columns for cell in cells}
    steps = (-wide - 1, -wide, -wide + 1, -1, 1, wide - 1, wide, wide + 1)
    solid = {cell for cell in apart if sum(cell + step in apart for step in steps) >= _NEIGHBOURS}
    return {cell - cell // wide for cell in apart if cell in solid or any(cell + step in solid for step in steps)}


def touching(cells: set[int], columns: int) -> list[list[int]]:
    """The cells in groups that touch, corners included."""
    left = set(cells)
    groups = []
    while left:
        group = [left.pop()]
        for cell in group:
            column = cell % columns
            aside = range(-1 if column else 0, 2 if column < columns - 1 else 1)
            for row in (-columns, 0, columns):
                for step in aside:
                    near = cell + row + step
                    if near in left:
                        left.discard(near)
                        group.append(near)
        groups.append(group)
    return groups


def _share(elapsed_s: float, constant_s: float) -> float:
    return 1.0 - math.exp(-max(0.0, elapsed_s) / constant_s)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _pattern(group: Sequence[int], cells: bytes, mean: Sequence[float]) -> float:
    """How alike the group looks to its background but for brightness and contrast: the correlation, -1 to 1.

    Of the steps from cell to cell, for a shade that lies over half of the picture is a pattern too.
    """
    ordered = sorted(group)
    steps = [
        (cells[after] - cells[before], mean[after] - mean[before])
        for before, after in pairwise(ordered)
        if after == before + 1
    ]
    now = sum(one * one for one, _ in steps)
    then = sum(other * other for _, other in steps)
    if not now or not then:
        return 0.0
    return sum(one * other for one, other in steps) / math.sqrt(now * then)
