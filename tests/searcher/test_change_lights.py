"""How often a camera may go to and fro between two lights to be looked at as one that has two."""

from typing import Any

import numpy as np

from pynvr.searcher.change_lights import lights_of
from pynvr.searcher.change_pictures import Shot
from pynvr.searcher.change_row import SIZES, Row

NOWHERE: Any = None


class Pictures:
    """Has nothing between two shots; counts how often it is asked."""

    asked = 0

    def between(self, _stretches, begin, end):
        self.asked += 1
        return [begin, end]


def row_of(dark):
    shots = [Shot(number * 60_000_000, NOWHERE) for number in range(len(dark))]
    luma, blue, red = (np.full((len(dark), rows, columns), 128, np.uint8) for columns, rows in SIZES)
    for number, is_dark in enumerate(dark):
        if not is_dark:
            blue[number] += 9
    return Row([], shots, (luma, blue, red), 0, shots[-1].at_us)


def lights(pictures, dark):
    steps = lights_of(pictures, row_of(dark))
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def test_a_camera_that_is_switched_has_a_row_for_each_light():
    found = lights(Pictures(), [False] * 20 + [True] * 10 + [False] * 20)
    assert [one.place for one in found.switches] == [19, 29]
    assert [len(one.shots) for one in found.rows] == [40, 10]


def test_one_that_goes_to_and_fro_too_often_is_looked_at_as_it_is_for_that_has_no_bound():
    pictures = Pictures()
    found = lights(pictures, [number % 7 < 3 for number in range(200)])
    assert not found.switches and not any(found.dark)
    assert [len(one.shots) for one in found.rows] == [200]
    assert not pictures.asked
