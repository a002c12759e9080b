"""The time axis: what is recorded of each camera, what is missing and why, and how much moved.

Spans and causes are exact to the microsecond; activity is the highest second of each bucket, so that a short visit is
seen in a view of a month, and buckets of buckets are what larger buckets would be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pynvr.model.cause import Cause
from pynvr.model.settings import Settings
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.growing import Growing
from pynvr.playback.timeline_tiles import NOT_RECORDED, Strip, Tiles, joined_runs
from pynvr.store.accounting import coverage_of
from pynvr.store.by_the_way import ByTheWay
from pynvr.store.coverage import Account, Coverage
from pynvr.store.day_tiles import DayTile
from pynvr.store.segments import Span
from pynvr.store.store import Store

# 64 cameras over four months, about 2 kB each.
_MOST_DAYS = 8192
# 90 kB each.
_MOST_FINE_DAYS = 128
_MINUTE_S = 60
# From here on a minute at a bucket's edge is narrower than a pixel.
_COARSE_US = 300 * MICROSECONDS
_LONG_US = 2 * 86_400 * MICROSECONDS
# Periods up to this are read row by row, others by the day.
_SHORT_US = 6 * 3600 * MICROSECONDS
# Of a camera in one answer; more pieces than this are finer than what can be drawn.
_MOST_PIECES = 4000
UNKNOWN_LEVEL = 255
# From a strip's levels (0 = not recorded) to those of an answer (255 = not recorded).
_ANSWERED = bytes([UNKNOWN_LEVEL, *range(255)])


@dataclass(frozen=True, slots=True)
class CameraAxis:
    """One camera's row. `accounts`: recorded and missing in turns, up to now, without holes.

    `activity`: a byte a bucket, 0 to 254, 255 = nothing recorded in it.
    """

    accounts: tuple[Account, ...]
    activity: bytes


class Timeline:
    """One per process, for all its threads. All methods raise StoreError."""

    def __init__(self, store: Store, growing: Growing, by_the_way: ByTheWay) -> None:
        self._store = store
        self._growing = growing
        self._by_minute = Tiles(store.axis, by_the_way, _MINUTE_S, _MOST_DAYS, store.day_tiles)
        self._by_ten = Tiles(store.axis, by_the_way, 10, _MOST_FINE_DAYS)
        self._by_second = Tiles(store.axis, by_the_way, 1, _MOST_FINE_DAYS)

    def axis(
        self, settings: Settings, camera_ids: Sequence[str], from_us: int, to_us: int, *, bucket_us: int, now_us: int
    ) -> dict[str, CameraAxis]:
        """Per camera, over `[from_us, to_us)`; the last bucket may be cut short.

        Gaps too small for the buckets are left out of an answer that would have thousands of pieces.
        """
        # Files first: a minute whose row comes in between is then found twice, and not never.
        growing = self._growing_spans(settings, camera_ids, from_us, to_us, now_us)
        recorded, strips = self._recorded(camera_ids, from_us, to_us, bucket_us, now_us)
        covered = self._covered(recorded, growing, from_us, to_us, now_us)
        for camera_id, spans in growing.items():
            strips[camera_id] += [_quiet(span, to_us, unit_for(from_us, to_us, bucket_us)) for span in spans]
        return {
            camera_id: CameraAxis(
                drawable(covered[camera_id].accounts, bucket_us),
                bucketed(strips[camera_id], from_us, to_us, bucket_us),
            )
            for camera_id in camera_ids
        }

    def coverage(
        self, settings: Settings, camera_ids: Sequence[str], from_us: int, to_us: int, *, now_us: int
    ) -> dict[str, Coverage]:
        """Per camera, every instant of `[from_us, to_us)` up to now; the running minute counts as recorded."""
        growing = self._growing_spans(settings, camera_ids, from_us, to_us, now_us)
        recorded, _ = self._recorded(camera_ids, from_us, to_us, _COARSE_US, now_us)
        return self._covered(recorded, growing, from_us, to_us, now_us)

    def _recorded(
        self, camera_ids: Sequence[str], from_us: int, to_us: int, bucket_us: int, now_us: int
    ) -> tuple[dict[str, list[Span]], dict[str, list[DayTile | Strip]]]:
        """What overlaps the period (and perhaps more of the same days), and its levels."""
        unit_s = unit_for(from_us, to_us, bucket_us)
        spans: dict[str, list[Span]] = {}
        strips: dict[str, list[DayTile | Strip]] = {}
        if to_us - from_us <= _SHORT_US:
            for camera_id, rows in self._store.axis.of_time(camera_ids, from_us, to_us).items():
                spans[camera_id] = joined_runs(rows)
                strip = Strip(from_us // MICROSECONDS // _MINUTE_S * _MINUTE_S, unit_s)
                strip.reach(min(to_us, max((row[1] for row in rows), default=0)))
                strip.fill(rows)
                strips[camera_id] = [strip]
            return spans, strips
        tiles = {_MINUTE_S: self._by_minute, 10: self._by_ten, 1: self._by_second}[unit_s]
        for camera_id, days in tiles.of(self._store.axis.marks(camera_ids, from_us, to_us), now_us).items():
            spans[camera_id] = [run for tile in days for run in tile.runs]
            strips[camera_id] = list(days)
        return spans, strips

    def _covered(
        self,
        recorded: Mapping[str, list[Span]],
        growing: Mapping[str, list[Span]],
        from_us: int,
        to_us: int,
        now_us: int,
    ) -> dict[str, Coverage]:
        store = self._store
        return coverage_of(store, list(recorded), from_us, to_us, now_us=now_us, growing=growing, recorded=recorded)

    def _growing_spans(
        self, settings: Settings, camera_ids: Sequence[str], from_us: int, to_us: int, now_us: int
    ) -> dict[str, list[Span]]:
        """What the catalog doesn't hold yet, as far as it overlaps the period."""
        if to_us <= now_us - _SHORT_US:
            return {}
        cameras = [camera for camera in settings.cameras if camera.id in camera_ids]
        found = self._growing.spans(cameras, settings.system.timezone, now_us, self._store.segments.known)
        return {
            camera_id: [span for span in spans if span.start_us < to_us and span.end_us > from_us]
            for camera_id, spans in found.items()
        }


