"""Pictures of a place at which something stands, or doesn't."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import av

WIDTH, HEIGHT = 160, 96


def standing(
    is_there: Callable[[int], bool], count: int, light: Callable[[int], float] = lambda _: 1.0
) -> Iterator[Any]:
    """A wall of blocks, and in front of it a box, from 0.4 to 0.6 of the width and of the height."""
    chance = random.Random(4)
    blocks = [[chance.randrange(70, 180) for _ in range(WIDTH // 16)] for _ in range(HEIGHT // 16)]
    wall = [[blocks[row // 16][column // 16] for column in range(WIDTH)] for row in range(HEIGHT)]
    grids = {}
    for there in (False, True):
        grid = [row[:] for row in wall]
        if there:
            for row in range(HEIGHT * 2 // 5, HEIGHT * 3 // 5):
                for column in range(WIDTH * 2 // 5, WIDTH * 3 // 5):
                    grid[row][column] = 40 if (row + column) % 16 else 200
        grids[there] = grid
    drawn: dict[tuple[bool, float], bytes] = {}
    for number in range(count):
        picture = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        key = bool(is_there(number)), light(number)
        line = picture.planes[0].line_size
        if key not in drawn:
            rows = (bytes(min(235, round(16 + (value - 16) * key[1])) for value in row) for row in grids[key[0]])
            drawn[key] = b"".join(row.ljust(line, b"\x10") for row in rows)
        picture.planes[0].update(drawn[key])
        for plane in picture.planes[1:]:
            plane.update(b"\x80" * plane.buffer_size)
        yield picture
