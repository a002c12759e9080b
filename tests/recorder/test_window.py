from datetime import datetime
from zoneinfo import ZoneInfo

from pynvr.model.cause import Cause
from pynvr.model.schedule import Period
from pynvr.model.settings import Record
from pynvr.model.stamp import instant_us
from pynvr.recorder.window import window_at

VIENNA = ZoneInfo("Europe/Vienna")
NIGHT = Record(mode="schedule", schedule=(Period(frozenset(range(7)), 22 * 3600, 6 * 3600),))


def at(year, month, day, hour):
    return instant_us(datetime(year, month, day, hour, tzinfo=VIENNA))


def test_always_has_no_end():
    window = window_at(Record(mode="always"), at(2026, 5, 1, 12), VIENNA)
    assert (window.is_on, window.until_us, window.cause) == (True, None, "")


def test_never_has_no_end_either():
    window = window_at(Record(mode="never"), at(2026, 5, 1, 12), VIENNA)
    assert (window.is_on, window.until_us, window.cause) == (False, None, Cause.DISABLED)


def test_a_schedule_is_on_until_its_second():
    window = window_at(NIGHT, at(2026, 5, 1, 23), VIENNA)
    assert window.is_on
    assert window.until_us == at(2026, 5, 2, 6)
    assert window.holds(at(2026, 5, 2, 6) - 1)
    assert not window.holds(at(2026, 5, 2, 6))


def test_and_off_until_the_next():
    window = window_at(NIGHT, at(2026, 5, 1, 12), VIENNA)
    assert (window.is_on, window.cause) == (False, Cause.SCHEDULE)
    assert window.until_us == at(2026, 5, 1, 22)


def test_a_clock_that_was_set_back_asks_anew():
    window = window_at(NIGHT, at(2026, 5, 1, 12), VIENNA)
    assert not window.holds(at(2026, 5, 1, 11))
