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
from pynvr.vision.change_grid import PEDESTAL, Bytes, Cells, Reals, local_mean, logarithms, smooth, step_of

# Evidence of one point: how much steeper than noise; more than this is not surer.
_MOST = 5.0
# Evidence is the mean over so many points to each side.
_REACH = 2
# Where evidence is above this something changed.
_CHANGED = 0.5
# Edges of a thing are so much steeper where it is than where it isn't.
_OUTLINED = 1.25
# Points on each side of a boundary.
_RIM = 2
_LEAST_SHIFT, _LARGEST_SHIFT = 0.1, 6.0
_ROUNDS = 3
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


def compare(before: Sequence[Bytes], after: Sequence[Bytes], inside: Cells) -> Comparison:
    """Pictures (rows, columns) of each side, at least one; `inside`: the box."""
    rows, columns = before[0].shape
    base = smooth(_logarithm(middle_of(before)))
    first, spread_first = _settled(before, base)
    light_first = np.asarray(np.median(first, axis=0), np.float32)
    second, spread_second = _settled(after, smooth(light_first))
    light_second = np.asarray(np.median(second, axis=0), np.float32)
    noise = smooth(np.minimum(_noise(first, light_first), _noise(second, light_second)))
    limit = noise + step_of(_brightness(np.minimum(light_first, light_second)))
    light_first, light_second = smooth(light_first), smooth(light_second)
    # An edge that both have may lie a little aside, the more so if the camera shakes.
    both = np.minimum(_steepest_near(light_first), _steepest_near(light_second))
    limit += (_ASIDE + _ASIDE_OF_SPREAD * max(spread_first, spread_second)) * both
    steepness = _steepness(_unlit(light_first, light_second))
    evidence = local_mean(np.clip(steepness / limit - 1, 0, _MOST), _REACH, _REACH)
    box = evidence[inside.top : inside.bottom, inside.left : inside.right]
    outside = _outside(inside, columns, rows)
    rest = float(np.percentile(evidence[outside], 95))
    apart = _apart(np.asarray(np.clip(steepness / limit, 0, _MOST), np.float32), inside, outside)
    changed = np.zeros((rows, columns), bool)
    changed[inside.top : inside.bottom, inside.left : inside.right] = box > _CHANGED
    difference = light_second - light_first
    otherwise_lit = float(np.median(np.abs(difference[outside])))
    apart *= 1 - min(1.0, otherwise_lit / _OTHER_LIGHT) * _same_edges(light_first, light_second, changed)
    kind = _kind(
        light_first, light_second, np.abs(difference - local_mean(difference, rows // 6, columns // 6)), changed
    )
    where = _around(changed, inside)
    return Comparison(float(box.max()), apart, rest, kind, where)


def _outside(inside: Cells, columns: int, rows: int) -> NDArray[np.bool_]:
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
    where = _grown(changed, _RIM)
    if not where.any():
        return 0.0
    one, other = (np.asarray(smooth(_steepness(light))[where], np.float32) for light in (first, second))
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return max(0.0, float((one * other).sum()) / spread) if spread else 0.0


def _logarithm(picture: Reals) -> Reals:
    return logarithms(np.asarray(np.clip(np.round(picture), 0, 255), np.uint8))


def _brightness(light: Reals) -> Reals:
    return np.asarray(np.exp2(light) - PEDESTAL, np.float32)


def _noise(lights: Reals, middle: Reals) -> Reals:
    return np.asarray(np.abs(lights - middle).mean(axis=0), np.float32)


def _steepness(grid: Reals) -> Reals:
    down, across = np.gradient(grid)
    return np.asarray(np.hypot(down, across), np.float32)


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
    steepness = _steepness(light)
    wide = np.pad(steepness, 1, mode="edge")
    rows = np.maximum(np.maximum(wide[:-2], wide[1:-1]), wide[2:])
    return np.asarray(np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:]), np.float32)


