"""Instants in requests: every form that is promised, and what is refused."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import bottle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.stamp import instant_us, stamp_of
from pynvr.web.errors import ApiError
from pynvr.web.times import query_range, query_time, read_time, seconds

BERLIN = ZoneInfo("Europe/Berlin")
NOON_US = instant_us(datetime(2026, 3, 10, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T12:00:00Z",
        "2026-03-10T13:00:00",
        "2026-03-10 13:00",
        "2026-03-10T13:00:00.000000+01:00",
        "2026-03-10T13:00:00 01:00",
        "2026-03-10 13:00:00 01:00",
        "2026-03-10T13:00:00+0100",
        "20260310T130000",
        "1773144000",
        "1773144000.0",
        " 1773144000.0000009 ",
        "20260310.1300",
        "20260310.130000",
        "20260310.13",
    ],
)
def test_an_instant_is_read_in_each_form(text):
    assert read_time(text, BERLIN) == NOON_US


def test_a_day_alone_is_its_local_midnight():
    for text in ("2026-03-10", "20260310"):
        assert read_time(text, BERLIN) == NOON_US - 13 * 3600 * 1_000_000


def test_fractions_are_exact_to_the_microsecond():
    assert read_time("1773144000.000001", BERLIN) == NOON_US + 1
    assert read_time("1773144000.123456", BERLIN) == NOON_US + 123_456
    assert read_time("2026-03-10T12:00:00.123456Z", BERLIN) == NOON_US + 123_456


def test_the_hour_that_comes_twice_is_told_apart():
    first = read_time("20261025.0230", BERLIN)
    assert read_time("20261025.0230b", BERLIN) == first + 3600 * 1_000_000
    assert read_time("2026-10-25T02:30:00", BERLIN) == first
    assert read_time("2026-10-25T02:30:00+01:00", BERLIN) == first + 3600 * 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "-1",
        "0",
        "1e9",
        "nan",
        "inf",
        "٣",
        "20261399.0000",
        "20260310.2561",
        "20260310.5",
        "20261399",
        "2026-02-30T00:00:00",
        "1773144000000",
        "9" * 17,
        "9999-12-31T23:59:59",
        "0001-01-01T00:00:00+14:00",
        "1969-12-31T00:00:00Z",
        "1" * 500,
        "2026-03-10T12:00:00Z; drop table",
        "1.\r\n2",
    ],
)
def test_what_is_no_instant_is_refused_with_400(text):
    with pytest.raises(ApiError) as refused:
        read_time(text, BERLIN)
    assert refused.value.status == 400
    assert len(str(refused.value)) < 200


def test_milliseconds_are_recognised():
    with pytest.raises(ApiError, match="milliseconds"):
        read_time("1773144000000", BERLIN)


@given(st.text(max_size=60))
def test_no_text_raises_anything_else(text):
    try:
        read_time(text, BERLIN)
    except ApiError as refused:
        assert refused.status == 400


@given(st.integers(min_value=10**15, max_value=4 * 10**15), st.integers(min_value=-23, max_value=23))
def test_what_is_written_is_read_again(at_us, hours):
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=at_us)
    assert read_time(moment.astimezone(timezone(timedelta(hours=hours))).isoformat(), BERLIN) == at_us
    assert read_time(f"{at_us // 1_000_000}.{at_us % 1_000_000:06}", BERLIN) == at_us
    assert read_time(stamp_of(at_us, BERLIN, seconds=True), BERLIN) == at_us // 1_000_000 * 1_000_000
    assert round(seconds(at_us) * 1e6) == at_us


def test_the_query_gives_times_and_ranges():
    bottle.request.bind({"QUERY_STRING": "from=20260310.1300&to=1773144060&at=2026-03-10T13:00:00%2B01:00"})
    assert query_time("at", BERLIN) == NOON_US
    assert query_time("missing", BERLIN, default=5) == 5
    assert query_range(BERLIN) == (NOON_US, NOON_US + 60_000_000)
    with pytest.raises(ApiError, match="'missing' is missing"):
        query_time("missing", BERLIN)
    with pytest.raises(ApiError, match="further apart than 59 s"):
        query_range(BERLIN, longest_s=59)


@pytest.mark.parametrize("query", ["from=10&to=10", "from=10&to=9", "from=10", "to=10"])
def test_a_range_goes_forward_and_has_two_ends(query):
    bottle.request.bind({"QUERY_STRING": query})
    with pytest.raises(ApiError):
        query_range(BERLIN)
