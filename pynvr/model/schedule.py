"""When a camera with `record.mode: schedule` records: local time again, so this module knows the zone too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pynvr.model.stamp import instant_us, local

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Period:
    """Local times of day on some weekdays.

    `days`: 0 (Monday) to 6, the days on which it starts. `from_s`, `to_s`: seconds of the day; `to_s` up to
    86,400; at or below `from_s` it ends on the following day.
    """

    days: frozenset[int]
    from_s: int
    to_s: int


def is_on(periods: tuple[Period, ...], at_us: int, zone: ZoneInfo) -> bool:
    """Whether any period holds the instant (start included, end not)."""
    moment = local(at_us, zone)
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    today = moment.weekday()
    yesterday = (today - 1) % 7
    for period in periods:
        crosses = period.to_s <= period.from_s
        if today in period.days and second >= period.from_s and (crosses or second < period.to_s):
            return True
        if crosses and yesterday in period.days and second < period.to_s:
            return True
    return False


def next_change_us(periods: tuple[Period, ...], after_us: int, zone: ZoneInfo) -> int | None:
    """The next instant at which `is_on` changes its answer, to the second; None if it never does."""
    now_on = is_on(periods, after_us, zone)
    candidates: list[int] = []
    start = local(after_us, zone)
    for days in range(-1, 9):
        day = (start + timedelta(days=days)).date()
        for second in {s % DAY_S for p in periods for s in (p.from_s, p.to_s)}:
            for fold in (0, 1):
                naive = datetime(day.year, day.month, day.day, second // 3600, second // 60 % 60, second % 60)
                candidates.append(instant_us(naive.replace(tzinfo=zone, fold=fold)))
    # The clocks' own change may switch a schedule too, on a full minute of the hours around it.
    for quarter in range(0, 9 * 96):
        at_us = after_us - after_us % 900_000_000 + (quarter + 1) * 900_000_000
        if local(at_us, zone).utcoffset() != local(at_us - 900_000_000, zone).utcoffset():
            candidates.append(at_us)
    for at_us in sorted(candidates):
        if at_us > after_us and is_on(periods, at_us, zone) != now_on:
            return at_us
    return None