def _settled(pictures: Sequence[Bytes], still: Reals) -> tuple[Reals, float]:
    """The pictures in octaves, each where `still` is, and by how many points they were apart."""
    lights, shifts = [], []
    for picture in pictures:
        light, shift = _brought_back(still, logarithms(picture))
        lights.append(light)
        shifts.append(shift)
    return np.stack(lights), float(np.std(shifts, axis=0).max())


def _brought_back(still: Reals, light: Reals) -> tuple[Reals, tuple[float, float]]:
    """The picture where `still` is, if the camera moved by a few points (Lucas and Kanade, robustly); by how many."""
    right, lower = _shift(still, smooth(light))
    if max(abs(right), abs(lower)) < _LEAST_SHIFT:
        return light, (0.0, 0.0)
    # The first look is of the slope alone; the second one begins near by.
    nearer = _shifted(light, right, lower)
    more_right, more_lower = _shift(still, smooth(nearer))
    right, lower = right + more_right, lower + more_lower
    if max(abs(right), abs(lower)) > _LARGEST_SHIFT:
        return light, (0.0, 0.0)
    return _shifted(light, right, lower), (right, lower)


def _shift(still: Reals, light: Reals) -> tuple[float, float]:
    """By how many points the picture lies to the right of `still`, and below; every second point is enough for it."""
    still, light = still[::2, ::2], light[::2, ::2]
    down, across = np.gradient(still)
    difference = light - still
    difference = difference - np.float32(difference.mean())
    weights = np.ones_like(still)
    shift = np.zeros(2)
    for _ in range(_ROUNDS):
        steep_across, steep_down = weights * across, weights * down
        mixed = float((steep_across * down).sum())
        left = np.array(
            [[float((steep_across * across).sum()) + 1e-3, mixed], [mixed, float((steep_down * down).sum()) + 1e-3]]
        )
        right = -np.array([float((steep_across * difference).sum()), float((steep_down * difference).sum())])
        shift = np.linalg.solve(left, right)
        rest = difference + shift[0] * across + shift[1] * down
        spread = 2.5 * float(np.abs(rest).mean()) + 1e-3
        weights = np.asarray(1.0 / (1.0 + (rest / spread) ** 2), np.float32)
    return 2 * float(shift[0]), 2 * float(shift[1])


def _shifted(light: Reals, right: float, lower: float) -> Reals:
    """What lies so far to the right and below, moved here; at the border what is there goes on."""
    for axis, by in ((1, right), (0, lower)):
        whole = int(np.floor(by))
        part = np.float32(by - whole)
        count = light.shape[axis]
        places = np.arange(count) + whole
        near, far = (np.take(light, np.clip(places + more, 0, count - 1), axis) for more in (0, 1))
        light = near + part * (far - near)
    return np.asarray(light, np.float32)


def _kind(first: Reals, second: Reals, apart: Reals, changed: NDArray[np.bool_]) -> Kind:
    """A thing has an outline where it is, and none where it isn't: what is steep along the border of what changed."""
    if not changed.any():
        return "changed"
    strong = changed & (apart > 0.3 * float(apart[changed].max()))
    border = _grown(strong, _RIM) & ~_shrunk(strong, _RIM)
    was = float(_steepness(first)[border].mean())
    became = float(_steepness(second)[border].mean())
    if became > _OUTLINED * was:
        return "appeared"
    if was > _OUTLINED * became:
        return "vanished"
    return "changed"


def _around(changed: NDArray[np.bool_], inside: Cells) -> Cells:
    down, across = np.nonzero(changed)
    if not len(down):
        return inside
    return Cells(int(across.min()), int(down.min()), int(across.max()) + 1, int(down.max()) + 1)


def _grown(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    return np.asarray(local_mean(mask.astype(np.float32), by, by) > 1e-6)


def _shrunk(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    return np.asarray(local_mean(mask.astype(np.float32), by, by) > 1 - 1e-6)
