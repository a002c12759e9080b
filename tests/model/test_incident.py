"""The states of an incident: what may follow what."""

import pytest

from pynvr.base.errors import IncidentStateError
from pynvr.model.incident import Clip, Incident, IncidentStatus

S = 1_000_000
T0 = 1_790_000_000 * S
NEW = Incident("gate", T0, 5 * S, 5 * S, "k", T0, deliver=True)
CUT = NEW.extracted(Clip(T0 - 5 * S, T0 + 5 * S, 99), T0 + 6 * S)


def test_a_delivery_that_fails_first_ends_with_the_clip_accepted():
    tried = CUT.uploading().waiting("503", T0 + 60 * S)
    assert (tried.status, tried.attempts, tried.next_try_us) == (IncidentStatus.WAITING, 1, T0 + 60 * S)
    done = tried.uploading().uploaded(T0 + 61 * S)
    assert (done.attempts, done.last_error, done.is_open, done.ended_us) == (2, "", False, T0 + 61 * S)


def test_a_delivery_that_died_is_made_again():
    assert CUT.uploading().interrupted().uploading().attempts == 2


@pytest.mark.parametrize(
    "step",
    [
        NEW.uploading,
        lambda: CUT.uploaded(T0),
        lambda: CUT.extracted(Clip(1, 2, 3), T0),
        lambda: NEW.waiting("x", T0),
        lambda: CUT.uploading().uploaded(T0).waiting("x", T0),
        lambda: CUT.uploading().uploaded(T0).retried(True),
        lambda: CUT.uploading().retried(True),
        lambda: NEW.unrecorded("nothing", (), T0).uploading(),
    ],
)
def test_what_cannot_follow_is_refused(step):
    with pytest.raises(IncidentStateError):
        step()


def test_a_retry_begins_where_it_failed():
    assert NEW.unrecorded("nothing", (), T0).retried(True).status == IncidentStatus.PENDING
    refused = CUT.uploading().unacceptable("413", T0)
    assert refused.ended_us == T0 + 6 * S
    again = refused.retried(True)
    assert (again.status, again.is_open, again.failed_us) == (IncidentStatus.EXTRACTED, True, None)
    assert refused.without_clip().retried(True).status == IncidentStatus.PENDING
    waits = CUT.uploading().waiting("down", T0 + 900 * S).retried(True)
    assert (waits.next_try_us, waits.attempts) == (None, 1)


def test_an_incident_that_nobody_is_to_get_ends_with_its_clip():
    alone = Incident("gate", T0, 5 * S, 5 * S, "k", T0)
    assert alone.is_open
    cut = alone.extracted(Clip(T0, T0 + S, 99), T0 + 6 * S)
    assert (cut.is_open, cut.ended_us) == (False, T0 + 6 * S)
    assert cut.retried(True).is_open


def test_a_clip_that_is_lost_before_it_was_delivered_is_cut_again():
    lost = CUT.uploading().interrupted().recut("its file is gone")
    assert (lost.status, lost.has_clip) == (IncidentStatus.PENDING, False)