def unit_for(from_us: int, to_us: int, bucket_us: int) -> int:
    """The largest of our units, in seconds, that such buckets can be made of without their edges being seen to move.

    Seconds of a year would fill the memory: buckets of a minute and more are made of minutes in a long period.
    """
    is_long = to_us - from_us >= _LONG_US and bucket_us >= _MINUTE_S * MICROSECONDS
    if bucket_us >= _COARSE_US or is_long:
        return _MINUTE_S
    return next((unit_s for unit_s in (_MINUTE_S, 10) if _fits(unit_s * MICROSECONDS, from_us, bucket_us)), 1)


def _fits(unit_us: int, from_us: int, bucket_us: int) -> bool:
    return bucket_us % unit_us == 0 and from_us % unit_us == 0


def _quiet(span: Span, to_us: int, unit_s: int) -> Strip:
    """Recorded, its activity not yet known."""
    strip = Strip(span.start_us // MICROSECONDS // unit_s * unit_s, unit_s)
    strip.reach(min(span.end_us, to_us))
    strip.fill([(span.start_us, span.end_us, 0, 0, b"")])
    return strip


def bucketed(strips: Sequence[DayTile | Strip], from_us: int, to_us: int, bucket_us: int) -> bytes:
    """The highest level of each bucket, as an answer has it.

    The strips are in order and of one unit; a bucket that begins within a unit begins with the next one.
    """
    count = -(-(to_us - from_us) // bucket_us)
    unit_s = unit_for(from_us, to_us, bucket_us)
    unit_us = unit_s * MICROSECONDS
    first = -(-from_us // unit_us)
    last = max(first, -(-to_us // unit_us))
    levels = bytearray(last - first)
    for strip in strips:
        _lay(levels, first, strip.start_s // unit_s, strip.levels)
    if bucket_us == unit_us:
        return bytes(levels.ljust(count, b"\0")[:count]).translate(_ANSWERED)
    if _fits(unit_us, from_us, bucket_us):
        step = bucket_us // unit_us
        highest = [max(levels[at : at + step]) for at in range(0, len(levels), step)]
    else:
        edges = [-(-(from_us + number * bucket_us) // unit_us) - first for number in range(count)] + [len(levels)]
        highest = [max(levels[begin:end], default=NOT_RECORDED) for begin, end in pairwise(edges)]
    return bytes(highest).ljust(count, b"\0").translate(_ANSWERED)


def _lay(levels: bytearray, first: int, begin: int, found: bytes | bytearray) -> None:
    """Put a strip that begins at unit `begin` into levels that begin at unit `first`; where two overlap, the higher."""
    low, high = max(begin, first), min(begin + len(found), first + len(levels))
    if low >= high:
        return
    part = found[low - begin : high - begin]
    # Only the minute of midnight, or a clock set back, has two.
    taken = levels[low - first : high - first].rstrip(b"\0")
    levels[low - first : high - first] = bytes(map(max, part, taken)) + part[len(taken) :]


def drawable(accounts: tuple[Account, ...], bucket_us: int) -> tuple[Account, ...]:
    """The accounts; of thousands, gaps shorter than a bucket belong to what lies before them."""
    if len(accounts) <= _MOST_PIECES:
        return accounts
    kept: list[Account] = []
    for account in accounts:
        is_small = account.cause is not Cause.RECORDED and account.end_us - account.start_us < bucket_us
        if kept and (is_small or (kept[-1].cause, kept[-1].detail) == (account.cause, account.detail)):
            kept[-1] = replace(kept[-1], end_us=account.end_us)
        else:
            kept.append(account)
    return tuple(kept)
