"""Stamps and local time: the only module in which an instant meets a time zone, with `schedule`.

A stamp names a segment's start: `YYYYMMDD.HHMM`, or `YYYYMMDD.HHMMSS` for a further segment that starts inside the
same minute. The second pass through the hour that repeats in autumn carries a trailing `b`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pynvr.model.ticks import MICROSECONDS

_STAMP = re.compile(r"(?P<day>\d{8})\.(?P<clock>\d{4}(?:\d{2})?)(?P<fold>b?)", re.ASCII)


def local(instant_us: int, zone: ZoneInfo) -> datetime:
    """The instant as an aware local time; exact to the microsecond."""
    seconds, microseconds = divmod(instant_us, MICROSECONDS)
    return (datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds)).astimezone(zone)


def instant_us(moment: datetime) -> int:
    """The instant of an aware time; raises ValueError if it lies outside the years 1 to 9999 in UTC."""
    try:
        since_epoch = moment.astimezone(UTC) - datetime.fromtimestamp(0, UTC)
    except OverflowError as err:
        raise ValueError(f"{moment} lies at the end of the calendar") from err
    return (since_epoch.days * 86_400 + since_epoch.seconds) * MICROSECONDS + since_epoch.microseconds


def stamp_of(at_us: int, zone: ZoneInfo, seconds: bool = False) -> str:
    """The stamp of the minute (or, with `seconds`, of the second) that holds the instant."""
    moment = local(at_us, zone)
    return moment.strftime("%Y%m%d.%H%M%S" if seconds else "%Y%m%d.%H%M") + ("b" if moment.fold else "")


def stamp_start_us(stamp: str, zone: ZoneInfo) -> int:
    """The first instant that the stamp names.

    Raises ValueError if it isn't a stamp, or names a time that doesn't exist. A time that spring's change
    skips is taken as the same number of minutes after the change, as `datetime` does.
    """
    match = _STAMP.fullmatch(stamp)
    if match is None:
        raise ValueError(f"{stamp!r} is not a stamp (YYYYMMDD.HHMM or YYYYMMDD.HHMMSS)")
    form = "%Y%m%d%H%M%S" if len(match["clock"]) == 6 else "%Y%m%d%H%M"
    naive = datetime.strptime(match["day"] + match["clock"], form)
    return instant_us(naive.replace(tzinfo=zone, fold=1 if match["fold"] else 0))


def is_stamp(text: str) -> bool:
    return _STAMP.fullmatch(text) is not None


def day_of(stamp: str) -> str:
    """The day folder (`YYYYMMDD`) of a stamp."""
    return stamp[:8]


def recent_days(now_us: int, zone: ZoneInfo) -> set[str]:
    """Yesterday, today, tomorrow: wherever a clock that steps by an hour may put a recording, and a crash left one."""
    return {day_of(stamp_of(now_us + shift_s * MICROSECONDS, zone)) for shift_s in (-86_400, 0, 3600)}


@dataclass(frozen=True, slots=True)
class Day:
    """A local day: `[start_us, end_us)`, 23 or 25 hours long when the clocks change."""

    name: str
    start_us: int
    end_us: int


def day_named(name: str, zone: ZoneInfo) -> Day:
    """The day `YYYYMMDD`; raises ValueError if there is none such."""
    if not re.fullmatch(r"\d{8}", name, re.ASCII):
        raise ValueError(f"{name!r} is not a day (YYYYMMDD)")
    first = date(int(name[:4]), int(name[4:6]), int(name[6:]))
    if first == date.max:
        raise ValueError(f"{name} is the end of the calendar")
    midnight = datetime(first.year, first.month, first.day, tzinfo=zone)
    second = first + timedelta(days=1)
    return Day(name, instant_us(midnight), instant_us(datetime(second.year, second.month, second.day, tzinfo=zone)))


def next_boundary_us(after_us: int, segment_s: int, zone: ZoneInfo) -> int:
    """The first multiple of `segment_s` of the local day that lies strictly after the instant, at most a period away.

    Local midnight is always a boundary, so a segment's stamp and its day folder agree. Where clocks change by a part of
    the period (half an hour, on Lord Howe Island) and no multiple is so near, what would have been one is.
    """
    offset = local(after_us, zone).utcoffset() or timedelta()
    shift_us = int(offset.total_seconds()) * MICROSECONDS
    period_us = segment_s * MICROSECONDS
    boundary_us = ((after_us + shift_us) // period_us + 1) * period_us - shift_us
    changed = local(boundary_us, zone).utcoffset() or timedelta()
    if changed != offset:
        # The clocks change before it: a boundary of the new local time, if that has begun by then, may come earlier.
        shift_us = int(changed.total_seconds()) * MICROSECONDS
        earlier_us = ((after_us + shift_us) // period_us + 1) * period_us - shift_us
        if earlier_us < boundary_us and local(earlier_us, zone).utcoffset() == changed:
            return earlier_us
    return boundary_us
