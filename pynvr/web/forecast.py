"""When a disk will be full, or how far back each of its cameras will reach once it is. Pure.

The reaper takes the oldest file of a disk first, whosever it is. So in the long run all cameras of a disk reach back
equally far, but for those that their own limits stop earlier and those whose `min_days` the others make room for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pynvr.model.room import GB, spare_bytes
from pynvr.model.settings import ReaperRule, Retention
from pynvr.model.status import DiskStatus

DAY_US = 86_400_000_000
# What lies further ahead than this is "never" to whoever reads it.
LONGEST_DAYS = 3650.0
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Load:
    """A camera on a disk. `bytes_per_day`: what it adds, 0 if it isn't recorded; `held_bytes`: what is there of it."""

    camera_id: str
    bytes_per_day: float
    held_bytes: int
    retention: Retention


@dataclass(frozen=True, slots=True)
class Forecast:
    """`full_days`: until the disk is full, None = never. `kept_days`: by camera, None = nothing is ever deleted.

    `room_bytes`: what recordings may take there in all, those that are there included.
    """

    full_days: float | None
    kept_days: dict[str, float | None]
    room_bytes: int


def forecast(disk: DiskStatus, loads: Sequence[Load], rules: Sequence[ReaperRule]) -> Forecast:
    """Of a disk with these cameras; `rules`: the reaper's for this disk that delete recordings."""
    most_days = {load.camera_id: _own_limit_days(load, rules) for load in loads}
    held = sum(load.held_bytes for load in loads)
    free = disk.free_bytes
    room = held + (spare_bytes(rules, disk.total_bytes, disk.used_bytes, free) if rules else free)
    for rule in rules:
        if rule.max_gb is not None:
            room = min(room, int(rule.max_gb * GB))

    room = max(0, room)

    def taken(days: float) -> float:
        return sum(load.bytes_per_day * _reached_days(load, days, most_days[load.camera_id]) for load in loads)

    if taken(LONGEST_DAYS) <= room:
        kept = {camera_id: days if days < LONGEST_DAYS else None for camera_id, days in most_days.items()}
        return Forecast(None, kept, room)
    if not rules:
        kept = {name: _or_none(days) for name, days in most_days.items()}
        return Forecast(_full_days(loads, most_days, room), kept, room)
    common = _largest(lambda days: taken(days) <= room)
    reached = {load.camera_id: _reached_days(load, common, most_days[load.camera_id]) for load in loads}
    kept = {load.camera_id: reached[load.camera_id] if load.bytes_per_day else None for load in loads}
    return Forecast(None, kept, room)


def _own_limit_days(load: Load, rules: Sequence[ReaperRule]) -> float:
    """How far back the camera reaches at most, whatever room there is."""
    days = [LONGEST_DAYS, *(rule.max_days for rule in rules if rule.max_days is not None)]
    if load.retention.max_days is not None:
        days.append(load.retention.max_days)
    if load.retention.max_gb is not None and load.bytes_per_day:
        days.append(load.retention.max_gb * GB / load.bytes_per_day)
    return min(days)


def _reached_days(load: Load, common_days: float, most_days: float) -> float:
    return min(max(common_days, load.retention.min_days or 0.0), most_days)


def _full_days(loads: Sequence[Load], most_days: dict[str, float], room: int) -> float | None:
    """Nothing makes room but the cameras' own limits: each grows until it reaches its own."""

    def held_after(days: float) -> float:
        held = 0.0
        for load in loads:
            grown = load.held_bytes + load.bytes_per_day * days
            limit = load.bytes_per_day * most_days[load.camera_id]
            # What a camera holds beyond its limit now is on its way out.
            held += grown if most_days[load.camera_id] >= LONGEST_DAYS else min(grown, limit)
        return held

    days = _largest(lambda days: held_after(days) <= room)
    return None if days >= LONGEST_DAYS else days


def _largest(fits: Callable[[float], bool]) -> float:
    """The largest number of days that fits, found by halving; 0 if none does."""
    low, high = 0.0, LONGEST_DAYS
    if fits(high):
        return high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _or_none(days: float) -> float | None:
    return None if days >= LONGEST_DAYS else days


def usual_bytes_per_day(days: Sequence[tuple[str, int, int]], today: str) -> float:
    """What a camera usually adds in a day, from its last days `(YYYYMMDD, bytes, recorded µs)`, oldest first.

    Days count as they are; but the first, in which it may have begun, and today, only where there is nothing else:
    then what was recorded stands for a whole day.
    """
    whole = [day for day in days if day[0] != today]
    if len(whole) > 1:
        return sum(size for _, size, _ in whole[1:]) / len(whole[1:])
    size = sum(day[1] for day in days)
    recorded_us = sum(day[2] for day in days)
    return size * DAY_US / max(recorded_us, 1) if recorded_us else 0.0
