"""What appears in front of a camera and stays, and who walks or drives past. Each is drawn large, then scaled down."""

import random
from functools import lru_cache
from typing import Literal

from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFilter

from benchmarks.change.plane import Sprite, sprite_of
from pynvr.simulator import sprites

Kind = Literal["box", "bag", "bin", "bicycle", "car", "plank", "writing", "gate", "wet"]
_OVERSIZE = 4
_COATS = ((168, 62, 58), (54, 92, 140), (196, 152, 62), (84, 116, 84), (40, 40, 44), (210, 210, 205))
_COLOURS = {
    "box": ((150, 112, 70), (176, 140, 96), (196, 196, 188)),
    "bag": ((30, 32, 36), (44, 62, 110), (205, 205, 210)),
    "bin": ((50, 92, 60), (52, 56, 60), (170, 140, 40)),
    "plank": ((226, 196, 150), (52, 40, 32)),
    "car": ((176, 46, 42), (44, 84, 148), (226, 226, 222), (64, 68, 74)),
}


@lru_cache(maxsize=256)
def thing(kind: Kind, width: int, height: int, seed: int) -> Sprite:
    """It fills `width` × `height` points (a car and a bicycle as much of it as their form lets them)."""
    chance = random.Random(seed)
    if kind == "car":
        return sprite_of(sprites.car(height, chance.choice(_COLOURS["car"]), False).resize((width, height)))
    picture = PillowImage.new("RGBA", (width * _OVERSIZE, height * _OVERSIZE), (0, 0, 0, 0))
    _DRAWN[kind](ImageDraw.Draw(picture), picture.width, picture.height, chance)
    if kind == "wet":
        picture = picture.filter(ImageFilter.GaussianBlur(picture.width / 30))
    return sprite_of(picture.resize((width, height), PillowImage.Resampling.LANCZOS))


@lru_cache(maxsize=64)
def steps(height: int, seed: int) -> tuple[Sprite, ...]:
    """A person that walks to the right."""
    coat = random.Random(seed).choice(_COATS)
    return tuple(sprite_of(step) for step in sprites.walker(height, coat))


@lru_cache(maxsize=64)
def passing_car(height: int, seed: int, to_left: bool, lights: bool) -> Sprite:
    picture = sprites.car(height, random.Random(seed).choice(_COLOURS["car"]), lights)
    return sprite_of(picture.transpose(PillowImage.Transpose.FLIP_LEFT_RIGHT) if to_left else picture)


def _box(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    colour = chance.choice(_COLOURS["box"])
    draw.ellipse((0, height * 0.86, width, height), fill=(0, 0, 0, 90))
    draw.rectangle((width * 0.05, height * 0.18, width * 0.95, height * 0.95), fill=(*colour, 255))
    light = tuple(min(255, part + 35) for part in colour)
    draw.polygon(
        [(width * 0.05, height * 0.18), (width * 0.2, 0), (width * 0.85, 0), (width * 0.95, height * 0.18)],
        fill=(*light, 255),
    )
    draw.rectangle((width * 0.45, height * 0.18, width * 0.55, height * 0.95), fill=(225, 215, 190, 255))


def _bag(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    colour = chance.choice(_COLOURS["bag"])
    draw.ellipse((0, height * 0.82, width, height), fill=(0, 0, 0, 90))
    draw.ellipse((width * 0.04, height * 0.2, width * 0.96, height * 0.98), fill=(*colour, 255))
    draw.polygon(
        [(width * 0.35, height * 0.3), (width * 0.42, 0), (width * 0.6, 0), (width * 0.65, height * 0.3)],
        fill=(*colour, 255),
    )
    light = tuple(min(255, part + 50) for part in colour)
    draw.line((width * 0.3, height * 0.4, width * 0.45, height * 0.85), fill=(*light, 200), width=max(1, width // 14))


def _bin(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    colour = chance.choice(_COLOURS["bin"])
    draw.ellipse((0, height * 0.9, width, height), fill=(0, 0, 0, 90))
    draw.polygon(
        [(width * 0.08, height * 0.12), (width * 0.92, height * 0.12), (width * 0.82, height * 0.96),
         (width * 0.18, height * 0.96)],
        fill=(*colour, 255),
    )  # fmt: skip
    dark = tuple(part * 2 // 3 for part in colour)
    draw.rectangle((0, 0, width, height * 0.13), fill=(*dark, 255))


def _bicycle(draw: ImageDraw.ImageDraw, width: int, height: int, _chance: random.Random) -> None:
    pen = max(2, height // 22)
    ink = (34, 34, 38, 255)
    radius = height * 0.3
    for middle in (width * 0.22, width * 0.78):
        draw.ellipse((middle - radius, height - 2 * radius, middle + radius, height - 1), outline=ink, width=pen)
    frame = [(0.22, 0.7), (0.4, 0.3), (0.68, 0.3), (0.78, 0.7), (0.68, 0.3), (0.48, 0.7), (0.22, 0.7), (0.48, 0.7)]
    draw.line([(x * width, y * height) for x, y in frame], fill=(150, 40, 44, 255), width=pen, joint="curve")
    draw.line((width * 0.4, height * 0.3, width * 0.36, height * 0.15), fill=ink, width=pen)
    draw.line((width * 0.68, height * 0.3, width * 0.7, height * 0.1), fill=ink, width=pen)


def _plank(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    colour = chance.choice(_COLOURS["plank"])
    draw.polygon([(0, height * 0.6), (width, 0), (width, height * 0.4), (0, height)], fill=(*colour, 255))


def _writing(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    """Strokes of paint on a wall."""
    ink = chance.choice(((178, 30, 40, 230), (24, 26, 40, 230), (236, 236, 240, 230)))
    points = [(width * (0.05 + 0.9 * n / 11), height * chance.uniform(0.08, 0.92)) for n in range(12)]
    draw.line(points, fill=ink, width=max(2, height // 8), joint="curve")


def _gate(draw: ImageDraw.ImageDraw, width: int, height: int, _chance: random.Random) -> None:
    """Bars that let most of what is behind them be seen."""
    pen = max(1, width // 28)
    for number in range(9):
        x = width * (0.02 + 0.96 * number / 8)
        draw.line((x, 0, x, height), fill=(52, 58, 54, 255), width=pen)
    for y in (0.06, 0.5, 0.94):
        draw.line((0, height * y, width, height * y), fill=(52, 58, 54, 255), width=pen)


def _wet(draw: ImageDraw.ImageDraw, width: int, height: int, _chance: random.Random) -> None:
    """A puddle, or a shadow that stays: darker, with soft edges and what is below still seen."""
    draw.ellipse((width * 0.05, height * 0.05, width * 0.95, height * 0.95), fill=(10, 12, 16, 110))


_DRAWN = {
    "box": _box,
    "bag": _bag,
    "bin": _bin,
    "bicycle": _bicycle,
    "plank": _plank,
    "writing": _writing,
    "gate": _gate,
    "wet": _wet,
}
