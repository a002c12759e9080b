"""Pictures of a camera that shakes are brought to one place; those in which something moves are let be."""

import numpy as np
import pytest

from pynvr.vision.change_align import settled
from pynvr.vision.change_grid import logarithms, smooth

ROWS, COLUMNS = 120, 200


def view(seed=2):
    chance = np.random.default_rng(seed)
    coarse = chance.integers(60, 180, (ROWS // 8, COLUMNS // 8)).repeat(8, 0).repeat(8, 1)
    return (coarse + chance.integers(0, 14, (ROWS // 2, COLUMNS // 2)).repeat(2, 0).repeat(2, 1)).astype(np.uint8)


def still():
    return smooth(logarithms(view()))


def with_somebody(left):
    """Somebody large and in checks stands there, and covers half of it."""
    checks = np.random.default_rng(4).integers(0, 2, (11, 11)).repeat(10, 0).repeat(10, 1)
    picture = view()
    picture[10:, left : left + 110] = 20 + 120 * checks
    return picture


@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_a_shaken_picture_is_brought_back_in_whatever_light(factor):
    pictures = [
        (np.roll(view(), (down, across), (0, 1)) * factor).astype(np.uint8) for down, across in ((1, 2), (-1, -3))
    ]
    found, spread = settled(pictures, still())
    assert spread > 2
    away = found[0][20:-20, 20:-20] - found[1][20:-20, 20:-20]
    assert np.abs(away).mean() < 0.05


def test_somebody_who_moves_is_not_taken_for_the_camera():
    pictures = [with_somebody(left) for left in (47, 53)]
    found, spread = settled(pictures, smooth(logarithms(with_somebody(50))))
    assert spread == 0
    assert np.array_equal(found[0], logarithms(pictures[0]))
