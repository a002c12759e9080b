"""Instants as requests write them: ISO 8601, epoch seconds, or a stamp."""

import re
from zoneinfo import ZoneInfo

from bottle import request

from pynvr.model.instant import read_instant
from pynvr.model.ticks import MICROSECONDS
from pynvr.web.errors import bad_request

_LONGEST = 40
# A "+" that wasn't percent-encoded arrives as a space; only a zone can stand behind it.
_LOST_PLUS = re.compile(r"(?P<time>.*\d[T ]\d.*) (?P<zone>\d\d(?::?\d\d)?)", re.ASCII)
# The last second of the year 9998: local times beside it still have a date.
_LAST_S = 253_370_764_799
_FORMS = "a time in ISO 8601 (2026-11-21T14:03:00), epoch seconds, or a stamp (20261121.1403)"


def read_time(text: str, zone: ZoneInfo) -> int:
    """The instant in microseconds; raises ApiError 400.

    The forms and their meaning are those of `read_instant`.
    """
    text = text.strip()
    try:
        at_us = _read(text, zone)
    except (ValueError, OverflowError) as err:
        raise bad_request(f"{text[:_LONGEST]!r} is no time: {_FORMS} is expected") from err
    if not 0 < at_us <= _LAST_S * MICROSECONDS:
        hint = "; are they milliseconds? Seconds are expected" if at_us > 0 else ""
        raise bad_request(f"{text[:_LONGEST]!r} is not between the years 1970 and 9998{hint}")
    return at_us


def _read(text: str, zone: ZoneInfo) -> int:
    lost_plus = _LOST_PLUS.fullmatch(text) if len(text) <= _LONGEST else None
    return read_instant(f"{lost_plus['time']}+{lost_plus['zone']}" if lost_plus else text, zone)


def query_time(name: str, zone: ZoneInfo, default: int | None = None) -> int:
    """The instant in the query's parameter `name`; without one the default, or ApiError 400 if there is none."""
    text = request.query.getunicode(name, "")
    if text:
        return read_time(text, zone)
    if default is None:
        raise bad_request(f"the parameter {name!r} is missing: {_FORMS}")
    return default


def query_range(
    zone: ZoneInfo, default_from: int | None = None, default_to: int | None = None, longest_s: float | None = None
) -> tuple[int, int]:
    """`[from, to)` of the query; raises ApiError 400 if it is empty, backwards, or longer than `longest_s`."""
    from_us, to_us = query_time("from", zone, default_from), query_time("to", zone, default_to)
    if to_us <= from_us:
        raise bad_request("'to' must lie after 'from'")
    if longest_s is not None and to_us - from_us > longest_s * MICROSECONDS:
        raise bad_request(f"'from' and 'to' are further apart than {longest_s:g} s")
    return from_us, to_us


def seconds(at_us: int) -> float:
    """The instant as JSON of version 1 has it: epoch seconds."""
    return at_us / MICROSECONDS


def exact_seconds(at_us: int) -> str:
    """The instant as addresses and headers have it: epoch seconds with all six digits, which no float rounds."""
    return f"{at_us // MICROSECONDS}.{at_us % MICROSECONDS:06d}"
