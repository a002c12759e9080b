"""How long trouble lasts, also trouble that goes for a moment and comes back."""

from pynvr.model.notify import Mqtt, Target
from pynvr.notifier.conditions import Condition, Standing
from pynvr.notifier.holding import Holding
from pynvr.notifier.telling import due

WELL, TROUBLED, UNKNOWN, UNWANTED = Standing.WELL, Standing.TROUBLED, Standing.UNKNOWN, Standing.UNWANTED
TARGET = Target("t", Mqtt("h"), after_s=30.0)


def gate(standing, died=False):
    one = Condition("camera", "gate", "gate", standing, cameras=("gate",), died=died)
    return {one.subject: one}


def part(*names, died=True):
    return {f"system {name}": Condition("system", name, name, TROUBLED, died=died) for name in names}


def told_at(turns, until_s):
    """When it is told first, of turns (for how many seconds, conditions) one after the other, again and again."""
    holding, now_s = Holding(), 0.0
    while now_s < until_s:
        for length_s, conditions in turns:
            end_s = now_s + length_s
            while now_s < end_s:
                held_s = holding.follow(conditions, now_s)
                if due(TARGET, conditions, {}, held_s, 0):
                    return now_s
                now_s += 0.25
    return None


def test_how_long_a_standing_holds_is_counted_from_its_last_change():
    holding = Holding()
    assert holding.follow(gate(WELL), 100) == {"camera gate": 0}
    assert holding.follow(gate(WELL), 107) == {"camera gate": 7}
    assert holding.follow(gate(TROUBLED), 110) == {"camera gate": 0}
    assert holding.follow({}, 111) == {}
    assert holding.follow(gate(TROUBLED), 112) == {"camera gate": 0}


def test_a_recorder_that_keeps_dying_is_told_in_time_though_it_is_started_again_and_again():
    lives = [(2, gate(TROUBLED, died=True)), (3, gate(UNKNOWN))]
    assert told_at(lives, 100) == 30
    # It even records for a while each time: told as soon as it dies again.
    lives = [(2, gate(TROUBLED, died=True)), (2, gate(UNKNOWN)), (20, gate(WELL))]
    assert told_at(lives, 200) == 48


def test_a_helper_that_keeps_dying_is_told_in_time_though_nobody_speaks_of_it_between():
    assert told_at([(4, part("analyser")), (8, {})], 200) == 36
    # What only says now and then that something is amiss is well between.
    assert told_at([(4, part("analyser", died=False)), (8, {})], 200) is None


def test_what_ran_well_for_a_minute_begins_anew():
    assert told_at([(2, gate(TROUBLED, died=True)), (3, gate(UNKNOWN)), (60, gate(WELL))], 400) is None


def test_a_camera_that_was_away_for_a_moment_begins_anew():
    assert told_at([(5, gate(TROUBLED)), (10, gate(WELL))], 400) is None
    assert told_at([(5, gate(TROUBLED)), (10, gate(UNWANTED))], 400) is None
    # A picture or two between is no end.
    assert told_at([(5, gate(TROUBLED)), (1, gate(WELL))], 400) == 30


def test_what_nothing_is_known_of_for_minutes_begins_anew():
    assert told_at([(5, gate(TROUBLED)), (130, gate(UNKNOWN))], 600) is None


def test_nothing_stays_in_mind_of_what_isnt_there_any_more():
    holding = Holding()
    holding.follow(part("analyser") | gate(TROUBLED), 0)
    for now_s in range(1, 80):
        assert holding.follow({}, now_s) == {}
    assert holding._held == {}
