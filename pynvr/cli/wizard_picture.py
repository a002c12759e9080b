"""A small picture for the terminal: two pixels in each character, the upper half block."""

import os
import sys

from pynvr.base.errors import MediaError
from pynvr.media.still import decode_still

COLUMNS = 56
_HIGHEST_LINES = 20
_UPPER_HALF = "▀"


def terminal_picture(jpeg: bytes) -> list[str]:
    """The JPEG as coloured lines; empty if this terminal shows none, or the picture can't be decoded."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb" or "NO_COLOR" in os.environ:
        return []
    try:
        picture = decode_still("mjpeg", b"", [jpeg])
        width, height = _size(picture.width, picture.height)
        planes = picture.planes(width, height)
    except MediaError:
        return []
    return picture_lines(planes, width, height, os.environ.get("COLORTERM", "") in ("truecolor", "24bit"))


def picture_lines(planes: bytes, width: int, height: int, true_colour: bool) -> list[str]:
    """Lines of half blocks from Y, U and V (4:2:0, full range, BT.601), `width` and `height` even."""
    lines = []
    for row in range(0, height, 2):
        cells = []
        for column in range(width):
            upper = _colour(_rgb(planes, width, height, row, column), true_colour)
            lower = _colour(_rgb(planes, width, height, row + 1, column), true_colour)
            cells.append(f"\x1b[38;{upper};48;{lower}m{_UPPER_HALF}")
        lines.append("".join(cells) + "\x1b[0m")
    return lines


def _size(width: int, height: int) -> tuple[int, int]:
    """Even; a character is about twice as high as wide, so a pixel of ours is about square."""
    lines = min(_HIGHEST_LINES, max(1, round(COLUMNS * height / max(1, width) / 2)))
    return COLUMNS, 2 * lines


def _rgb(planes: bytes, width: int, height: int, row: int, column: int) -> tuple[int, int, int]:
    """ITU-T T.871 §7: from YCbCr."""
    size = width * height
    y = planes[row * width + column]
    chroma = (row // 2) * (width // 2) + column // 2
    u = planes[size + chroma] - 128
    v = planes[size + size // 4 + chroma] - 128
    return _byte(y + 1.402 * v), _byte(y - 0.344136 * u - 0.714136 * v), _byte(y + 1.772 * u)


def _byte(value: float) -> int:
    return min(255, max(0, round(value)))


def _colour(rgb: tuple[int, int, int], true_colour: bool) -> str:
    """Parameters of ECMA-48 SGR behind 38 or 48: 24-bit, or the 6x6x6 cube that nearly every terminal has."""
    if true_colour:
        return "2;" + ";".join(map(str, rgb))
    red, green, blue = (round(value / 255 * 5) for value in rgb)
    return f"5;{16 + 36 * red + 6 * green + blue}"
