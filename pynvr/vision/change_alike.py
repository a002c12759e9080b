"""Whether a picture shows at some place what others of the same light show there."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pynvr.vision.change_grid import Bytes, Cells, Reals, local_mean, logarithms, smooth, step_of

# A point is different from so many times the usual, and from so many steps of 255 on.
_SPREADS, _STEPS = 4.2, 3.0
# More points than this share of the place differ: there is something else, or somebody stands in front.
_DIFFERENT = 0.3


class Alike:
    """`pictures`: of one light, (rows, columns), at least one. `where`: the place; `inside`: the box around it."""

    def __init__(self, pictures: Sequence[Bytes], where: NDArray[np.bool_], inside: Cells) -> None:
        self._where = where
        self._reach = max(3, inside.height + 1), max(3, inside.width + 1)
        flat = np.stack([self._flat(picture) for picture in pictures])
        self._middle = np.asarray(np.median(flat, axis=0), np.float32)
        spread = smooth(np.asarray(np.median(np.abs(flat - self._middle), axis=0), np.float32))
        step = step_of(np.median(np.stack(pictures), axis=0).astype(np.float32))
        self._limit = np.maximum(_SPREADS * spread, _STEPS * step)

    def different(self, picture: Bytes) -> float:
        """How much of the place is different, 0 to 1."""
        away = np.abs(self._flat(picture) - self._middle) > self._limit
        return float(away[self._where].mean()) if self._where.any() else 0.0

    def is_alike(self, picture: Bytes) -> bool:
        return self.different(picture) < _DIFFERENT

    def _flat(self, picture: Bytes) -> Reals:
        light = smooth(logarithms(picture))
        return np.asarray(light - local_mean(light, *self._reach), np.float32)
