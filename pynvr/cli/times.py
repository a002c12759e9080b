"""Instants as a person writes and reads them."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pynvr.base.errors import UsageError
from pynvr.model.instant import read_instant
from pynvr.model.stamp import instant_us, local

_FORMS = (
    'a clock time (14:05, 14:05:10), "now", a stamp (20261121.1405), ISO 8601 (2026-11-21T14:05:10) or epoch seconds'
)
# So little ahead is now.
_AHEAD_US = 60_000_000
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?", re.ASCII)


def day_and_time(at_us: int, zone: ZoneInfo) -> str:
    """`2026-11-21 14:03`, in the configured zone."""
    return f"{local(at_us, zone):%Y-%m-%d %H:%M}"


def written_time(text: str, zone: ZoneInfo, now_us: int, after_us: int | None = None) -> int:
    """The instant that a person wrote, in microseconds; raises UsageError.

    Besides the forms of `read_instant`, "now" and a clock time: the last such one that has passed, or the first one
    after `after_us` where that is given (as the end of a range that begins there), unless that is still to come.
    """
    text = text.strip()
    if text == "now":
        return now_us
    try:
        clock = _clock(text)
        at_us = read_instant(text, zone) if clock is None else _beside(clock, zone, now_us, after_us)
    except (ValueError, OverflowError) as err:
        raise UsageError(f"{text!r} is no time; expected is {_FORMS}") from err
    if at_us <= 0:
        raise UsageError(f"{text!r} lies before 1970")
    if clock is not None and after_us is not None and at_us > now_us + _AHEAD_US:
        taken, begin = (f"{local(one, zone):%Y-%m-%d %H:%M:%S}" for one in (at_us, after_us))
        raise UsageError(f'{text!r} after {begin} is taken as {taken}, which is still to come; up to now it is "now"')
    return at_us


def _clock(text: str) -> time | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(digits or 0) for digits in match.groups()[:3])
    return time(hour, minute, second, int((match[4] or "").ljust(6, "0")))


def _beside(clock: time, zone: ZoneInfo, now_us: int, after_us: int | None) -> int:
    near_us = now_us if after_us is None else after_us
    today = local(near_us, zone).date()
    days = (today + timedelta(days=number) for number in (-1, 0, 1))
    at_us = [one for day in days for one in _instants(datetime.combine(day, clock, tzinfo=zone))]
    if after_us is None:
        return max(one for one in at_us if one <= now_us)
    return min(one for one in at_us if one > after_us)


def _instants(first: datetime) -> list[int]:
    """In autumn an hour comes twice. In spring one doesn't come; a clock that wasn't changed yet gives it once."""
    at_us, again_us = instant_us(first), instant_us(first.replace(fold=1))
    return [at_us, again_us] if again_us > at_us else [at_us]
