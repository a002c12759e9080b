"""The part of a scene that stands still: sky, hills, houses, trees and a road, by day, at dusk or at night."""

import random
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw, ImageFilter

from pynvr.simulator.camera import Look

Colour = tuple[int, int, int]

# Drawn this much larger and scaled down once, for smooth edges.
_OVERSIZE = 2


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one time of day; `grain`: noise of the sensor, `lit`: share of lit windows."""

    sky: tuple[Colour, Colour]
    sun: Colour
    hills: tuple[Colour, Colour]
    walls: tuple[Colour, ...]
    roof: Colour
    window: Colour
    lit_window: Colour
    tree: tuple[Colour, ...]
    trunk: Colour
    grass: Colour
    pavement: Colour
    road: Colour
    marking: Colour
    cloud: Colour
    lamp: bool
    lit: float
    grain: int
    grey: bool = False


_DAY = Palette(
    sky=((96, 158, 214), (206, 226, 236)),
    sun=(255, 250, 225),
    hills=((138, 166, 160), (108, 146, 118)),
    walls=((214, 196, 168), (190, 110, 84), (224, 218, 204), (160, 172, 176)),
    roof=(112, 66, 54),
    window=(72, 92, 110),
    lit_window=(240, 220, 160),
    tree=((62, 112, 62), (78, 132, 66), (52, 98, 70)),
    trunk=(92, 70, 52),
    grass=(116, 154, 82),
    pavement=(176, 174, 168),
    road=(86, 90, 96),
    marking=(232, 232, 226),
    cloud=(252, 252, 252),
    lamp=False,
    lit=0.0,
    grain=7,
)
_DUSK = Palette(
    sky=((52, 58, 110), (246, 160, 112)),
    sun=(255, 214, 150),
    hills=((104, 82, 118), (74, 66, 92)),
    walls=((136, 108, 108), (128, 76, 76), (150, 130, 132), (104, 100, 120)),
    roof=(62, 44, 56),
    window=(48, 48, 72),
    lit_window=(255, 206, 120),
    tree=((44, 62, 58), (52, 72, 60), (40, 54, 62)),
    trunk=(54, 42, 46),
    grass=(74, 84, 66),
    pavement=(112, 102, 108),
    road=(58, 56, 68),
    marking=(206, 186, 164),
    cloud=(232, 150, 132),
    lamp=True,
    lit=0.45,
    grain=10,
)
_OVERCAST = Palette(
    sky=((150, 160, 168), (206, 210, 210)),
    sun=(214, 216, 214),
    hills=((150, 158, 158), (126, 138, 132)),
    walls=((178, 170, 158), (148, 112, 98), (196, 194, 188), (140, 148, 154)),
    roof=(92, 80, 78),
    window=(82, 94, 104),
    lit_window=(244, 226, 170),
    tree=((70, 96, 72), (84, 108, 74), (60, 84, 72)),
    trunk=(80, 70, 62),
    grass=(112, 130, 92),
    pavement=(158, 158, 156),
    road=(92, 94, 98),
    marking=(216, 216, 210),
    cloud=(228, 230, 230),
    lamp=False,
    lit=0.15,
    grain=8,
)
# As a camera sees in infrared: without colour.
_NIGHT = Palette(
    sky=((14, 14, 14), (46, 46, 46)),
    sun=(196, 196, 196),
    hills=((40, 40, 40), (54, 54, 54)),
    walls=((104, 104, 104), (86, 86, 86), (122, 122, 122), (94, 94, 94)),
    roof=(56, 56, 56),
    window=(40, 40, 40),
    lit_window=(226, 226, 226),
    tree=((98, 98, 98), (112, 112, 112), (88, 88, 88)),
    trunk=(64, 64, 64),
    grass=(92, 92, 92),
    pavement=(128, 128, 128),
    road=(74, 74, 74),
    marking=(196, 196, 196),
    cloud=(62, 62, 62),
    lamp=True,
    lit=0.3,
    grain=13,
    grey=True,
)
_PALETTES: dict[Look, Palette] = {"day": _DAY, "dusk": _DUSK, "overcast": _OVERCAST, "night": _NIGHT}


def palette_of(look: Look | Literal[""], seed: int) -> Palette:
    """The look's; without one, one that the seed chooses."""
    return _PALETTES[look] if look else list(_PALETTES.values())[seed % len(_PALETTES)]


def draw_backdrop(width: int, height: int, palette: Palette, seed: int) -> Image.Image:
    """The standing picture, RGB; equal seeds give equal pictures."""
    chance = random.Random(seed)
    wide, high = width * _OVERSIZE, height * _OVERSIZE
    picture = _sky(wide, high, palette, chance)
    canvas = ImageDraw.Draw(picture)
    _hills(canvas, wide, high, palette, chance)
    _houses(canvas, wide, high, palette, chance)
    canvas.rectangle((0, high * 0.60, wide, high), fill=palette.grass)
    _street(canvas, wide, high, palette)
    _trees(canvas, wide, high, palette, chance)
    if palette.lamp:
        picture = _lamps(picture, wide, high, (236, 236, 236) if palette.grey else (255, 232, 190))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _sky(wide: int, high: int, palette: Palette, chance: random.Random) -> Image.Image:
    column = Image.new("RGB", (1, 64))
    top, bottom = palette.sky
    for row in range(64):
        share = row / 63
        column.putpixel((0, row), tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True)))
    picture = Image.new("RGB", (wide, high))
    picture.paste(column.resize((wide, round(high * 0.62)), Image.Resampling.BICUBIC), (0, 0))
    glow = Image.new("L", (wide, high), 0)
    x, y, radius = chance.uniform(0.2, 0.8) * wide, high * chance.uniform(0.16, 0.3), high * 0.045
    canvas = ImageDraw.Draw(glow)
    canvas.ellipse((x - radius * 2, y - radius * 2, x + radius * 2, y + radius * 2), fill=110)
    glow = glow.filter(ImageFilter.GaussianBlur(high * 0.03))
    ImageDraw.Draw(glow).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    picture.paste(Image.new("RGB", (wide, high), palette.sun), (0, 0), glow)
    return picture


