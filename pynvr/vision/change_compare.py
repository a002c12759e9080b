"""Whether a part of the picture shows something else than before, or is only lit otherwise; docs/change-search.md.

Light is smooth: the logarithm of what it multiplies by has no edges, while a thing that came or went has its outline
and what is drawn on it. So edges of the difference of logarithms are counted, against the noise of the same pictures,
and set against the rest of the picture, which an infrared lamp, a cloud or a shaking mast changes as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pynvr.model.search_change import Kind
from pynvr.vision.change_align import settled
from pynvr.vision.change_grid import (
    PEDESTAL,
    Bytes,
    Cells,
    Reals,
    grown,
    local_mean,
    logarithms,
    smooth,
    steepness,
    step_of,
)
from pynvr.vision.change_kind import kind_of

# Evidence of one point: how much steeper than noise; more than this is not surer.
_MOST = 5.0
# Evidence is the mean over so many points to each side.
_REACH = 2
# Where evidence is above this something changed.
_CHANGED = 0.5
# Points on each side of an outline.
_RIM = 2
# Parts of a still picture differ by nearly nothing; a box isn't sure for that.
_LEAST_SPREAD = 0.02
_LEAST_REST = 0.35
# Octaves by which most of the picture is brighter or darker where another kind of lamp is on.
_OTHER_LIGHT = 0.3
# Light is even over a part of the picture of this size (one of so many, to each side).
_PARTS = 14
_BRIGHTEST, _DAZZLING = np.float32(255), np.float32(245)
# Points by which an edge may lie aside, and so much more a point of the camera's shaking.
_ASIDE, _ASIDE_OF_SPREAD = 0.1, 0.4


@dataclass(frozen=True, slots=True)
class Comparison:
    """`evidence`: 0 to 5, of what changed most in the box. `apart`: by how many standard deviations the box as a whole
    differs more than parts of its size in the rest of the picture do. `rest`: what the most changed parts of the rest
    have of evidence. `where`: around all that changed."""

    evidence: float
    apart: float
    rest: float
    kind: Kind
    where: Cells


def middle_of(pictures: Sequence[Bytes]) -> Reals:
    """What most of them show."""
    return np.asarray(np.median(np.stack(pictures), axis=0), np.float32)


def compare(before: Sequence[Bytes], after: Sequence[Bytes], inside: Cells, colour: bool = False) -> Comparison:
    """Pictures (rows, columns) of each side, at least one; `inside`: the box. `colour`: they are of a colour."""
    rows, columns = before[0].shape
    base = smooth(_logarithm(middle_of(before)))
    first, spread_first = settled(before, base)
    light_first = np.asarray(np.median(first, axis=0), np.float32)
    second, spread_second = settled(after, smooth(light_first))
    light_second = np.asarray(np.median(second, axis=0), np.float32)
    noise = smooth(np.minimum(_noise(first, light_first), _noise(second, light_second)))
    limit = noise + step_of(_brightness(np.minimum(light_first, light_second)))
    light_first, light_second = smooth(light_first), smooth(light_second)
    # An edge that both have may lie a little aside, the more so if the camera shakes.
    both = np.minimum(_steepest_near(light_first), _steepest_near(light_second))
    limit += (_ASIDE + _ASIDE_OF_SPREAD * max(spread_first, spread_second)) * both
    steep = steepness(_unlit(light_first, light_second))
    evidence = local_mean(np.clip(steep / limit - 1, 0, _MOST), _REACH, _REACH)
    box = evidence[inside.top : inside.bottom, inside.left : inside.right]
    outside = outside_of(inside, columns, rows)
    rest = float(np.percentile(evidence[outside], 95))
    apart = _apart(np.asarray(np.clip(steep / limit, 0, _MOST), np.float32), inside, outside)
    changed = np.zeros((rows, columns), bool)
    changed[inside.top : inside.bottom, inside.left : inside.right] = box > _CHANGED
    difference = light_second - light_first
    otherwise_lit = float(np.median(np.abs(difference[outside])))
    # Colours fade as it gets dark, most of which is grey anyway: what has the same outlines in them is the same thing.
    otherwise = 1.0 if colour else min(1.0, otherwise_lit / _OTHER_LIGHT)
    apart *= 1 - otherwise * _same_edges(light_first, light_second, changed)
    kind = kind_of(
        light_first, light_second, np.abs(difference - local_mean(difference, rows // 6, columns // 6)), changed
    )
    where = around_of(changed, inside)
    return Comparison(float(box.max()), apart, rest, kind, where)


def outside_of(inside: Cells, columns: int, rows: int) -> NDArray[np.bool_]:
    """The rest of the picture: away from the box, for a thing may reach beyond it, as far as there is a rest then."""
    width, height = inside.width, inside.height
    outside = np.ones((rows, columns), bool)
    longer = max(width, height)
    for across, down in ((longer, longer), (width, height), (width // 2 + 1, height // 2 + 1)):
        near = inside.widened(across, down, columns, rows)
        outside[:] = True
        near.of(outside)[:] = False
        if outside.mean() > _LEAST_REST:
            break
    if not outside.any():
        outside[:] = True
    return outside


def _apart(ratio: Reals, inside: Cells, outside: NDArray[np.bool_]) -> float:
    """A mean over the box finds what is faint but everywhere in it; and parts of that size all over the picture differ
    too where light, weather or a shaking mast are at work."""
    parts = local_mean(ratio, max(1, inside.height // 2), max(1, inside.width // 2))
    box = float(parts[(inside.top + inside.bottom) // 2, (inside.left + inside.right) // 2])
    rest = parts[outside]
    return (box - float(rest.mean())) / (float(rest.std()) + _LEAST_SPREAD)


def _same_edges(first: Reals, second: Reals, changed: NDArray[np.bool_]) -> float:
    """How alike the outlines within what changed are, 0 to 1: an infrared lamp makes them stronger or fainter, not
    others."""
    where = grown(changed, _RIM)
    if not where.any():
        return 0.0
    one, other = (np.asarray(smooth(steepness(light))[where], np.float32) for light in (first, second))
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return max(0.0, float((one * other).sum()) / spread) if spread else 0.0


def _logarithm(picture: Reals) -> Reals:
    return logarithms(np.asarray(np.clip(np.round(picture), 0, 255), np.uint8))


def _brightness(light: Reals) -> Reals:
    return np.asarray(np.exp2(light) - PEDESTAL, np.float32)


def _noise(lights: Reals, middle: Reals) -> Reals:
    return np.asarray(np.abs(lights - middle).mean(axis=0), np.float32)


def _unlit(first: Reals, second: Reals) -> Reals:
    """The difference without what light does that multiplies, and is smooth: in octaves.

    Near black the pedestal makes the logarithm of a product something else than a sum, hence it is done in brightness.
    """
    rows, columns = first.shape
    bright_first, bright_second = np.maximum(_brightness(first), 0), np.maximum(_brightness(second), 0)
    down, across = rows // _PARTS, columns // _PARTS
    # What dazzles says nothing of how much brighter it is.
    tells = np.maximum(bright_first, bright_second) < _DAZZLING
    gain = (local_mean(bright_second * tells, down, across) + 1) / (local_mean(bright_first * tells, down, across) + 1)
    expected = np.minimum(bright_first * gain, _BRIGHTEST)
    return np.asarray(second - np.log2(expected + np.float32(PEDESTAL)), np.float32)


def _steepest_near(light: Reals) -> Reals:
    wide = np.pad(steepness(light), 1, mode="edge")
    rows = np.maximum(np.maximum(wide[:-2], wide[1:-1]), wide[2:])
    return np.asarray(np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:]), np.float32)


def around_of(changed: NDArray[np.bool_], inside: Cells) -> Cells:
    """What encloses all of it; `inside` if there is nothing."""
    down, across = np.nonzero(changed)
    if not len(down):
        return inside
    return Cells(int(across.min()), int(down.min()), int(across.max()) + 1, int(down.max()) + 1)
