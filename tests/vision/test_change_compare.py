"""Finer pictures of which it is known whether something in them changed, or only its light."""

import numpy as np
import pytest

from pynvr.vision.change_compare import compare
from pynvr.vision.change_grid import Cells
from pynvr.vision.change_sides import Sides, best_split

ROWS, COLUMNS = 120, 200
INSIDE = Cells(80, 50, 110, 80)
ENOUGH = 4.0


def view(seed=2):
    chance = np.random.default_rng(seed)
    coarse = chance.integers(60, 180, (ROWS // 8, COLUMNS // 8)).repeat(8, 0).repeat(8, 1)
    return coarse + chance.integers(0, 14, (ROWS // 2, COLUMNS // 2)).repeat(2, 0).repeat(2, 1)


def with_thing(values, level=40, left=86, top=54):
    changed = values.astype(float)
    changed[top : top + 22, left : left + 18] = level
    return changed


def taken(values, count=5, seed=5, noise=1.5, shake=0):
    """Pictures of it, as a sensor gives them."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        down, across = chance.integers(-shake, shake + 1, 2)
        moved = np.roll(values, (down, across), (0, 1)) + chance.normal(0, noise, values.shape)
        made.append(np.clip(np.round(moved), 0, 255).astype(np.uint8))
    return made


def lit(values):
    down, across = np.mgrid[0:ROWS, 0:COLUMNS]
    return values * (1 + 0.45 * np.exp(-((across - 95) ** 2 + (down - 65) ** 2) / 60**2))


def test_a_thing_is_told_and_where_it_is_and_whether_it_came_or_went():
    empty, full = view(), with_thing(view())
    came = compare(taken(empty), taken(full, seed=6), INSIDE)
    assert came.apart > 2 * ENOUGH
    assert came.kind == "appeared"
    assert abs(came.where.left - 86) <= 4
    assert abs(came.where.bottom - 76) <= 4
    went = compare(taken(full), taken(empty, seed=6), INSIDE)
    assert went.apart > 2 * ENOUGH
    assert went.kind == "vanished"


def test_a_thing_that_moved_is_changed():
    before, after = with_thing(view(), left=82), with_thing(view(), left=92)
    assert compare(taken(before), taken(after, seed=6), INSIDE).kind == "changed"


@pytest.mark.parametrize(
    "light",
    [lambda values: values, lambda values: values * 0.5, lit, lambda values: np.clip(values * 1.6, 0, 255)],
    ids=["none", "half", "a lamp", "exposure"],
)
def test_light_alone_is_no_change_and_a_thing_is_one_in_other_light_too(light):
    same = compare(taken(view()), taken(light(view()), seed=6), INSIDE)
    assert same.apart < ENOUGH
    other = compare(taken(view()), taken(light(with_thing(view())), seed=6), INSIDE)
    assert other.apart > ENOUGH


def test_a_camera_that_shakes_or_was_pushed_a_little_is_no_change():
    assert compare(taken(view(), shake=2), taken(view(), seed=6, shake=2), INSIDE).apart < ENOUGH
    assert compare(taken(view()), taken(np.roll(view(), (1, 2), (0, 1)), seed=6), INSIDE).apart < ENOUGH
    shaken = compare(taken(view(), shake=2), taken(with_thing(view()), seed=6, shake=2), INSIDE)
    assert shaken.apart > ENOUGH


def test_another_lamp_that_shows_the_same_outlines_stronger_is_no_change():
    plain = np.full((ROWS, COLUMNS), 60.0)
    plain[10:40, 20:60] = 80
    weak, strong = with_thing(plain, level=75), with_thing(plain * 2, level=240)
    assert compare(taken(weak), taken(strong, seed=6), INSIDE).apart < ENOUGH
    assert compare(taken(plain), taken(strong, seed=6), INSIDE).apart > ENOUGH


def test_a_colour_that_fades_as_it_gets_dark_is_no_change_but_one_that_comes_is():
    grey = np.full((ROWS, COLUMNS), 128.0)
    red = with_thing(grey, level=170)
    faded = with_thing(grey, level=152)
    assert compare(taken(red), taken(faded, seed=6), INSIDE, colour=True).apart < ENOUGH
    assert compare(taken(grey), taken(faded, seed=6), INSIDE, colour=True).apart > ENOUGH


def test_the_whole_picture_can_be_compared_and_one_picture_of_each_side():
    whole = Cells(0, 0, COLUMNS, ROWS)
    assert compare(taken(view(), 1), taken(with_thing(view()), 1), whole).evidence > 1
    flat = np.zeros((ROWS, COLUMNS), np.uint8)
    assert compare([flat], [flat], INSIDE).evidence == 0


def test_a_picture_is_told_by_what_of_it_shows_which_side():
    empty, full = view().astype(np.float32), with_thing(view()).astype(np.float32)
    sides = Sides(empty, full, INSIDE)
    assert sides.shown(taken(empty, 1)[0]).side == -1
    assert sides.shown(taken(full, 1)[0]).side == 1
    # Somebody stands in front of a third of it.
    partly = full.copy()
    partly[54:60] = 200
    assert sides.shown(taken(partly, 1)[0]).side == 1
    assert not Sides(empty, empty, INSIDE).tells


def test_a_row_is_split_where_the_fewest_lie_on_the_wrong_side():
    assert best_split([-1, -1, 0, 1, 1]) in (2, 3)
    assert best_split([-1, 1, -1, -1, 1, -1, 1, 1, 1]) in (4, 6)
    assert best_split([1, 1]) == 0
    assert best_split([-1, -1]) == 2
