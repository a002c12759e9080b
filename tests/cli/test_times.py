"""Times as people write them behind a command."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pynvr.base.errors import UsageError
from pynvr.cli.times import written_time

BERLIN = ZoneInfo("Europe/Berlin")


def at(day, clock):
    return int(datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=BERLIN).timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("14:05", "11-21", "14:05:00"),
        ("14:05:10", "11-21", "14:05:10"),
        ("14:05:10.25", "11-21", "14:05:10.250000"),
        ("9:30", "11-21", "09:30:00"),
        ("14:06", "11-20", "14:06:00"),
        ("23:59", "11-20", "23:59:00"),
        ("now", "11-21", "14:05:30"),
        ("20261119.1200", "11-19", "12:00:00"),
        ("2026-11-19T12:00", "11-19", "12:00:00"),
    ],
)
def test_a_clock_time_is_the_last_one_that_has_passed(text, day, clock):
    assert written_time(text, BERLIN, at("11-21", "14:05:30")) == at(day, clock)


@pytest.mark.parametrize(
    ("begin", "text", "end"),
    [
        (("11-21", "14:00:00"), "14:05", ("11-21", "14:05:00")),
        (("11-20", "23:50:00"), "0:10", ("11-21", "00:10:00")),
        (("11-19", "10:00:00"), "10:00", ("11-20", "10:00:00")),
    ],
)
def test_the_end_of_a_range_is_the_first_one_after_its_beginning(begin, text, end):
    assert written_time(text, BERLIN, at("11-21", "14:05:30"), after_us=at(*begin)) == at(*end)


def test_where_the_clock_is_changed_it_is_a_time_of_its_day():
    assert written_time("12:00", BERLIN, at("03-29", "13:00:00")) == at("03-29", "12:00:00")
    assert written_time("12:00", BERLIN, at("10-25", "11:00:00")) == at("10-24", "12:00:00")
    # The hour after two comes twice then.
    hour_us = 3_600_000_000
    first = at("10-25", "02:30:00")
    assert written_time("2:30", BERLIN, first + hour_us // 2) == first
    assert written_time("2:30", BERLIN, first + hour_us + 1) == first + hour_us
    # In spring it doesn't come.
    assert written_time("2:30", BERLIN, at("03-29", "03:10:00")) == at("03-28", "02:30:00")
    assert written_time("2:30", BERLIN, at("03-29", "03:40:00")) == at("03-29", "03:30:00")


@pytest.mark.parametrize(
    ("begin", "text"),
    [(("11-21", "14:05:00"), "14:00"), (("11-21", "14:00:00"), "14:07"), (("11-20", "23:50:00"), "23:40")],
)
def test_an_end_that_is_still_to_come_is_refused_with_what_it_was_taken_as(begin, text):
    day = "2026-11-22" if text == "14:00" else "2026-11-21"
    with pytest.raises(
        UsageError, match=f"'{text}' after 2026-{begin[0]} {begin[1]} is taken as {day} {text}:00, which"
    ):
        written_time(text, BERLIN, at("11-21", "14:05:30"), after_us=at(*begin))


def test_an_end_within_the_minute_and_one_with_its_day_may_be_still_to_come():
    now_us = at("11-21", "14:05:30")
    assert written_time("14:06", BERLIN, now_us, after_us=at("11-21", "14:00:00")) == at("11-21", "14:06:00")
    assert written_time("20261121.1500", BERLIN, now_us, after_us=now_us) == at("11-21", "15:00:00")


@pytest.mark.parametrize("text", ["noon", "25:00", "14:60", "14:5", "", "٢:٠٠", "1969-12-31T00:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UsageError):
        written_time(text, BERLIN, at("11-21", "14:05:30"))
