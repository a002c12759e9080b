"""Whether what differs between two sides of a row of pictures lasts."""

import numpy as np
import pytest

from pynvr.vision.change_grid import Cells
from pynvr.vision.change_lasting import split_at
from pynvr.vision.change_scan import Step

WHERE = Cells(4, 4, 8, 8)
CHANGED_AT = 30
STEP = Step(CHANGED_AT - 1, CHANGED_AT - 1, CHANGED_AT - 1, 9.0, WHERE)


def row_of(looks, noise=1):
    """A picture a minute: 0 without the thing, 1 with it, 2 with somebody in front."""
    chance = np.random.default_rng(5)
    row = np.full((len(looks), 12, 16), 90) + chance.integers(-noise, noise + 1, (len(looks), 12, 16))
    for picture, look in zip(row, looks, strict=True):
        if look == 1:
            picture[4:8, 4:8] += 60
        elif look == 2:
            picture[2:10, 3:9] = chance.integers(0, 255, (8, 6))
    return row.astype(np.uint8), [place * 60_000_000 for place in range(len(looks))]


def split_of(looks):
    row, times_us = row_of(looks)
    return split_at(row, times_us, STEP)


def still():
    return [0] * CHANGED_AT + [1] * 30


def test_what_stays_is_split_where_it_came():
    split = split_of(still())
    assert (split.last, split.first) == (CHANGED_AT - 1, CHANGED_AT)


@pytest.mark.parametrize("every", [2, 3, 4])
def test_who_stands_in_front_now_and_then_is_no_unrest(every):
    looks = still()
    looks[::every] = [2] * len(looks[::every])
    looks[CHANGED_AT - 2 : CHANGED_AT + 2] = [0, 0, 1, 1]
    split = split_of(looks)
    assert (split.last, split.first) == (CHANGED_AT - 1, CHANGED_AT)


def test_a_place_that_looked_like_that_before_now_and_then_is_restless():
    looks = still()
    for place in (8, 12, 16, 20, 24):
        looks[place] = 1
    for place in (35, 39, 43):
        looks[place] = 0
    assert split_of(looks) is None


def test_a_place_that_looks_neither_way_most_of_the_time_tells_nothing():
    looks = still()
    for place in range(len(looks)):
        if place % 5 and abs(place - CHANGED_AT) > 3:
            looks[place] = 2
    assert split_of(looks) is None


def test_it_came_and_went_before_without_being_restless():
    looks = still()
    looks[10:20] = [1] * 10
    assert split_of(looks) is not None
