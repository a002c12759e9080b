from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.playback.footage import Piece
from pynvr.playback.squeeze import squeezed
from pynvr.playback.stretches import stretch_at, stretches

MINUTE = 60_000_000


def piece(start, end, stamp="s"):
    return Piece("gate", Path("/x"), stamp, start, end, 1, 1, "h264", 160, 96)


def rows(pieces, from_us=0, to_us=1 << 50):
    return [
        (s.piece.stamp, s.start_us, s.end_us, s.next is not None, s.follows) for s in stretches(pieces, from_us, to_us)
    ]


def test_what_follows_on_is_shown_until_the_next_begins():
    a, b = piece(MINUTE, 2 * MINUTE, "a"), piece(2 * MINUTE + 90_000, 3 * MINUTE, "b")
    assert rows([a, b]) == [
        ("a", MINUTE, 2 * MINUTE + 90_000, True, False),
        ("b", 2 * MINUTE + 90_000, 3 * MINUTE, False, True),
    ]
    c = piece(2 * MINUTE - 90_000, 3 * MINUTE, "c")
    assert rows([a, c])[0] == ("a", MINUTE, 2 * MINUTE - 90_000, True, False)


def test_a_hole_ends_a_stretch_at_its_last_frame():
    a, b = piece(MINUTE, 2 * MINUTE, "a"), piece(4 * MINUTE, 5 * MINUTE, "b")
    assert rows([b, a]) == [("a", MINUTE, 2 * MINUTE, False, False), ("b", 4 * MINUTE, 5 * MINUTE, False, False)]
    assert stretch_at([a, b], 3 * MINUTE) is None
    last = stretch_at([a, b], 2 * MINUTE - 1)
    assert last is not None
    assert last.piece is a


def test_a_range_cuts_the_stretches_at_its_ends():
    a, b = piece(MINUTE, 2 * MINUTE, "a"), piece(2 * MINUTE, 3 * MINUTE, "b")
    assert rows([a, b], MINUTE + 5, 2 * MINUTE + 7) == [
        ("a", MINUTE + 5, 2 * MINUTE, True, False),
        ("b", 2 * MINUTE, 2 * MINUTE + 7, False, True),
    ]
    assert rows([a, b], MINUTE, 2 * MINUTE - 1) == [("a", MINUTE, 2 * MINUTE - 1, False, False)]


def test_of_two_at_a_time_the_later_one_is_shown():
    a, b = piece(MINUTE, 2 * MINUTE, "a"), piece(MINUTE + 20_000_000, 3 * MINUTE, "b")
    assert rows([a, b]) == [
        ("a", MINUTE, MINUTE + 20_000_000, False, False),
        ("b", MINUTE + 20_000_000, 3 * MINUTE, False, False),
    ]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**8)), max_size=20))
def test_stretches_never_overlap_and_rise(spans):
    found = stretches([piece(start, start + length) for start, length in spans], 0, 1 << 50)
    for before, after in pairwise(found):
        assert before.start_us < before.end_us <= after.start_us
        assert not after.follows or before.end_us == after.start_us


@pytest.mark.parametrize(
    ("times", "start", "end", "expected"),
    [
        ([0, 10, 20], 0, 30, [0, 10, 20]),
        ([0, 10, 20, 30], 0, 25, [0, 10, 20, 22]),
        ([0, 10, 20, 30, 40], 0, 25, [0, 10, 20, 21, 23]),
        ([0, 100, 200, 300], 150, 400, [150, 151, 200, 300]),
        ([0, 200, 100, 300], 150, 400, [150, 200, 151, 300]),
    ],
)
def test_times_are_brought_into_bounds(times, start, end, expected):
    assert squeezed(times, start, end) == expected


@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=50, unique=True),
    st.integers(0, 5_000),
    st.integers(5_100, 10_000),
)
def test_squeezed_times_keep_their_order_and_differ(times, start, end):
    result = squeezed(times, start, end)
    order = sorted(range(len(times)), key=times.__getitem__)
    moved = [result[index] for index in order]
    assert all(a < b for a, b in pairwise(moved))
    assert moved[0] >= start or min(times) >= start
