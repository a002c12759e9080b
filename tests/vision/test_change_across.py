"""Pictures of two lights, in which nothing is as bright as before."""

import numpy as np
import pytest

from pynvr.vision.change_across import compare_across
from pynvr.vision.change_alike import Alike
from pynvr.vision.change_grid import Cells

ROWS, COLUMNS = 120, 200
INSIDE = Cells(80, 60, 110, 90)
ENOUGH = 5.0


def ground(shine=1.0, seed=2):
    """Ground, a wall, a bush and a sky, each of which sends back another share of the light."""
    chance = np.random.default_rng(seed)
    made = 90.0 + chance.integers(0, 12, (ROWS // 4, COLUMNS // 4)).repeat(4, 0).repeat(4, 1)
    made[:40] = 200 * (0.2 if shine != 1.0 else 1.0)
    made[20:50, 20:70] = 130 * (1.3 if shine != 1.0 else 1.0)
    made[35:65, 130:170] = (60 + chance.integers(0, 30, (30, 40))) * (2.2 if shine != 1.0 else 1.0)
    return made * shine


def with_thing(values, level):
    changed = values.copy()
    changed[64:84, 86:102] = level
    changed[70:74, 86:102] = level * 0.7
    return changed


def taken(values, noise, seed=5, count=5):
    chance = np.random.default_rng(seed)
    return [
        np.clip(np.round(values + chance.normal(0, noise, values.shape)), 0, 255).astype(np.uint8) for _ in range(count)
    ]


DAY, NIGHT = ground(), ground(0.7)


def test_what_has_edges_in_one_light_alone_came_or_went():
    came = compare_across(taken(DAY, 1.5), taken(with_thing(NIGHT, 190), 4, seed=6), INSIDE)
    assert came.apart > ENOUGH
    assert came.beyond > 1.5
    assert came.kind == "appeared"
    down, across = np.nonzero(came.thing)
    assert abs(across.min() - 86) <= 4
    assert abs(down.max() - 84) <= 4
    went = compare_across(taken(with_thing(DAY, 30), 1.5), taken(NIGHT, 4, seed=6), INSIDE)
    assert went.apart > ENOUGH
    assert went.kind == "vanished"


@pytest.mark.parametrize(
    "place", [INSIDE, Cells(55, 30, 85, 60), Cells(120, 45, 150, 75)], ids=["ground", "wall", "bush"]
)
def test_another_light_alone_is_no_change(place):
    both = compare_across(taken(DAY, 1.5), taken(NIGHT, 4, seed=6), place)
    assert both.beyond < 1.2
    there = compare_across(taken(with_thing(DAY, 40), 1.5), taken(with_thing(NIGHT, 30), 4, seed=6), place)
    assert there.beyond < 1.2


def test_a_picture_is_alike_or_somebody_stands_there():
    where = np.zeros((ROWS, COLUMNS), bool)
    where[62:86, 84:104] = True
    alike = Alike(taken(NIGHT, 4), where, INSIDE)
    assert alike.is_alike(taken(NIGHT, 4, seed=9, count=1)[0])
    assert alike.is_alike(taken(NIGHT * 0.9, 4, seed=9, count=1)[0])
    assert not alike.is_alike(taken(with_thing(NIGHT, 190), 4, seed=9, count=1)[0])
