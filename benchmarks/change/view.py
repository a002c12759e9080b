"""What a camera looks at while nothing happens: made up from a seed, by day and in the light of its infrared lamps."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmarks.change.plane import NEUTRAL, Image, Plane, halved

Place = Literal["yard", "street", "hall"]


@dataclass(frozen=True)
class View:
    """`day`: in colour, in full light. `infrared`: without colour; plants and cloth look other than by day."""

    day: Image
    infrared: Image


def make_view(place: Place, width: int, height: int, seed: int) -> View:
    chance = np.random.default_rng(seed)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32) / np.array([[[height]], [[width]]], np.float32)
    rough = texture(height, width, chance)
    luma = np.full((height, width), 120, np.float32)
    blue, red = np.full((height, width), NEUTRAL, np.float32), np.full((height, width), NEUTRAL, np.float32)
    shine = np.full((height, width), 0.8, np.float32)

    def paint(where: Plane, level: float, grain: float, tint: tuple[float, float], infrared: float) -> None:
        luma[where] = level + grain * rough[where]
        blue[where], red[where] = NEUTRAL + tint[0], NEUTRAL + tint[1]
        shine[where] = infrared

    horizon = float(chance.uniform(0.25, 0.4)) if place != "hall" else 0.55
    paint(down >= 0, 205, 6, (8, -6), 0.25) if place != "hall" else paint(down >= 0, 150, 5, (-6, 5), 0.9)
    ground = {"yard": (112, 22, (-10, 6), 0.9), "street": (98, 12, (0, 0), 0.7), "hall": (88, 8, (-6, 6), 0.6)}[place]
    paint(down >= horizon, *ground)
    luma += np.where(down >= horizon, (down - horizon) * 25, 0)
    for _ in range(int(chance.integers(2, 5))):
        _wall(paint, down, across, horizon, chance)
    if place != "hall":
        for _ in range(int(chance.integers(2, 5))):
            x, y = chance.uniform(0, 1), horizon + chance.uniform(-0.05, 0.12)
            size = chance.uniform(0.05, 0.12)
            bush = (across - x) ** 2 + ((down - y) * 0.8) ** 2 < (size * (1 + 0.25 * rough)) ** 2
            paint(bush, chance.uniform(55, 85), 26, (-12, -8), 1.7)
    if place == "street":
        band = np.abs(down - 0.72 - 0.04 * across) < 0.004
        paint(band, 200, 4, (0, 0), 1.0)
    luma += texture(height, width, chance, finest=2) * 4
    luma = np.clip(luma, 24, 228)
    away = (across - 0.5) ** 2 + (down - 0.55) ** 2
    infrared = np.clip((16 + (luma - 16) * shine) * (1.15 - 1.6 * away), 18, 230).astype(np.float32)
    grey = np.full((height // 2, width // 2), NEUTRAL, np.float32)
    return View(Image(luma, halved(blue), halved(red)), Image(infrared, grey, grey.copy()))


def texture(height: int, width: int, chance: np.random.Generator, finest: int = 4) -> Plane:
    """Clouds of all sizes from `finest` points on, about -1 to 1."""
    total = np.zeros((height, width), np.float32)
    step, weight = finest, 0.35
    while step < min(height, width):
        rows, columns = -(-height // step), -(-width // step)
        coarse = chance.uniform(-1, 1, (rows, columns)).astype(np.float32)
        total += weight * coarse.repeat(step, 0).repeat(step, 1)[:height, :width]
        step, weight = step * 3, weight * 1.1
    return np.clip(total, -1, 1)


def _wall(paint, down, across, horizon, chance) -> None:  # type: ignore[no-untyped-def]  # a painter and two planes
    """A house or a cupboard with windows, and beams, so that there are edges in all sizes."""
    left, width = chance.uniform(-0.1, 0.85), chance.uniform(0.15, 0.35)
    top = horizon - chance.uniform(0.1, 0.3)
    bottom = horizon + chance.uniform(0.0, 0.08)
    inside = (across > left) & (across < left + width) & (down > top) & (down < bottom)
    level = chance.uniform(80, 185)
    paint(inside, level, 8, tuple(chance.uniform(-10, 10, 2)), float(chance.uniform(0.6, 1.1)))
    for number in range(int(chance.integers(1, 4))):
        x = left + width * (number + 0.5) / 4
        pane = (np.abs(across - x) < width * 0.07) & (np.abs(down - (top + bottom) / 2) < (bottom - top) * 0.2)
        paint(pane, level * 0.45, 4, (6, -4), 0.5)
    edge = inside & (np.abs(down - top) < 0.008)
    paint(edge, level * 0.6, 3, (0, 0), 0.8)
