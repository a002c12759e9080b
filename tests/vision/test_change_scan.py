"""Rows of small pictures of which it is known what happens in them."""

import numpy as np
import pytest

from pynvr.model.box import Box
from pynvr.vision.change_grid import cells_of
from pynvr.vision.change_lasting import split_at
from pynvr.vision.change_scan import in_colour, medians, steps

ROWS, COLUMNS = 36, 64
BOX = Box(0.4, 0.4, 0.15, 0.2)
INSIDE = cells_of(BOX, COLUMNS, ROWS)
MINUTE_US = 60_000_000


def view(count=60, seed=1, noise=1.0):
    chance = np.random.default_rng(seed)
    base = chance.integers(50, 190, (ROWS // 4, COLUMNS // 4)).repeat(4, 0).repeat(4, 1)
    return base + chance.normal(0, noise, (count, ROWS, COLUMNS))


def pictures(values):
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def put(values, when, part=INSIDE, level=30):
    values[when, part.top : part.bottom, part.left : part.right] = level


def found(values, inside=INSIDE):
    """What lasts, as the pictures between which it lies."""
    row = pictures(values)
    times_us = [number * MINUTE_US for number in range(len(row))]
    splits = [split_at(row, times_us, step) for step in steps(row, inside)]
    return sorted({(split.last, split.first) for split in splits if split is not None})


def test_the_median_of_five_is_that_of_five():
    row = np.random.default_rng(3).integers(0, 256, (40, 5, 7)).astype(np.uint8)
    assert np.array_equal(medians(row)[10], np.median(row[6:11], axis=0).astype(np.uint8))
    assert np.array_equal(medians(row)[0], row[0])
    assert np.array_equal(medians(row)[-1], row[-1])


@pytest.mark.parametrize("at", [7, 30, 52])
def test_what_comes_and_stays_is_found_where_it_came(at):
    values = view()
    put(values, slice(at, None))
    assert found(values) == [(at - 1, at)]


def test_what_goes_is_found_as_well_and_both_of_two():
    values = view()
    put(values, slice(15, 40))
    assert found(values) == [(14, 15), (39, 40)]


def test_who_passes_by_or_stands_about_for_three_minutes_is_nothing():
    values = view()
    for at, lasts in ((5, 1), (12, 2), (20, 3), (33, 4), (45, 2), (48, 1)):
        put(values, slice(at, at + lasts), level=220)
    assert found(values) == []


def test_it_is_found_though_people_are_in_front_of_it():
    values = view()
    put(values, slice(30, None))
    for at in (4, 9, 22, 28, 31, 34, 41, 50):
        put(values, at, level=215)
    assert found(values) == [(29, 30)]


@pytest.mark.parametrize("light", [0.4, 1.3])
def test_light_that_changes_everywhere_is_nothing(light):
    values = view()
    values[20:] = values[20:] * light
    assert found(values) == []


def test_a_small_thing_in_the_whole_picture_is_found_and_where_it_is():
    values = view()
    small = cells_of(Box(0.7, 0.6, 0.06, 0.1), COLUMNS, ROWS)
    put(values, slice(25, None), small)
    whole = cells_of(Box(0, 0, 1, 1), COLUMNS, ROWS)
    assert found(values, whole) == [(24, 25)]
    where = steps(pictures(values), whole)[0].where
    assert abs(where.left - small.left) <= 1
    assert abs(where.bottom - small.bottom) <= 1
    assert where.width * where.height < 4 * small.width * small.height


def test_something_elsewhere_is_nothing():
    values = view()
    put(values, slice(25, None), cells_of(Box(0.8, 0.7, 0.1, 0.2), COLUMNS, ROWS))
    assert found(values) == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_a_row_of_few_pictures_is_borne(count):
    values = view(count)
    put(values, slice(count // 2, None))
    assert len(found(values)) <= 1


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(0.999, 0.999, 0.001, 0.001), Box(0, 0.5, 0.001, 0.5)])
def test_a_box_of_any_form_has_cells_within_the_picture(box):
    cells = cells_of(box, COLUMNS, ROWS)
    assert 0 <= cells.left <= cells.right - 2 <= COLUMNS - 2
    assert 0 <= cells.top <= cells.bottom - 2 <= ROWS - 2


def test_what_loses_its_colour_as_the_camera_goes_over_to_infrared_isnt_told_by_colour():
    inside = cells_of(BOX, 32, 18)
    blue = np.full((40, 18, 32), 128, np.uint8)
    red = blue.copy()
    red[:20, inside.top : inside.bottom, inside.left : inside.right] = 170
    (step,) = steps(red, inside)
    assert not in_colour(blue, red, step)
    # Where other things keep their colours, a red one was taken away.
    blue[:, :5] = 140
    assert in_colour(blue, red, step)
