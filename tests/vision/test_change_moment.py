"""Between which two pictures it changed."""

from hypothesis import given
from hypothesis import strategies as st

from pynvr.vision.change_moment import find_moment
from pynvr.vision.change_sides import Shown

BEFORE, AFTER, HIDDEN = Shown(1.0, 0.0), Shown(0.0, 1.0), Shown(0.1, 0.1)


def moment_of(row):
    """The moment, and how many were looked at."""
    finding = find_moment(len(row))
    looked = set()
    try:
        place = next(finding)
        while True:
            assert 0 <= place < len(row)
            looked.add(place)
            place = finding.send(row[place])
    except StopIteration as done:
        return done.value, len(looked)


@given(st.integers(2, 400).flatmap(lambda count: st.tuples(st.just(count), st.integers(1, count - 1))))
def test_it_is_found_wherever_it_is_and_few_are_looked_at(where):
    count, first = where
    moment, looked = moment_of([BEFORE] * first + [AFTER] * (count - first))
    assert (moment.last, moment.first) == (first - 1, first)
    assert (moment.clear_last, moment.clear_first) == (first - 1, first)
    assert moment.jump == 1.0
    assert looked <= 2 + 2 * 8 + 8


@given(
    st.integers(20, 60),
    st.lists(st.integers(0, 59), max_size=5, unique=True),
)
def test_who_passes_before_it_hides_it_without_harm(first, hidden):
    row = [BEFORE] * first + [AFTER] * (80 - first)
    for place in hidden:
        if place not in (0, first - 1, first):
            row[place] = HIDDEN
    moment, _ = moment_of(row)
    assert (moment.last, moment.first) == (first - 1, first)


def test_one_picture_that_deceives_doesnt():
    for wrong in (15, 18, 23, 29):
        row = [BEFORE] * 21 + [AFTER] * 19
        row[wrong] = AFTER if wrong < 21 else BEFORE
        moment, _ = moment_of(row)
        assert (moment.last, moment.first) == (20, 21)


def test_what_comes_about_little_by_little_has_no_jump():
    row = [Shown(1 - share / 30, share / 30) for share in range(31)]
    moment, _ = moment_of(row)
    assert moment.jump < 0.45


def test_ends_that_were_taken_for_granted_are_looked_at_if_nothing_between_tells():
    unclear = Shown(0.48, 0.3)
    moment, _ = moment_of([unclear] * 40)
    assert (moment.clear_last, moment.clear_first) == (0, 39)
    assert moment.jump < 0.1


def test_what_is_hidden_all_the_time_between_two_clear_ends_jumped():
    moment, _ = moment_of([BEFORE] + [HIDDEN] * 38 + [AFTER])
    assert moment.jump == 1.0
