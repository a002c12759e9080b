from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.model.schedule import Period, is_on, next_change_us
from pynvr.model.stamp import instant_us

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
MINUTE_US = 60_000_000


def at(text: str, fold: int = 0) -> int:
    return instant_us(datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold))


def test_a_period_holds_its_first_second_and_not_its_last():
    office = (Period(WEEKDAYS, 9 * 3600, 17 * 3600),)
    assert not is_on(office, at("2026-11-20T08:59:59"), BERLIN)
    assert is_on(office, at("2026-11-20T09:00:00"), BERLIN)
    assert is_on(office, at("2026-11-20T16:59:59"), BERLIN)
    assert not is_on(office, at("2026-11-20T17:00:00"), BERLIN)


def test_a_night_that_starts_on_friday_ends_on_saturday_and_none_starts_then():
    nights = (Period(WEEKDAYS, 22 * 3600, 6 * 3600),)
    assert is_on(nights, at("2026-11-21T05:59:59"), BERLIN)  # a Saturday
    assert not is_on(nights, at("2026-11-21T06:00:00"), BERLIN)
    assert not is_on(nights, at("2026-11-21T23:00:00"), BERLIN)
    assert not is_on(nights, at("2026-11-23T05:00:00"), BERLIN)  # Sunday's night isn't in the list


def test_a_whole_day_is_midnight_to_midnight():
    sunday = (Period(frozenset({6}), 0, 86_400),)
    assert not is_on(sunday, at("2026-11-21T23:59:59"), BERLIN)
    assert is_on(sunday, at("2026-11-22T00:00:00"), BERLIN)
    assert is_on(sunday, at("2026-11-22T23:59:59"), BERLIN)
    assert not is_on(sunday, at("2026-11-23T00:00:00"), BERLIN)


def test_a_schedule_without_periods_never_changes():
    assert next_change_us((), at("2026-11-21T12:00:00"), BERLIN) is None
    assert next_change_us((Period(EVERY_DAY, 0, 86_400),), at("2026-11-21T12:00:00"), BERLIN) is None


def test_the_repeated_hour_is_on_twice():
    early = (Period(EVERY_DAY, 2 * 3600, 3 * 3600),)
    assert is_on(early, at("2026-10-25T02:30:00"), BERLIN)
    assert is_on(early, at("2026-10-25T02:30:00", fold=1), BERLIN)
    assert next_change_us(early, at("2026-10-25T01:00:00"), BERLIN) == at("2026-10-25T02:00:00")
    assert next_change_us(early, at("2026-10-25T02:10:00"), BERLIN) == at("2026-10-25T03:00:00")


periods = st.lists(
    st.builds(
        Period,
        st.frozensets(st.integers(0, 6), min_size=1),
        st.integers(0, 95).map(lambda quarter: quarter * 900),
        st.integers(0, 96).map(lambda quarter: quarter * 900),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
DST_WEEKS = st.sampled_from([datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)])


@settings(max_examples=30, deadline=None)
@given(periods, DST_WEEKS, st.integers(0, 4 * 24 * 60))
def test_the_next_change_is_the_first_minute_at_which_the_answer_differs(schedule, week, minutes):
    after_us = instant_us(week) + minutes * MINUTE_US
    change_us = next_change_us(schedule, after_us, BERLIN)
    now_on = is_on(schedule, after_us, BERLIN)
    step_us = after_us
    limit_us = after_us + 8 * 86_400_000_000 if change_us is None else change_us
    while step_us < limit_us:
        assert is_on(schedule, step_us, BERLIN) == now_on
        step_us += 15 * MINUTE_US - step_us % (15 * MINUTE_US)
    if change_us is not None:
        assert is_on(schedule, change_us, BERLIN) != now_on
        assert is_on(schedule, change_us - 1, BERLIN) == now_on
