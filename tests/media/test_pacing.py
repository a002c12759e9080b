from fractions import Fraction
from itertools import pairwise

import pytest

from pynvr.media.pacing import Pacer

SCALE = 90_000


def places(rate, source_fps, seconds):
    pacer = Pacer(Fraction(rate), SCALE)
    return [place for n in range(source_fps * seconds) for place in pacer.places(n * SCALE // source_fps)]


@pytest.mark.parametrize(("rate", "source_fps"), [(10, 30), (12, 25), (25, 25), (30, 15), (Fraction(1, 2), 10)])
def test_the_rate_asked_for_is_the_rate_given(rate, source_fps):
    found = places(rate, source_fps, 20)
    assert len(found) == pytest.approx(20 * rate, abs=2)
    steps = {later - earlier for earlier, later in pairwise(found)}
    assert max(steps) - min(steps) <= 1


def test_a_long_hole_isnt_filled():
    pacer = Pacer(Fraction(10), SCALE)
    assert len(pacer.places(0)) == 1
    assert len(pacer.places(SCALE * 30)) == 1


def test_a_short_hole_is_filled_with_the_picture():
    pacer = Pacer(Fraction(10), SCALE)
    pacer.places(0)
    assert pacer.places(SCALE // 2) == [SCALE * n // 10 for n in range(1, 6)]
