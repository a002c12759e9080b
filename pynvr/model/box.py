"""Where in a picture."""

from typing import NamedTuple


class Box(NamedTuple):
    """A part of a picture, as shares of its width and height from the upper left corner."""

    x: float
    y: float
    width: float
    height: float
