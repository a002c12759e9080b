"""Whether what changed is a thing that appeared, one that vanished, or something else."""

from math import log

import numpy as np
from numpy.typing import NDArray

from pynvr.model.search_change import Kind
from pynvr.vision.change_grid import Reals, grown, local_mean, shrunk, smooth

# What belongs to the thing has this much of the largest difference.
_STRONG = 0.3
# Points on each side of its border, and of what lies around it.
_RIM, _RING = 2, 4
_LEAST_REACH = 6
# How much of the outline's share goes for what stands out from what is around it.
_OF_STANDING_OUT = 0.6
# From this sum of both, in natural logarithms, on it is one of both sides that has the thing.
_CLEARLY = 0.3
# What stands out so many times as far as its surroundings do from theirs, and so many octaves, is a thing.
_TIMES_THE_RING, _LEAST_OCTAVES = 3.0, 0.12
_LITTLE = 1e-4


def kind_of(before: Reals, after: Reals, apart: Reals, changed: NDArray[np.bool_]) -> Kind:
    """A thing has an outline where it is, and stands out from what is around it, while the ground below goes on.

    `before`, `after`: in octaves. `apart`: how much each point differs. `changed`: where something changed.
    """
    if not changed.any():
        return "changed"
    thing = changed & (apart > _STRONG * float(apart[changed].max()))
    was, became = _outline(before, thing), _outline(after, thing)
    out_before, ring_before = _standing_out(before, thing)
    out_after, ring_after = _standing_out(after, thing)
    clearer = log(became / was) + _OF_STANDING_OUT * log(out_after / out_before)
    fainter, ring = (out_before, ring_before) if clearer > 0 else (out_after, ring_after)
    if fainter > max(_TIMES_THE_RING * ring, _LEAST_OCTAVES):
        return "changed"  # there is a thing on both sides: it was moved, or exchanged
    if clearer > _CLEARLY:
        return "appeared"
    return "vanished" if clearer < -_CLEARLY else "changed"


def _outline(light: Reals, thing: NDArray[np.bool_]) -> float:
    """How steep it is across the thing's border."""
    border = grown(thing, _RIM) & ~shrunk(thing, _RIM)
    down, across = np.gradient(smooth(smooth(thing.astype(np.float32))))
    length = np.hypot(down, across) + _LITTLE
    light_down, light_across = np.gradient(light)
    steep = np.abs(light_down * down + light_across * across) / length
    return float(steep[border].mean()) + _LITTLE


def _standing_out(light: Reals, thing: NDArray[np.bool_]) -> tuple[float, float]:
    """By how many octaves it differs from what is around it, and by how many what is right around it does."""
    place = grown(thing, 1)
    around = (~place).astype(np.float32)
    reach = max(_LEAST_REACH, int(thing.sum() ** 0.5))
    ground = local_mean(light * around, reach, reach) / np.maximum(local_mean(around, reach, reach), _LITTLE)
    away = np.abs(light - ground)
    ring = grown(place, _RING) & ~place
    return float(away[thing].mean()) + _LITTLE, float(away[ring].mean()) if ring.any() else 0.0
