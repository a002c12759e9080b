"""`record.schedule`: its long form (`days`, `from`, `to`) and its short form (`mon-fri:08-17`)."""

import re

from pynvr.config.kinds import Kind, NotOfKindError
from pynvr.model.schedule import DAY_S, Period

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = {name: number for names in (_DAYS, _FULL) for number, name in enumerate(names)}
EVERY_DAY = frozenset(range(7))
# "period" stands for every day in the short form.
_GROUPS = {
    "daily": EVERY_DAY,
    "period": EVERY_DAY,
    "weekdays": frozenset(range(5)),
    "weekends": frozenset((5, 6)),
}
_SHORT = re.compile(r"(?P<days>[a-z,\s-]+):(?P<first>\d{2})-(?P<last>\d{2})", re.ASCII)
_TIME = re.compile(r"(?P<hour>\d{2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?", re.ASCII)


def days_of(value: object) -> frozenset[int]:
    """0 (Monday) to 6 of `mon-fri`, `sat,sun`, `daily`, …; raises NotOfKindError."""
    words = [word.strip().lower() for word in value.split(",")] if isinstance(value, str) else value
    if not isinstance(words, list) or not words:
        raise NotOfKindError
    found: set[int] = set()
    for word in words:
        if not isinstance(word, str):
            raise NotOfKindError
        found |= _days_of_word(word.strip().lower())
    return frozenset(found)


def _days_of_word(word: str) -> frozenset[int]:
    if word in _GROUPS:
        return _GROUPS[word]
    first, dash, last = (part.strip() for part in word.partition("-"))
    if first not in _NUMBER or (dash and last not in _NUMBER):
        raise NotOfKindError
    start = _NUMBER[first]
    count = (_NUMBER[last] - start) % 7 if dash else 0
    return frozenset((start + step) % 7 for step in range(count + 1))


def second_of_day(value: object) -> int:
    """Seconds of `HH:MM` or `HH:MM:SS`, up to 24:00; raises NotOfKindError."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise NotOfKindError
    seconds = int(match["hour"]) * 3600 + int(match["minute"]) * 60 + int(match["second"] or 0)
    if seconds > DAY_S:
        raise NotOfKindError
    return seconds


def _start_of_period(value: object) -> int:
    seconds = second_of_day(value)
    if seconds == DAY_S:
        raise NotOfKindError
    return seconds


def short_period(value: object) -> Period:
    """`mon-fri:08-17`: from 08:00 to 18:00, for both hours are included; raises NotOfKindError."""
    match = _SHORT.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        raise NotOfKindError
    first, last = int(match["first"]), int(match["last"])
    if first > 23 or last > 23:
        raise NotOfKindError("hours from 00 to 23")
    return Period(days_of(match["days"]), first * 3600, (last + 1) * 3600)


DAYS: Kind[frozenset[int]] = Kind('days as "mon-fri", "sat,sun", "weekdays", "weekends" or "daily"', days_of)
FROM: Kind[int] = Kind('a time of day from "00:00" to "23:59"', _start_of_period)
TO: Kind[int] = Kind('a time of day from "00:00" to "24:00"', second_of_day)
SHORT_PERIOD: Kind[Period] = Kind(
    'an object with "days", "from" and "to", or the short form as "mon-fri:08-17"', short_period
)
