"""What moves through a scene: cars, clouds, people, a parcel. Each is drawn once, large, then scaled down."""

import math

from PIL import Image, ImageDraw, ImageFilter

from pynvr.simulator.backdrop import Colour

_OVERSIZE = 4


def car(height: int, colour: Colour, lights: bool) -> Image.Image:
    """A car that drives to the right, RGBA; `height` pixels from its shadow to its roof."""
    unit = height * _OVERSIZE / 100
    picture = Image.new("RGBA", (round(250 * unit), round(104 * unit)), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(picture)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return left * unit, top * unit, right * unit, bottom * unit

    canvas.ellipse(box(8, 84, 236, 103), fill=(0, 0, 0, 90))
    canvas.rounded_rectangle(box(10, 40, 234, 84), radius=18 * unit, fill=(*colour, 255))
    cabin = [(52, 44), (80, 8), (162, 8), (198, 44)]
    canvas.polygon([(x * unit, y * unit) for x, y in cabin], fill=(*colour, 255))
    dark = tuple(part // 2 for part in colour)
    glass = (38, 50, 62, 255)
    canvas.polygon([(x * unit, y * unit) for x, y in ((66, 42), (86, 14), (116, 14), (116, 42))], fill=glass)
    canvas.polygon([(x * unit, y * unit) for x, y in ((122, 42), (122, 14), (158, 14), (184, 42))], fill=glass)
    canvas.rectangle(box(12, 66, 232, 72), fill=(*dark, 255))
    for middle in (62, 184):
        canvas.ellipse(box(middle - 22, 58, middle + 22, 102), fill=(22, 22, 24, 255))
        canvas.ellipse(box(middle - 11, 69, middle + 11, 91), fill=(150, 152, 156, 255))
    canvas.rounded_rectangle(box(222, 48, 236, 60), radius=4 * unit, fill=(255, 246, 204, 255))
    canvas.rounded_rectangle(box(8, 48, 18, 62), radius=4 * unit, fill=(206, 40, 36, 255))
    if lights:
        beam = Image.new("RGBA", (picture.width + round(120 * unit), picture.height), (0, 0, 0, 0))
        shape = Image.new("L", beam.size, 0)
        ImageDraw.Draw(shape).polygon(
            [(x * unit, y * unit) for x, y in ((214, 40), (362, 60), (362, 103), (214, 72))], fill=120
        )
        beam.paste(
            Image.new("RGBA", beam.size, (255, 244, 200, 255)), (0, 0), shape.filter(ImageFilter.GaussianBlur(7 * unit))
        )
        beam.alpha_composite(picture)
        picture = beam
    return _smaller(picture)


def cloud(height: int, colour: Colour) -> Image.Image:
    """A cloud, RGBA, about three times as wide as high."""
    unit = height * _OVERSIZE / 100
    shape = Image.new("L", (round(300 * unit), round(100 * unit)), 0)
    canvas = ImageDraw.Draw(shape)
    for x, y, radius in ((66, 60, 24), (120, 46, 36), (175, 50, 32), (228, 62, 22), (148, 64, 24)):
        canvas.ellipse(((x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit), fill=190)
    picture = Image.new("RGBA", shape.size, (*colour, 0))
    picture.putalpha(shape.filter(ImageFilter.GaussianBlur(5 * unit)))
    return _smaller(picture)


def parcel(height: int) -> Image.Image:
    """A box of cardboard with its shadow, RGBA; a little wider than high."""
    unit = height * _OVERSIZE / 100
    picture = Image.new("RGBA", (round(136 * unit), round(104 * unit)), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(picture)

    def shape(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * unit, y * unit) for x, y in points]

    canvas.ellipse((2 * unit, 84 * unit, 134 * unit, 104 * unit), fill=(0, 0, 0, 90))
    front, top, side, tape, edge = (178, 128, 74), (206, 160, 102), (136, 94, 52), (226, 200, 152), (92, 62, 34)
    canvas.polygon(shape((8, 30), (34, 8), (128, 8), (102, 30)), fill=(*top, 255))
    canvas.polygon(shape((102, 30), (128, 8), (128, 76), (102, 98)), fill=(*side, 255))
    canvas.polygon(shape((8, 30), (102, 30), (102, 98), (8, 98)), fill=(*front, 255))
    canvas.polygon(shape((48, 30), (74, 8), (86, 8), (60, 30), (60, 52), (48, 52)), fill=(*tape, 255))
    canvas.polygon(shape((66, 62), (94, 62), (94, 86), (66, 86)), fill=(240, 238, 230, 255))
    for line in (68, 74, 80):
        canvas.line(shape((70, line), (90, line)), fill=(60, 60, 64, 255), width=round(2 * unit))
    canvas.line(shape((8, 30), (102, 30), (102, 98), (8, 98), (8, 30)), fill=(*edge, 255), width=round(2 * unit))
    canvas.line(shape((102, 30), (128, 8)), fill=(*edge, 255), width=round(2 * unit))
    return _smaller(picture)


def walker(height: int, coat: Colour, steps: int = 8) -> list[Image.Image]:
    """The steps of a person that walks to the right, RGBA, to be shown in turn."""
    return [_step(height, coat, 2 * math.pi * step / steps) for step in range(steps)]


def _step(height: int, coat: Colour, phase: float) -> Image.Image:
    unit = height * _OVERSIZE / 100
    picture = Image.new("RGBA", (round(60 * unit), round(104 * unit)), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(picture)
    swing = math.sin(phase)
    canvas.ellipse((10 * unit, 95 * unit, 50 * unit, 103 * unit), fill=(0, 0, 0, 80))
    trousers = (44, 48, 62, 255)
    for side in (1, -1):
        foot = 30 + side * swing * 15
        canvas.line((30 * unit, 56 * unit, foot * unit, 97 * unit), fill=trousers, width=round(9 * unit))
    dark = (*(part * 3 // 4 for part in coat), 255)
    canvas.line((30 * unit, 30 * unit, (30 - swing * 13) * unit, 58 * unit), fill=dark, width=round(7 * unit))
    canvas.rounded_rectangle((21 * unit, 24 * unit, 39 * unit, 62 * unit), radius=7 * unit, fill=(*coat, 255))
    canvas.line((30 * unit, 30 * unit, (30 + swing * 13) * unit, 58 * unit), fill=dark, width=round(7 * unit))
    canvas.ellipse((22 * unit, 4 * unit, 38 * unit, 22 * unit), fill=(222, 184, 156, 255))
    canvas.pieslice((21 * unit, 2 * unit, 39 * unit, 22 * unit), 170, 370, fill=(58, 44, 38, 255))
    return _smaller(picture)


def _smaller(picture: Image.Image) -> Image.Image:
    size = max(1, picture.width // _OVERSIZE), max(1, picture.height // _OVERSIZE)
    return picture.resize(size, Image.Resampling.LANCZOS)
