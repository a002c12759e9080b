"""The instant of a picture as a row of black and white cells along its lower edge, for programs to read.

48 cells from left to right: 2 white, 2 black (so that the row is told from a dark picture), 43 bits of milliseconds,
most significant first, and one bit that makes the number of white cells even.
"""

from PIL import ImageDraw

from pynvr.simulator.planes import NEUTRAL, Planes

_START = (1, 1, 0, 0)
_BITS = 43
CELLS = len(_START) + _BITS + 1
_WHITE = 224
_BLACK = 24


def height_of(picture_height: int) -> int:
    """Pixels of the row; at least a macroblock's half, so that coarse coding leaves it readable."""
    return max(8, picture_height // 90)


def draw_time_code(picture: Planes, milliseconds: int) -> None:
    """Write the row into the picture."""
    luma = picture.luma
    cells = [*_START, *(milliseconds >> shift & 1 for shift in range(_BITS - 1, -1, -1))]
    cells.append(sum(cells) & 1)
    canvas = ImageDraw.Draw(luma)
    top = luma.height - height_of(luma.height)
    for number, cell in enumerate(cells):
        left, right = number * luma.width // CELLS, (number + 1) * luma.width // CELLS
        canvas.rectangle((left, top, right - 1, luma.height - 1), fill=_WHITE if cell else _BLACK)
    for chroma in (picture.blue, picture.red):
        chroma.paste(NEUTRAL, (0, top // 2, chroma.width, chroma.height))


def read_time_code(luma: bytes, stride: int, width: int, height: int) -> int | None:
    """Milliseconds from a decoded picture's luma plane; None if there is no row, or it can't be trusted."""
    row = height - max(1, height_of(height) // 2)
    cells = []
    for number in range(CELLS):
        middle = (2 * number + 1) * width // (2 * CELLS)
        cells.append(1 if luma[row * stride + middle] > 128 else 0)
    if tuple(cells[: len(_START)]) != _START or sum(cells) & 1:
        return None
    return int("".join(map(str, cells[len(_START) : -1])), 2)
