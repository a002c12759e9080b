"""Which answers of a search for a change are one."""

from dataclasses import replace

import pytest

from pynvr.model.box import Box
from pynvr.model.search_change import Change
from pynvr.searcher.change_found import Found, add
from pynvr.vision.change_grid import Cells

SECOND = 1_000_000
BOX = Box(0.2, 0.2, 0.4, 0.4)


def found(last_s, first_s, confidence=0.5, box=BOX):
    change = Change(first_s * SECOND, confidence, "appeared", 0, 0, False, box)
    return Found(change, last_s * SECOND, first_s * SECOND, box, [], 5.0, Cells(0, 0, 1, 1))


@pytest.mark.parametrize(
    ("last_s", "first_s"), [(100, 110), (90, 100), (110, 120), (60, 180)], ids=["same", "earlier", "later", "around"]
)
def test_of_one_group_of_pictures_or_the_next_the_surer_answer_stays(last_s, first_s):
    one, other = found(100, 110, 0.4), found(last_s, first_s, 0.6)
    for order in ((one, other), (other, one)):
        answers: list[Found] = []
        for answer in order:
            add(answers, answer)
        assert answers == [other]


def test_further_apart_in_time_they_are_two():
    answers: list[Found] = []
    for answer in (found(100, 110), found(111, 121), found(80, 99)):
        add(answers, answer)
    assert len(answers) == 3


def test_of_one_moment_in_other_places_they_are_two_but_a_part_of_a_place_is_none():
    beside, within = Box(0.5, 0.2, 0.4, 0.4), Box(0.3, 0.3, 0.1, 0.1)
    answers = [found(100, 110)]
    add(answers, found(100, 110, box=beside))
    assert len(answers) == 2
    add(answers, found(100, 110, box=within))
    assert len(answers) == 2
    add(answers, replace(found(100, 110), box=Box(0.0, 0.8, 0.1, 0.1)))
    assert len(answers) == 3
