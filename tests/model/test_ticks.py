"""Ticks of clocks in each other."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.ticks import rescaled, to_ticks, to_us

SCALES = st.integers(1, 192_000)


@given(st.integers(-(2**40), 2**40), SCALES, SCALES)
def test_a_tick_is_the_nearest_one_of_the_other_clock_and_of_two_the_later(value, to, base):
    assert rescaled(value, to, base) == floor(Fraction(value * to, base) + Fraction(1, 2))


@pytest.mark.parametrize(
    ("ticks", "timescale", "us"), [(90_000, 90_000, 1_000_000), (1, 90_000, 11), (1, 2_000_000, 1), (-1, 2_000_000, 0)]
)
def test_microseconds_of_ticks(ticks, timescale, us):
    assert to_us(ticks, timescale) == us


@given(st.integers(0, 2**60), st.integers(1, 1_000_000))
def test_ticks_survive_a_way_through_microseconds(ticks, timescale):
    assert to_ticks(to_us(ticks, timescale), timescale) == ticks
