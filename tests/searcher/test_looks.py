from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pynvr.searcher.looks import closer_looks, first_looks

SECOND = 1_000_000


def test_a_day_is_looked_at_evenly_where_nothing_is_known():
    times = [number * 2 * SECOND for number in range(43_200)]
    places = first_looks(times, [0.0] * len(times), 240)
    assert len(places) == 240
    steps = {b - a for a, b in pairwise(places)}
    assert steps == {180}


def test_a_short_promising_time_of_a_day_is_looked_at_and_the_rest_too():
    times = [number * 2 * SECOND for number in range(43_200)]
    promises = [1.0] * len(times)
    promises[20_000:20_004] = [9.0] * 4
    places = first_looks(times, promises, 150)
    assert len(places) == 150
    assert any(20_000 <= place < 20_004 for place in places)
    gaps = [b - a for a, b in zip([0, *places], [*places, len(times)], strict=True)]
    assert max(gaps) < 2 * 43_200 / 50


@given(st.lists(st.floats(0, 10), max_size=300), st.integers(3, 60))
def test_places_are_in_order_without_doubles_and_no_more_than_wanted(promises, most):
    times = [number * SECOND for number in range(len(promises))]
    places = first_looks(times, promises, most)
    assert places == sorted(set(places))
    assert len(places) <= most
    assert set(places) <= set(range(len(promises)))
    if len(promises) <= most:
        assert len(places) == len(promises)


@given(st.integers(1, 400), st.data())
def test_closer_looks_are_new_ones_between_the_neighbours(count, data):
    looked = data.draw(st.dictionaries(st.integers(0, count - 1), st.floats(0, 1), min_size=1))
    around = data.draw(st.lists(st.sampled_from(sorted(looked)), unique=True))
    places = closer_looks(count, looked, around, 6)
    assert places == sorted(set(places))
    assert not set(places) & set(looked)
    assert len(places) <= 6 * len(around)
    for place in places:
        below = max([p for p in looked if p < place], default=None)
        above = min([p for p in looked if p > place], default=None)
        assert {below, above} & set(around)


def test_close_by_everything_is_looked_at():
    assert closer_looks(10, {2: 0.5, 5: 1.0, 7: 0.1}, [5], 8) == [3, 4, 6]
