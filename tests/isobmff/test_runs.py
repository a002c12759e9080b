from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.isobmff.runs import added, from_big_endian, from_runs, to_big_endian, to_runs, widened


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


@given(st.lists(st.integers(1 << 20, 1 << 30)), st.integers(-(1 << 20), 1 << 31))
def test_a_number_is_added_to_every_row(values, number):
    rows = to_big_endian(array("I", values))
    assert list(from_big_endian("I", added(rows, 4, number))) == [value + number for value in values]
    wide = added(widened(rows), 8, number << 10 if number > 0 else number)
    assert list(from_big_endian("Q", wide)) == [value + (number << 10 if number > 0 else number) for value in values]


@given(st.lists(st.integers(0, (1 << 32) - 1)))
def test_widened_rows_say_the_same(values):
    assert list(from_big_endian("Q", widened(to_big_endian(array("I", values))))) == values
