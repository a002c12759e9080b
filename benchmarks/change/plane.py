"""Pictures as arrays: light at full size, colour at half, in the limited range that cameras send."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

Plane = NDArray[np.float32]
NEUTRAL = 128.0
_SMALLEST, _LARGEST = 16, 235


@dataclass(frozen=True)
class Image:
    """`luma` (H, W); `blue`, `red` (H/2, W/2); all 0 to 255, sides even."""

    luma: Plane
    blue: Plane
    red: Plane

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.luma.shape[1], self.luma.shape[0]

    def copy(self) -> "Image":
        return Image(self.luma.copy(), self.blue.copy(), self.red.copy())


@dataclass(frozen=True)
class Sprite:
    """What is put onto an image: how it looks and how much of it covers (0 to 1)."""

    image: Image
    cover: Plane
    half_cover: Plane

    def put(self, onto: Image, x: int, y: int) -> None:
        """At (x, y) in points, which may lie outside; colour keeps to even places."""
        _blend(onto.luma, self.image.luma, self.cover, x, y)
        _blend(onto.blue, self.image.blue, self.half_cover, x // 2, y // 2)
        _blend(onto.red, self.image.red, self.half_cover, x // 2, y // 2)


def image_of(picture: PillowImage.Image) -> Image:
    """An RGB picture; odd sides lose their last row or column."""
    even = picture.crop((0, 0, picture.width // 2 * 2, picture.height // 2 * 2)).convert("YCbCr")
    luma, blue, red = (np.asarray(one, np.float32) for one in even.split())
    scale = (_LARGEST - _SMALLEST) / 255
    return Image(luma * scale + _SMALLEST, halved(blue), halved(red))


def sprite_of(picture: PillowImage.Image) -> Sprite:
    """An RGBA picture."""
    even = picture.crop((0, 0, picture.width // 2 * 2, picture.height // 2 * 2))
    cover = np.asarray(even.getchannel("A"), np.float32) / np.float32(255)
    return Sprite(image_of(even.convert("RGB")), cover, halved(cover))


def halved(plane: Plane) -> Plane:
    height, width = plane.shape
    return np.asarray(plane.reshape(height // 2, 2, width // 2, 2).mean((1, 3)), np.float32)


def _blend(onto: Plane, what: Plane, cover: Plane, x: int, y: int) -> None:
    height, width = onto.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + what.shape[1]), min(height, y + what.shape[0])
    if left >= right or top >= bottom:
        return
    inside = slice(top - y, bottom - y), slice(left - x, right - x)
    place = onto[top:bottom, left:right]
    place += (what[inside] - place) * cover[inside]
