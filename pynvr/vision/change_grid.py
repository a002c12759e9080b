"""Pictures as grids of brightness, in which differences of light are sums: what all of the search for changes uses."""

from collections.abc import Sequence
from math import ceil, floor
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pynvr.media.still import PlaneRows
from pynvr.model.box import Box

Bytes = NDArray[np.uint8]
Reals = NDArray[np.float32]
Number = TypeVar("Number", np.uint8, np.float32, np.bool_)

# Light multiplies what a surface sends back, so it is a sum in logarithms; near black a sensor's noise would become
# large there, hence the pedestal, in steps of 255.
PEDESTAL = 12.0
_LOGARITHMS: Reals = np.log2(np.arange(256) + PEDESTAL).astype(np.float32)
_LN2 = 0.6931


class Cells(NamedTuple):
    """A part of a grid; `right` and `bottom` exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def within(self, part: "Cells") -> "Cells":
        """The same, counted from the part's corner; what lies outside of it is left out."""
        left, top = max(self.left, part.left), max(self.top, part.top)
        right, bottom = min(self.right, part.right), min(self.bottom, part.bottom)
        return Cells(left - part.left, top - part.top, right - part.left, bottom - part.top)

    def inner(self) -> "Cells":
        """The same among fours of cells that touch, of which there is one less to the right and below."""
        return Cells(self.left, self.top, max(self.left + 1, self.right - 1), max(self.top + 1, self.bottom - 1))

    def of(self, grids: NDArray[Number]) -> NDArray[Number]:
        """This part of a grid, or of a row of grids."""
        return grids[..., self.top : self.bottom, self.left : self.right]

    def widened(self, across: int, down: int, columns: int, rows: int) -> "Cells":
        return Cells(
            max(0, self.left - across),
            max(0, self.top - down),
            min(columns, self.right + across),
            min(rows, self.bottom + down),
        )


def cells_of(box: Box, columns: int, rows: int) -> Cells:
    """The cells that the box touches; at least two by two."""
    left, right = _side(box.x, box.x + box.width, columns)
    top, bottom = _side(box.y, box.y + box.height, rows)
    return Cells(left, top, right, bottom)


def box_of(cells: Cells, columns: int, rows: int) -> Box:
    return Box(
        round(cells.left / columns, 4),
        round(cells.top / rows, 4),
        round(cells.width / columns, 4),
        round(cells.height / rows, 4),
    )


def grid(data: bytes, columns: int, rows: int, at: int = 0) -> Bytes:
    """A plane row by row, without gaps, as a grid; it begins at byte `at`. Not copied."""
    return np.frombuffer(data, np.uint8, columns * rows, at).reshape(rows, columns)


def planes_of(data: bytes, columns: int, rows: int) -> tuple[Bytes, Bytes, Bytes]:
    """Brightness and both colours, which have half of its columns and rows."""
    luma, colour = columns * rows, columns * rows // 4
    half = columns // 2, rows // 2
    return grid(data, columns, rows), grid(data, *half, luma), grid(data, *half, luma + colour)


def reduced(rows: PlaneRows, factor: int, part: Cells) -> Bytes:
    """A part of a grid of which each cell is the mean of `factor` × `factor` points of the picture."""
    plane = np.frombuffer(rows.data, np.uint8)[: rows.line_bytes * rows.height].reshape(rows.height, rows.line_bytes)
    points = plane[part.top * factor : part.bottom * factor, part.left * factor : part.right * factor]
    if factor > 1:
        # Rows first: whole rows are added quickly.
        sums = points.reshape(part.height, factor, -1).sum(axis=1, dtype=np.uint32)
        points = sums.reshape(part.height, part.width, factor).sum(axis=2) / np.float32(factor * factor)
    values = points if rows.is_full else _full(points, rows.is_colour)
    return np.asarray(np.clip(values + np.float32(0.5), 0, 255), np.uint8)


def _full(points: Bytes | Reals, is_colour: bool) -> Reals:
    """ITU-R BT.601's ranges as JPEG has them."""
    if is_colour:
        return np.asarray((points - np.float32(128)) * np.float32(255 / 224) + np.float32(128), np.float32)
    return np.asarray((points - np.float32(16)) * np.float32(255 / 219), np.float32)


def in_a_row(pictures: Sequence[Bytes], columns: int, rows: int) -> Bytes:
    """(pictures, rows, columns); copied."""
    return np.stack(pictures) if pictures else np.zeros((0, rows, columns), np.uint8)


def logarithms(luma: Bytes) -> Reals:
    """The brightness so that light is added, not multiplied: of 0 to 255, in octaves."""
    return _LOGARITHMS[luma]


def step_of(luma: NDArray[np.uint8] | Reals) -> Reals:
    """What one step of 255 is in octaves, at this brightness."""
    return np.asarray(1.0 / ((luma + np.float32(PEDESTAL)) * _LN2), np.float32)


def local_mean(grid: Reals, down: int, across: int) -> Reals:
    """The mean of each cell's neighbourhood, so many cells to each side, in the last two dimensions."""
    return _mean_along(_mean_along(grid, -2, down), -1, across)


def smooth(grid: Reals) -> Reals:
    """A little blurred (1 2 1), in the last two dimensions."""
    for axis in (-2, -1):
        first, last = np.take(grid, [0], axis), np.take(grid, [-1], axis)
        wide = np.concatenate([first, grid, last], axis)
        count = grid.shape[axis]
        before, after = (np.take(wide, np.arange(start, start + count), axis) for start in (0, 2))
        grid = (before + 2 * grid + after) / 4
    return np.asarray(grid, np.float32)


def steepness(grid: Reals) -> Reals:
    """How much it changes from one cell to the next."""
    down, across = np.gradient(grid)
    return np.asarray(np.hypot(down, across), np.float32)


def grown(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """With all that lies within so many cells."""
    return np.asarray(local_mean(mask.astype(np.float32), by, by) > 1e-6)


def shrunk(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """Without what lies within so many cells of its border."""
    return np.asarray(local_mean(mask.astype(np.float32), by, by) > 1 - 1e-6)


def _mean_along(grid: Reals, axis: int, reach: int) -> Reals:
    count = grid.shape[axis]
    zero = np.zeros_like(np.take(grid, [0], axis))
    sums = np.concatenate([zero, np.cumsum(grid, axis=axis, dtype=np.float32)], axis)
    places = np.arange(count)
    low, high = np.maximum(places - reach, 0), np.minimum(places + reach + 1, count)
    shape = [1] * grid.ndim
    shape[axis] = count
    total = np.take(sums, high, axis) - np.take(sums, low, axis)
    return np.asarray(total / (high - low).astype(np.float32).reshape(shape), np.float32)


def _side(start: float, end: float, count: int) -> tuple[int, int]:
    first, last = floor(start * count), min(count, ceil(end * count - 1e-6))
    if last - first < 2:
        first = min(max(0, round((start + end) / 2 * count) - 1), count - 2)
        last = first + 2
    return first, last
