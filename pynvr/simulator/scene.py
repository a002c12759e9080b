"""A street that something moves through, with the camera's name and the time in the picture. Needs Pillow."""

import random
import zlib
from datetime import datetime
from typing import Literal

from PIL import Image, ImageDraw, ImageFont, ImageOps

from pynvr.simulator import sprites
from pynvr.simulator.backdrop import draw_backdrop, palette_of
from pynvr.simulator.camera import Delivery, Look
from pynvr.simulator.parcel import ParcelDrawing
from pynvr.simulator.planes import NEUTRAL, Planes, Sprite, planes_of, sprite_of
from pynvr.simulator.time_code import draw_time_code

_CAR_COLOURS = ((176, 46, 42), (44, 84, 148), (226, 226, 222), (64, 68, 74), (214, 158, 46), (58, 122, 92))
# Of the band behind text: a third of the light and of the colour.
_DARKER = [16 + max(0, level - 16) // 3 for level in range(256)]
_PALER = [NEUTRAL + (level - NEUTRAL) // 3 for level in range(256)]
_LETTERS = 228
_COATS = ((168, 62, 58), (54, 92, 140), (196, 152, 62), (84, 116, 84))
# So fast each thing is where nothing is to repeat itself: no two come back at the same time.
_PACES = (0.83, 1.0, 1.19, 0.91)


class Scene:
    """Draws the picture of any moment; motion repeats itself after `period_s`, so that a loop has no seam.

    Unless `repeats` is false: then each thing has a period of its own, near to that. Who compares pictures of equal
    moments of a loop takes what moves in it for something that stands there.
    """

    def __init__(
        self,
        name: str,
        width: int,
        height: int,
        period_s: float,
        look: Look | Literal[""] = "",
        *,
        visits: tuple[float, float] | None = None,
        delivery: Delivery | None = None,
        time_code: bool = True,
        repeats: bool = True,
    ) -> None:
        self._name = name
        self._visits = visits
        self._has_time_code = time_code
        self._period_s = period_s
        self._paces = (1.0,) * len(_PACES) if repeats else _PACES
        seed = zlib.crc32(name.encode())
        chance = random.Random(seed)
        palette = palette_of(look, seed)
        grey = palette.grey
        self._backdrops = _with_grain(draw_backdrop(width, height, palette, seed), palette.grain)
        cars = [sprites.car(round(height * 0.105), colour, palette.lamp) for colour in chance.sample(_CAR_COLOURS, 4)]
        # (picture, y of its top, turns per period, negative to the left, and where the first one starts)
        self._cars = [
            (sprite_of(ImageOps.mirror(cars[0]), grey), round(height * 0.675), -1, chance.random()),
            (sprite_of(ImageOps.mirror(cars[1]), grey), round(height * 0.675), -1, chance.random()),
            (sprite_of(cars[2], grey), round(height * 0.785), 1, chance.random()),
            (sprite_of(cars[3], grey), round(height * 0.785), 2, chance.random()),
        ]
        self._clouds = [
            (sprite_of(sprites.cloud(round(height * size), palette.cloud)), round(height * y), 1, chance.random())
            for size, y in ((0.13, 0.05), (0.09, 0.17), (0.11, 0.10))
        ]
        steps = sprites.walker(round(height * 0.15), chance.choice(_COATS))
        self._steps = [sprite_of(step, grey) for step in steps]
        self._walker_at = chance.random()
        self._parcel = ParcelDrawing(delivery, width, height, chance.choice(_COATS), grey) if delivery else None
        self._text = _Text(height)

    def picture(self, at_s: float, clock: str, milliseconds: int, since_s: float | None = None) -> Planes:
        """The moment `at_s` of the motion, labelled with the clock's text and the time code.

        `since_s`: since somebody first watched, for what happens but once; None: nobody has.
        """
        picture = self._backdrops[milliseconds * 7 // 20 % len(self._backdrops)].copy()
        if self._visits is not None:
            self._visit(picture, at_s, *self._visits)
        else:
            self._move_all(picture, at_s)
        if self._parcel is not None and since_s is not None:
            self._parcel.put(picture, since_s)
        self._text.label(picture, self._name, left=True)
        self._text.label(picture, clock, left=False)
        if self._has_time_code:
            draw_time_code(picture, milliseconds)
        return picture

    def _visit(self, picture: Planes, at_s: float, every_s: float, lasts_s: float) -> None:
        since_s = at_s % every_s
        if since_s < lasts_s:
            sprite, y, _, _ = self._cars[-1]
            _place(picture, sprite, y, since_s / lasts_s)

    def _move_all(self, picture: Planes, at_s: float) -> None:
        turn = at_s / self._period_s
        for (sprite, y, turns, start), pace in zip(self._clouds, self._paces, strict=False):
            _place(picture, sprite, y, (turn * pace * turns + start) % 1)
        _place(
            picture,
            self._steps[int(at_s * 9) % len(self._steps)],
            round(picture.luma.height * 0.535),
            (turn + self._walker_at) % 1,
        )
        for (sprite, y, turns, start), pace in zip(self._cars, self._paces, strict=True):
            _place(picture, sprite, y, (turn * pace * turns + start) % 1)


def _place(picture: Planes, sprite: Sprite, y: int, share: float) -> None:
    span = picture.luma.width + sprite.width
    sprite.put(picture, round(share * span) - sprite.width, y)


def _with_grain(backdrop: Image.Image, strength: int) -> list[Planes]:
    """The backdrop under the noise of several moments; it costs too much to be made anew for each picture."""
    size = backdrop.width // 2 + 1, backdrop.height // 2 + 1
    levels = [max(0, level - 128) * 2 // 5 for level in range(256)]
    pictures = []
    for _ in range(5):
        picture = backdrop.copy()
        for level in (255, 0):
            mask = Image.effect_noise(size, strength * 3).point(levels).resize(backdrop.size)
            picture.paste((level, level, level), (0, 0, *backdrop.size), mask)
        pictures.append(planes_of(picture))
    return pictures


def clock_text(at_us: int) -> str:
    """Date and local time with milliseconds, as a camera's clock shows it."""
    return datetime.fromtimestamp(at_us // 1000 / 1000).astimezone().strftime("%Y-%m-%d  %H:%M:%S.%f")[:-3]


def loop_text(milliseconds: int) -> str:
    """Time since the start of the loop: a looped scene has no true clock."""
    return f"loop  {milliseconds // 1000:02d}.{milliseconds % 1000:03d}"


class _Text:
    """Light letters on a dark band; letters are kept drawn, digits have equal widths so that a clock stands still."""

    def __init__(self, picture_height: int) -> None:
        self._size = max(11, picture_height // 24)
        self._font = ImageFont.load_default(self._size)
        self._digit = max(round(self._font.getlength(digit)) for digit in "0123456789") + 1
        self._letters: dict[str, Image.Image] = {}

    def label(self, picture: Planes, text: str, *, left: bool) -> None:
        pad = self._size // 3
        widths = [self._digit if letter.isdigit() else round(self._font.getlength(letter)) for letter in text]
        margin = max(4, picture.luma.height // 60) & ~1
        box_wide, box_high = (sum(widths) + 2 * pad + 1) & ~1, round(self._size * 1.5) & ~1
        x = margin if left else picture.luma.width - margin - box_wide
        box = x, margin, x + box_wide, margin + box_high
        band = picture.luma.crop(box).point(_DARKER)
        at = pad
        for letter, wide in zip(text, widths, strict=True):
            mask = self._letter(letter)
            band.paste(_LETTERS, (at + (wide - mask.width) // 2, 0), mask)
            at += wide
        picture.luma.paste(band, (x, margin))
        left_top, right_bottom = (x // 2, margin // 2), ((x + box_wide) // 2, (margin + box_high) // 2)
        for chroma in (picture.blue, picture.red):
            chroma.paste(chroma.crop((*left_top, *right_bottom)).point(_PALER), left_top)

    def _letter(self, letter: str) -> Image.Image:
        mask = self._letters.get(letter)
        if mask is None:
            wide = max(1, round(self._font.getlength(letter)))
            mask = Image.new("L", (wide, round(self._size * 1.5)), 0)
            ImageDraw.Draw(mask).text((0, self._size * 1.12), letter, fill=255, font=self._font, anchor="ls")
            self._letters[letter] = mask
        return mask
