"""Which part of a picture counts."""

from collections.abc import Sequence

from pynvr.model.settings import Zone


def is_inside(x: float, y: float, zones: Sequence[Zone]) -> bool:
    """Whether a point lies in one of the zones; without any, the whole picture counts."""
    return not zones or any(_is_in(x, y, zone) for zone in zones)


def cells_inside(columns: int, rows: int, zones: Sequence[Zone]) -> list[int]:
    """The numbers, row by row, of the cells of a grid whose centre lies in one of the zones."""
    return [
        row * columns + column
        for row in range(rows)
        for column in range(columns)
        if is_inside((column + 0.5) / columns, (row + 0.5) / rows, zones)
    ]


def _is_in(x: float, y: float, zone: Zone) -> bool:
    """By the even-odd rule: how often does a ray to the right cross the outline?"""
    inside = False
    before_x, before_y = zone[-1]
    for corner_x, corner_y in zone:
        if (corner_y > y) != (before_y > y):
            crossing_x = corner_x + (y - corner_y) / (before_y - corner_y) * (before_x - corner_x)
            if x < crossing_x:
                inside = not inside
        before_x, before_y = corner_x, corner_y
    return inside
