from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.stamp import (
    day_named,
    day_of,
    instant_us,
    is_stamp,
    local,
    next_boundary_us,
    stamp_of,
    stamp_start_us,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    BERLIN,
    ZoneInfo("UTC"),
    ZoneInfo("Asia/Kolkata"),
    ZoneInfo("America/St_Johns"),
    ZoneInfo("Australia/Lord_Howe"),
]
instants = st.integers(min_value=946_684_800_000_000, max_value=4_102_444_800_000_000)
zones = st.sampled_from(ZONES)


@given(instants, zones)
def test_a_stamp_with_seconds_names_the_second_that_holds_the_instant(at_us, zone):
    start_us = stamp_start_us(stamp_of(at_us, zone, seconds=True), zone)
    assert start_us <= at_us < start_us + 1_000_000


@given(instants, zones)
def test_a_stamp_without_seconds_names_the_minute(at_us, zone):
    start_us = stamp_start_us(stamp_of(at_us, zone), zone)
    assert start_us <= at_us < start_us + 60_000_000


def test_the_hour_that_repeats_in_autumn_has_two_stamps():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)
    assert stamp_of(instant_us(first), BERLIN) == "20261025.0230"
    assert stamp_of(instant_us(second), BERLIN) == "20261025.0230b"
    assert stamp_start_us("20261025.0230b", BERLIN) - stamp_start_us("20261025.0230", BERLIN) == 3_600_000_000


@given(instants, zones)
def test_an_instant_survives_the_way_through_local_time(at_us, zone):
    assert instant_us(local(at_us, zone)) == at_us


@pytest.mark.parametrize("text", ["", "20260101", "20260101.24", "20260101.1234c", "2026٠101.1234", "../20260101.1234"])
def test_what_is_no_stamp_is_refused(text):
    assert not is_stamp(text)
    with pytest.raises(ValueError):
        stamp_start_us(text, BERLIN)


def test_a_time_that_no_calendar_has_is_refused():
    with pytest.raises(ValueError):
        stamp_start_us("20260230.1200", BERLIN)


def test_the_ends_of_the_calendar_are_refused_as_no_stamp_and_no_day():
    for stamp in ("00010101.0000", "00010101.0000b", "99991231.2359"):
        with pytest.raises(ValueError, match="end of the calendar"):
            stamp_start_us(stamp, ZoneInfo("Asia/Kolkata" if stamp < "1" else "America/St_Johns"))
    for day in ("00010101", "99991231"):
        with pytest.raises(ValueError, match="end of the calendar"):
            day_named(day, BERLIN)


@given(instants, zones, st.sampled_from([10, 15, 60, 300, 900, 1800, 3600]))
def test_a_boundary_is_a_multiple_of_the_local_day_and_at_most_one_period_away(after_us, zone, segment_s):
    boundary_us = next_boundary_us(after_us, segment_s, zone)
    assert after_us < boundary_us <= after_us + segment_s * 1_000_000
    moment, before = local(boundary_us, zone), local(after_us, zone)
    assert moment.microsecond == 0
    # Half an hour's change has hours of which no multiple is near.
    is_half = segment_s > 1800 and moment.utcoffset() != before.utcoffset()
    assert is_half or (moment.hour * 3600 + moment.minute * 60 + moment.second) % segment_s == 0


@pytest.mark.parametrize(("minute", "expected"), [(60, "0130b"), (90, "0130b"), (119, "0130b"), (120, "0200")])
def test_where_clocks_change_by_half_an_hour_a_boundary_of_hours_is_the_change_or_a_multiple(minute, expected):
    zone = ZoneInfo("Australia/Lord_Howe")
    # At 2:00 of 5 April 2026 it becomes 1:30.
    after_us = day_named("20260405", zone).start_us + minute * 60_000_000
    assert stamp_of(next_boundary_us(after_us, 3600, zone), zone) == f"20260405.{expected}"


@given(instants, zones)
def test_local_midnight_is_always_a_boundary(at_us, zone):
    midnight_us = day_named(day_of(stamp_of(at_us, zone)), zone).end_us
    assert next_boundary_us(midnight_us - 1, 3600, zone) == midnight_us


def test_days_have_23_and_25_hours_when_the_clocks_change():
    spring, autumn = day_named("20260329", BERLIN), day_named("20261025", BERLIN)
    assert (spring.end_us - spring.start_us) == 23 * 3_600_000_000
    assert (autumn.end_us - autumn.start_us) == 25 * 3_600_000_000