def _hills(canvas: ImageDraw.ImageDraw, wide: int, high: int, palette: Palette, chance: random.Random) -> None:
    for colour, level in zip(palette.hills, (0.42, 0.49), strict=True):
        points, x = [(0.0, high * 0.62)], 0.0
        while x < wide * 1.1:
            points.append((x, high * (level + chance.uniform(-0.045, 0.045))))
            x += wide * chance.uniform(0.07, 0.16)
        canvas.polygon([*points, (x, high * 0.62)], fill=colour)


def _houses(canvas: ImageDraw.ImageDraw, wide: int, high: int, palette: Palette, chance: random.Random) -> None:
    x = -wide * chance.uniform(0.0, 0.08)
    while x < wide:
        house_wide, house_high = wide * chance.uniform(0.11, 0.19), high * chance.uniform(0.13, 0.24)
        top, ground = high * 0.615 - house_high, high * 0.615
        _house(canvas, (x, top, x + house_wide, ground), high, palette, chance)
        x += house_wide + wide * chance.choice((0.0, 0.03, 0.07))


def _house(
    canvas: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    high: int,
    palette: Palette,
    chance: random.Random,
) -> None:
    left, top, right, ground = box
    canvas.rectangle(box, fill=chance.choice(palette.walls))
    eaves, ridge = (right - left) * 0.05, high * chance.uniform(0.04, 0.08)
    canvas.polygon(
        ((left - eaves, top), (left + eaves * 3, top - ridge), (right - eaves * 3, top - ridge), (right + eaves, top)),
        fill=palette.roof,
    )
    pane_wide, pane_high = high * 0.032, high * 0.042
    columns = max(2, int((right - left) / (pane_wide * 2)))
    rows = max(1, int((ground - top) / (pane_high * 1.9)))
    for row in range(rows):
        for column in range(columns):
            x = left + (column + 0.5) * (right - left) / columns
            y = top + (row + 0.55) * (ground - top) / rows
            lit = chance.random() < palette.lit
            canvas.rectangle(
                (x - pane_wide / 2, y - pane_high / 2, x + pane_wide / 2, y + pane_high / 2),
                fill=palette.lit_window if lit else palette.window,
            )


def _street(canvas: ImageDraw.ImageDraw, wide: int, high: int, palette: Palette) -> None:
    canvas.rectangle((0, high * 0.655, wide, high * 0.695), fill=palette.pavement)
    canvas.rectangle((0, high * 0.695, wide, high * 0.90), fill=palette.road)
    canvas.rectangle((0, high * 0.90, wide, high * 0.935), fill=palette.pavement)
    dash = wide / 14
    for number in range(14):
        canvas.rectangle(
            (dash * (number + 0.2), high * 0.790, dash * (number + 0.75), high * 0.797), fill=palette.marking
        )


def _trees(canvas: ImageDraw.ImageDraw, wide: int, high: int, palette: Palette, chance: random.Random) -> None:
    for number in range(5):
        x = wide * (0.1 + number * 0.2 + chance.uniform(-0.06, 0.06))
        ground, tall = high * 0.652, high * chance.uniform(0.13, 0.2)
        canvas.rectangle((x - high * 0.007, ground - tall * 0.5, x + high * 0.007, ground), fill=palette.trunk)
        for _ in range(14):
            radius = tall * chance.uniform(0.16, 0.27)
            at_x, at_y = x + tall * chance.uniform(-0.26, 0.26), ground - tall * chance.uniform(0.45, 0.95)
            canvas.ellipse(
                (at_x - radius, at_y - radius, at_x + radius, at_y + radius), fill=chance.choice(palette.tree)
            )


def _lamps(picture: Image.Image, wide: int, high: int, tint: Colour) -> Image.Image:
    light = Image.new("L", picture.size, 0)
    canvas, poles = ImageDraw.Draw(light), ImageDraw.Draw(picture)
    for share in (0.22, 0.72):
        x, top = wide * share, high * 0.42
        poles.rectangle((x - high * 0.004, top, x + high * 0.004, high * 0.66), fill=(40, 40, 44))
        canvas.ellipse((x - high * 0.24, high * 0.62, x + high * 0.24, high * 0.84), fill=84)
        canvas.ellipse((x - high * 0.04, top - high * 0.03, x + high * 0.04, top + high * 0.05), fill=255)
    light = light.filter(ImageFilter.GaussianBlur(high * 0.018))
    picture.paste(Image.new("RGB", picture.size, tint), (0, 0), light)
    return picture
