import pytest

from pynvr.model.notify import Mqtt, Quiet, Target
from pynvr.notifier.conditions import Condition, Standing
from pynvr.notifier.telling import due, told_after, unwanted, with_ended
from pynvr.store.notices import Told

S = 1_000_000
NOW = 1_800_000_000 * S
WELL, TROUBLED, UNKNOWN, UNWANTED = Standing.WELL, Standing.TROUBLED, Standing.UNKNOWN, Standing.UNWANTED


def target(**keys):
    return Target("t", Mqtt("h"), **{"after_s": 30.0, "quiet": Quiet(camera_s=300), **keys})


def cameras(**standings):
    found = [Condition("camera", name, name, standing, cameras=(name,)) for name, standing in standings.items()]
    return {one.subject: one for one in found}


def tell(conditions, told=None, held=100.0, now_us=NOW, **keys):
    held_s = held if isinstance(held, dict) else dict.fromkeys(conditions, held)
    found = due(target(**keys), conditions, told or {}, held_s, now_us)
    return [(one.event, one.troubled, [condition.id for condition in one.conditions]) for one in found]


def test_trouble_is_told_when_it_has_lasted():
    assert tell(cameras(gate=TROUBLED), held=29.9) == []
    assert tell(cameras(gate=TROUBLED), held=30) == [("camera", True, ["gate"])]
    assert tell(cameras(gate=WELL, yard=UNKNOWN, hall=UNWANTED)) == []


def test_cameras_that_fail_together_are_told_together():
    held = {"camera a": 30.0, "camera b": 20.0, "camera c": 5.0}
    assert tell(cameras(a=TROUBLED, b=TROUBLED, c=TROUBLED), held=held) == [("camera", True, ["a", "b"])]


def test_what_was_told_isnt_told_again():
    told = {"camera gate": Told(True, NOW - 9000 * S)}
    assert tell(cameras(gate=TROUBLED), told) == []
    assert tell(cameras(gate=UNKNOWN), told) == []


def test_the_end_of_a_trouble_is_told_if_the_trouble_was():
    assert tell(cameras(gate=WELL)) == []
    told = {"camera gate": Told(True, NOW - 10 * S)}
    assert tell(cameras(gate=WELL), told, held=2.9) == []
    assert tell(cameras(gate=WELL), told, held=3) == [("camera", False, ["gate"])]


def test_a_camera_that_comes_and_goes_is_told_as_lost_only_after_the_pause():
    told = told_after(due(target(), cameras(gate=TROUBLED), {}, {"camera gate": 40.0}, NOW)[0], {}, NOW)
    ended = due(target(), cameras(gate=WELL), told, {"camera gate": 40.0}, NOW + 60 * S)[0]
    told |= told_after(ended, told, NOW + 60 * S)
    assert told == {"camera gate": Told(False, NOW)}
    assert tell(cameras(gate=TROUBLED), told, now_us=NOW + 299 * S) == []
    assert tell(cameras(gate=TROUBLED), told, now_us=NOW + 300 * S) == [("camera", True, ["gate"])]
    # A clock that was set back ends the pause.
    assert tell(cameras(gate=TROUBLED), told, now_us=NOW - S) == [("camera", True, ["gate"])]


def test_a_target_hears_only_of_what_it_asked_for():
    both = cameras(gate=TROUBLED, yard=TROUBLED)
    assert tell(both, cameras=("yard",)) == [("camera", True, ["yard"])]
    assert tell(both, events=("disk", "system")) == []
    disk = Condition("disk", "/srv", "/srv", TROUBLED, cameras=("gate", "yard"))
    part = Condition("system", "finisher", "finisher", TROUBLED)
    conditions = {one.subject: one for one in (disk, part)}
    assert tell(conditions, cameras=("yard",)) == [("disk", True, ["/srv"]), ("system", True, ["finisher"])]
    assert tell(conditions, cameras=("hall",)) == [("system", True, ["finisher"])]


def test_a_part_of_the_program_without_a_problem_is_well_again():
    told = {"system finisher": Told(True, NOW), "system web": Told(True, NOW), "camera gate": Told(True, NOW)}
    web = Condition("system", "web", "web", TROUBLED)
    conditions = with_ended({"system web": web}, told)
    assert tell(conditions, told) == [("system", False, ["finisher"])]


def test_what_was_switched_off_or_removed_is_forgotten_without_a_word():
    told = {"camera gate": Told(True, NOW), "camera gone": Told(True, NOW), "camera yard": Told(True, NOW)}
    told |= {"system web": Told(True, NOW), "alert gate face": Told(False, NOW)}
    assert unwanted(cameras(gate=UNWANTED, yard=TROUBLED), told) == ["camera gate", "camera gone"]


@pytest.mark.parametrize("event", ["camera", "disk", "system"])
def test_each_event_has_its_own_pause(event):
    condition = Condition(event, "x", "x", TROUBLED)
    told = {condition.subject: Told(False, NOW - 10 * S)}
    quiet = Quiet(**{f"{event}_s": 11.0}), Quiet(**{f"{event}_s": 10.0})
    assert [bool(tell({condition.subject: condition}, told, quiet=one)) for one in quiet] == [False, True]
