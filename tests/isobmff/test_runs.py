from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.isobmff.runs import from_big_endian, from_runs, to_big_endian, to_runs


@given(st.lists(st.integers(-(1 << 31), (1 << 31) - 1)))
def test_runs_are_unrolled_to_what_they_were(values):
    runs = to_runs(values)
    assert list(from_runs("i", runs, len(values))) == values
    changes = sum(a != b for a, b in pairwise(values)) + bool(values)
    assert len(runs) == 8 * changes


@given(st.lists(st.integers(0, (1 << 64) - 1)))
def test_arrays_are_in_network_order(values):
    data = to_big_endian(array("Q", values))
    assert data == b"".join(value.to_bytes(8, "big") for value in values)
    assert list(from_big_endian("Q", data)) == values


def test_the_array_given_is_left_alone():
    values = array("I", [1, 2])
    to_big_endian(values)
    assert list(values) == [1, 2]


def test_more_values_than_samples_are_refused_before_they_are_made():
    with pytest.raises(ValueError, match="4294967295 values"):
        from_runs("I", b"\xff\xff\xff\xff\0\0\0\1", 10)
