"""Pictures of a camera that shakes, each brought to where the others are."""

from collections.abc import Sequence

import numpy as np

from pynvr.vision.change_grid import Bytes, Reals, logarithms, smooth, steepness

_LEAST_SHIFT, _LARGEST_SHIFT = 0.1, 6.0
_ROUNDS = 3
# A picture was shifted if its edges lie this much better when it is shifted back; of a hundred points so many are none.
_BETTER = 0.9
_EDGES = 80


def settled(pictures: Sequence[Bytes], still: Reals) -> tuple[Reals, float]:
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
    moved = _shifted(light, right, lower)
    if _aside(still, smooth(moved)) > _BETTER * _aside(still, smooth(light)):
        return light, (0.0, 0.0)  # what moves is in the picture, not the camera
    return moved, (right, lower)


def _aside(still: Reals, light: Reals) -> float:
    """How far both differ where there are edges, in most of which nothing moves by itself."""
    still, light = still[::2, ::2], light[::2, ::2]
    steep = steepness(still)
    edges = steep > np.percentile(steep, _EDGES)
    difference = (light - still)[edges]
    return float(np.median(np.abs(difference - np.median(difference))))


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
