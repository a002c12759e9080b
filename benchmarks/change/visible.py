"""Whether anybody could see what a case asks for: a bag as grey as the wall behind it is no question."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.change.case import Case, Truth
from benchmarks.change.drawing import Drawing
from benchmarks.change.plane import NEUTRAL
from benchmarks.change.script import Script, Stay

# Steps of 255 by which a point must differ, in brightness or a colour, the share of the rectangle that must, and how
# many points of the picture are enough in a large one.
_STEPS = 15.0
_SHARE = 0.05
_POINTS = 200
_SIZE = 640, 360


def is_visible(case: Case) -> bool:
    """Whether each of the case's changes can be seen, in the light in which it comes about, if nobody is in front."""
    return all(_differs(case, truth) for truth in case.truths)


def _differs(case: Case, truth: Truth) -> bool:
    before, after = (_drawn(case, truth, at_s) for at_s in (truth.earliest_s - 1, truth.latest_s + 1))
    different = np.abs(after - before).max(axis=0) >= _STEPS
    return bool(different.sum() >= min(_SHARE * different.size, _POINTS))


def _drawn(case: Case, truth: Truth, at_s: float) -> NDArray[np.float32]:
    """What stands at that time, in the light of the change's end: brightness and colours within the rectangle."""
    standing = tuple(_still(stay) for stay in case.script.stays if stay.from_s <= at_s < stay.to_s)
    weather = replace(
        case.script.weather, noise=0.0, night_noise=0.0, rain=0, shake=0.0, drift=0.0, sways=(), bump=None
    )
    script: Script = replace(case.script, stays=standing, passers=(), weather=weather)
    image = Drawing(script, *_SIZE).image(truth.latest_s + 1)
    x, y, width, height = case.box
    columns, rows = _SIZE
    part = slice(int(y * rows), int((y + height) * rows) + 1), slice(int(x * columns), int((x + width) * columns) + 1)
    wide = [plane.repeat(2, 0).repeat(2, 1) - NEUTRAL for plane in (image.blue, image.red)]
    return np.stack([plane[part] for plane in (image.luma, *wide)])


def _still(stay: Stay) -> Stay:
    return replace(stay, from_s=-1e12, to_s=1e12, drives_s=0.0)
