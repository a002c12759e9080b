from itertools import pairwise
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from pynvr.vision.best import best, evenly


class Shown(NamedTuple):
    at_us: int
    score: float


SHOWN = st.lists(st.builds(Shown, st.integers(0, 10_000), st.integers(0, 20).map(float)), max_size=60)


@given(SHOWN, st.integers(1, 12), st.integers(0, 3000))
def test_the_chosen_are_apart_and_nothing_better_was_left_without_a_reason(shown, count, apart):
    chosen = best(shown, count, apart)
    assert len(chosen) <= count
    assert [one.score for one in chosen] == sorted((one.score for one in chosen), reverse=True)
    pairs = [(a, b) for number, a in enumerate(chosen) for b in chosen[number + 1 :]]
    assert all(abs(a.at_us - b.at_us) >= apart for a, b in pairs)
    for one in shown:
        better = [other for other in chosen if other.score >= one.score]
        full = len(chosen) == count and len(better) == count
        assert one in chosen or full or any(abs(one.at_us - other.at_us) < apart for other in better)


def test_of_equals_it_is_the_earlier():
    assert best([Shown(5, 1.0), Shown(3, 1.0), Shown(9, 1.0)], 1, 1) == [Shown(3, 1.0)]


@given(st.integers(0, 5000), st.integers(1, 300))
def test_what_is_taken_evenly_is_in_order_and_without_doubles(count, most):
    places = list(evenly(count, most))
    assert len(places) == min(count, most)
    assert places == sorted(set(places))
    assert all(0 <= place < count for place in places)
    if count > most:
        steps = [b - a for a, b in pairwise(places)]
        assert not steps or max(steps) - min(steps) <= 1
