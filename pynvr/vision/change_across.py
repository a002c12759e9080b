"""Whether a thing came or went between two lights, of day and of infrared lamps: nothing is as bright as before.

What remains is where edges are: another light makes them fainter or stronger, by up to so many times, but has hardly
any where there is none in the first one. What has edges on one side alone, where the other is even, is new or gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pynvr.model.search_change import Kind
from pynvr.vision.change_align import settled
from pynvr.vision.change_compare import middle_of, outside_of
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

# So many times as steep as it is around there in the other light, it isn't for the light alone.
_TIMES_STEEPER = 2.5
# Points to each side within which the other light must have the edge.
_NEAR = 3
_MOST = 5.0
# So much of it is left to noise.
_NOISE_ALONE = 0.5
_LEAST_SPREAD = 0.02
# Of what is spread evenly around a mean (Gauss): the mean of what it is away by, beside the median.
_MEAN_OF_MEDIAN = 1.18
# Evidence that what belongs to the thing has at least, beside what most of it has.
_OF_THING, _LEAST_OF_THING = 0.3, 0.3
# What is new is so many times what is gone, or the other way round; else it is neither.
_CLEARLY = 2.0


@dataclass(frozen=True, slots=True)
class Across:
    """`apart`: by how many standard deviations the box has more edges of one light alone than parts of its size in the
    rest of the picture. `beyond`: how many times as much as the part of the rest that has most. `thing`: where."""

    apart: float
    beyond: float
    kind: Kind
    thing: NDArray[np.bool_]


def compare_across(before: Sequence[Bytes], after: Sequence[Bytes], inside: Cells) -> Across:
    """Pictures (rows, columns) of each light, at least one; `inside`: the box."""
    first, second = _seen(before), _seen(after)
    rows, columns = before[0].shape
    outside = outside_of(inside, columns, rows)
    sides = []
    for one, other in ((first, second), (second, first)):
        evidence = _only_in(other, one)
        parts = local_mean(evidence, max(1, inside.height // 2), max(1, inside.width // 2))
        box = float(parts[(inside.top + inside.bottom) // 2, (inside.left + inside.right) // 2])
        rest = parts[outside]
        apart = (box - float(rest.mean())) / (float(rest.std()) + _LEAST_SPREAD)
        sides.append((apart, box / (float(rest.max()) + _LEAST_SPREAD), box, evidence))
    (_, _, new, _), (_, _, gone, _) = sides
    apart, beyond, _, evidence = max(sides, key=lambda side: side[0])
    kind: Kind = "appeared" if new > _CLEARLY * gone else "vanished" if gone > _CLEARLY * new else "changed"
    return Across(apart, beyond, kind, _thing(evidence, inside))


def _seen(pictures: Sequence[Bytes]) -> tuple[Reals, Reals]:
    """How steep it is, and what noise makes of it."""
    lights, _ = settled(pictures, smooth(logarithms(_rounded(middle_of(pictures)))))
    middle = np.asarray(np.median(lights, axis=0), np.float32)
    # One of them may show somebody who passes, or what was there just before.
    noise = _MEAN_OF_MEDIAN * smooth(np.asarray(np.median(np.abs(lights - middle), axis=0), np.float32))
    brightness = np.maximum(np.exp2(middle) - PEDESTAL, 0)
    return steepness(smooth(middle)), np.asarray(noise + step_of(brightness), np.float32)


def _only_in(one: tuple[Reals, Reals], other: tuple[Reals, Reals]) -> Reals:
    """What `one` has of edges that the other hasn't, in its noise."""
    steep, noise = one
    return np.asarray(
        np.clip((steep - _TIMES_STEEPER * _most_near(other[0])) / noise - _NOISE_ALONE, 0, _MOST), np.float32
    )


def _most_near(grid: Reals) -> Reals:
    """The most within so many points."""
    for axis in (0, 1):
        count = grid.shape[axis]
        wide = np.pad(grid, [(_NEAR, _NEAR) if one == axis else (0, 0) for one in (0, 1)], mode="edge")
        grid = np.max([np.take(wide, np.arange(start, start + count), axis) for start in range(2 * _NEAR + 1)], axis=0)
    return np.asarray(grid, np.float32)


def _thing(evidence: Reals, inside: Cells) -> NDArray[np.bool_]:
    found = np.zeros(evidence.shape, bool)
    box = inside.of(evidence)
    inside.of(found)[:] = box > max(_LEAST_OF_THING, _OF_THING * float(box.max(initial=0.0)))
    near = grown(found, 1)
    found[:] = False
    inside.of(found)[:] = inside.of(near)
    return found


def _rounded(picture: Reals) -> Bytes:
    return np.asarray(np.clip(np.round(picture), 0, 255), np.uint8)
