"""Whether a thing came, went, or was exchanged for another one."""

import numpy as np
import pytest

from pynvr.vision.change_kind import kind_of

ROWS, COLUMNS = 60, 80
PLACE = np.s_[20:40, 30:50]


def ground(seed=3):
    """In octaves: even, with a little grain."""
    return np.random.default_rng(seed).normal(6.5, 0.03, (ROWS, COLUMNS)).astype(np.float32)


def with_thing(octaves, seed=3):
    made = ground(seed)
    made[PLACE] += np.float32(octaves)
    return made


def told(before, after):
    apart = np.abs(after - before)
    return kind_of(before, after, apart, apart > 0.3)


@pytest.mark.parametrize("octaves", [-1.0, 0.8])
def test_a_thing_that_came_appeared_and_one_that_went_vanished(octaves):
    assert told(ground(), with_thing(octaves)) == "appeared"
    assert told(with_thing(octaves), ground()) == "vanished"


@pytest.mark.parametrize(("one", "other"), [(-1.2, 0.6), (1.0, -0.5), (-1.6, -0.6)])
def test_one_thing_instead_of_another_is_changed_even_if_one_of_them_stands_out_more(one, other):
    assert told(with_thing(one), with_thing(other)) == "changed"
    assert told(with_thing(other), with_thing(one)) == "changed"


def test_what_has_no_place_is_changed():
    assert told(ground(), ground()) == "changed"
