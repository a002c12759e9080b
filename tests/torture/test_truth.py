"""What PyNVR says is held against what was sent: small lies are found, and pauses of the camera are none."""

from types import SimpleNamespace
from typing import Any, cast

from tests.torture.acts_site import is_recorded
from tests.torture.proof import US, Excuse
from tests.torture.truth import Run, _untruths, is_plain, unplain

RUNS = [Run((100 * US, 130 * US)), Run((140 * US, 160 * US))]


def account(begin_s, end_s, cause="recorded", detail=""):
    return (int(begin_s * US), int(end_s * US), cause, detail)


GAP = account(130.2, 140, "stalled", "no video for 8 s")
TRUE = [account(100, 130.2), GAP, account(140, 160)]


def wrong(accounts, runs=RUNS, excuses=()):
    return sorted(_untruths(runs, accounts, cast(Any, SimpleNamespace(excuses=excuses)), US))


def test_the_truth_is_no_lie_and_late_dates_of_a_beginning_are_none():
    assert wrong(TRUE) == []
    assert wrong([account(100, 130.2), account(130.2, 142, "stalled", "no video for 8 s"), account(142, 160)]) == []


def test_half_a_second_that_is_recorded_and_called_otherwise_is_told():
    lie = [account(100, 110), account(110, 110.5, "fault in PyNVR", "died"), account(110.5, 130.2), *TRUE[1:]]
    (told,) = wrong(lie)
    assert "'fault in PyNVR' of" in told and "which is recorded" in told
    assert wrong(lie, excuses=[Excuse(105 * US, 106 * US, "garbage", spoils=True)]) == []


def test_a_pause_of_the_camera_may_be_told_as_that_and_as_nothing_else():
    runs = [Run((100 * US, 130 * US), ((109 * US, 111 * US),)), RUNS[1]]
    for cause, lies in (("stalled", 0), ("fault in PyNVR", 1)):
        told = [account(100, 110), account(110, 110.5, cause, "no frame came"), account(110.5, 130.2), *TRUE[1:]]
        assert len(wrong(told, runs)) == lies


def test_a_gap_that_is_called_recorded_or_has_no_cause_or_no_words_is_told():
    (told,) = wrong([account(100, 132), account(132, 140, "stalled", "no video"), account(140, 160)])
    assert "says recorded of" in told
    assert "has no cause" in wrong([TRUE[0], account(130.2, 140, "unknown"), TRUE[2]])[0]
    assert "and no more" in wrong([TRUE[0], account(130.2, 140, "stalled"), TRUE[2]])[0]
    assert "unaccounted" in wrong([TRUE[0], account(131, 140, "stalled", "no video"), TRUE[2]])[0]


def test_words_that_only_a_programmer_understands_are_told():
    said = {"cameras": [{"id": "gate", "cause": "stalled", "detail": "no video for 5 s"}]}
    assert unplain(said) == set() and is_plain("no video for 5 s")
    for words in ("OSError(5, 'Input/output error')", "[Errno 28] No space", "'NoneType' object", "rtsp://u:p@host/"):
        assert unplain({"problems": [{"detail": words}]})
    assert unplain({"cameras": [{"id": "gate", "cause": "stalled", "detail": ""}]})


def test_an_incident_fails_rightly_where_none_of_its_moment_is_recorded_and_nowhere_else():
    spans = [run.span for run in RUNS]
    recorded = {at_s: is_recorded(at_s * US, spans, ()) for at_s in (98, 101, 106, 129, 130, 135, 141, 150, 170)}
    # Of a run's first frames nobody knows how late they are dated.
    assert [at_s for at_s, yes in recorded.items() if yes] == [106, 129, 130, 150]
    assert not is_recorded(106 * US, spans, [Excuse(110 * US, 112 * US, "stalled")])
