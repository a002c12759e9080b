"""Whose turn it is: the oldest; a dead target holds up its own, a wrong address its own, a refused clip nothing."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from pynvr.deliverer.lanes import Lane, Waiting
from pynvr.model.incident import Incident, IncidentStatus
from pynvr.model.settings import Delivery

GATE = Delivery("https://h.org/gate", "t1")
YARD = Delivery("https://h.org/yard", "t2")


def waiting(number, delivery=GATE, **keys):
    keys = {"status": IncidentStatus.EXTRACTED, "extracted_us": number, **keys}
    return Waiting(Incident("gate", 1, 1, 1, f"k{number}", 1, id=number, **keys), delivery)


def test_the_oldest_is_tried_first_whoever_came_first_to_be_cut():
    assert Lane().turn_of([waiting(7), waiting(3, YARD), waiting(5)], 0.0) == waiting(3, YARD)
    assert Lane().turn_of([], 0.0) is None


def test_a_target_that_is_down_is_left_alone_until_its_time_and_then_the_same_one_is_tried():
    lane = Lane().after_failure(waiting(3), "down", 10.0)
    queue = [waiting(3, status=IncidentStatus.WAITING, attempts=1), waiting(4), waiting(5, YARD)]
    assert lane.turn_of(queue, 9.9) is None
    assert lane.turn_of(queue, 10.0) == queue[0]
    assert lane.after_failure(queue[0], "down", 30.0).failures == 2


def test_what_was_never_tried_doesnt_break_a_pause():
    lane = Lane().after_failure(waiting(3), "down", 10.0)
    assert lane.turn_of([waiting(4)], 5.0) is None


def test_a_wrong_address_holds_up_what_goes_there_and_nothing_else():
    lane = Lane().after_failure(waiting(1), "down", 99.0).after_wrong_address(waiting(3), "404", 10.0)
    queue = [waiting(3), waiting(4, YARD), waiting(5)]
    assert lane.turn_of(queue, 5.0) == waiting(4, YARD)
    assert lane.turn_of(queue, 10.0) == waiting(3)
    assert lane.turn_of([waiting(3)], 5.0) is None
    assert (lane.failures, lane.failures_at(GATE), lane.failures_at(YARD)) == (0, 1, 0)


def test_an_answer_ends_the_pauses():
    lane = Lane().after_wrong_address(waiting(3), "404", 10.0).after_failure(waiting(4, YARD), "down", 10.0)
    lane = lane.after_answer(waiting(4, YARD))
    assert lane.turn_of([waiting(4, YARD)], 0.0) is not None
    assert lane.failures_at(GATE) == 1
    assert lane.after_answer(waiting(3)) == Lane()


def test_who_asks_for_a_retry_gets_it_at_once_and_a_changed_address_too():
    down = Lane().after_failure(waiting(3), "down", 10.0)
    wrong = Lane().after_wrong_address(waiting(3), "404", 10.0)
    asked = waiting(3, attempts=2)
    for lane in (down, wrong):
        assert lane.turn_of([asked], 5.0) == asked
        assert lane.turn_of([waiting(3)], 5.0) is None
        moved = dataclasses.replace(GATE, token="new")
        assert lane.turn_of([waiting(3, moved)], 5.0) == waiting(3, moved)


def test_what_stands_in_the_way_is_told_when_clips_have_waited_for_long():
    lane = Lane().after_failure(waiting(100), "down", 1.0).after_failure(waiting(100), "still down", 1.0)
    assert lane.reasons(waiting_since_us=100) == []
    assert lane.reasons(waiting_since_us=101) == ["still down"]
    wrong = Lane().after_wrong_address(waiting(50), "404", 1.0)
    assert wrong.reasons(101) == ["404"]
    assert wrong.only_with([YARD]).reasons(101) == []
    assert wrong.only_with([GATE]) is wrong


@given(st.lists(st.sampled_from(["taken", "failed", "refused", "wrong"]), max_size=60))
def test_nobody_overtakes_at_one_address_but_what_is_never_accepted(fates):
    queue = [waiting(number) for number in range(1, 9)]
    lane, now_s, ended = Lane(), 0.0, []
    for fate in fates:
        one = lane.turn_of(queue, now_s)
        if one is None:
            now_s += 5.0
            continue
        assert one.incident.id == min(left.incident.id for left in queue)
        if fate == "failed":
            lane = lane.after_failure(one, fate, now_s + 4.0)
        elif fate == "wrong":
            lane = lane.after_wrong_address(one, fate, now_s + 4.0)
        else:
            lane = lane.after_answer(one)
            queue.remove(one)
            ended.append(one.incident.id)
    assert ended == sorted(ended)
