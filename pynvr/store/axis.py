"""What a time axis is drawn from, read in bulk: plain tuples from SQLite's own cursor, for a month holds millions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection

from pynvr.model.cause import Cause, Transition
from pynvr.store.causes import cause_named
from pynvr.store.database import Database
from pynvr.store.deletions import DeletedSpan
from pynvr.store.segments import FURTHEST_BACK_US, Span

_FOREVER_US = 1 << 62

# The unique key of `segments` begins with camera and stamp, so a day folder is one stretch of that index.
_OF_DAY = """
select start_us, end_us, frames, file_bytes, activity from segments
where camera_id = ? and stamp >= ? and stamp < ? order by start_us, end_us"""
_OF_DAY_SINCE = """
select start_us, end_us, frames, file_bytes, activity from segments
where camera_id = ? and start_us > ? and stamp >= ? and stamp < ? order by start_us, end_us"""
_OF_TIME = """
select start_us, end_us, frames, file_bytes, activity from segments
where camera_id = ? and start_us >= ? and start_us < ? and end_us > ? order by start_us, end_us"""
_MARKS = """
select day, sum(segments), sum(frames), sum(file_bytes), sum(recorded_us) from day_totals
where camera_id = ? and day between ? and ? group by day order by day"""
_DAY_BEFORE = """
select substr(stamp, 1, 8), end_us from segments where camera_id = ? and start_us < ? order by start_us desc limit 1"""
_DAY_FROM = """
select substr(stamp, 1, 8), start_us from segments where camera_id = ? and start_us >= ? order by start_us limit 1"""
_STAMPS = "select distinct stamp from segments where camera_id = ? and stamp >= ? and stamp < ? order by stamp"
_LONGEST = "select coalesce(max(longest_us), 0) from camera_totals where camera_id = ?"
_BEFORE = """
select start_us, end_us, frames from segments where camera_id = ? and start_us < ? order by start_us desc limit 1"""
_AFTER = """
select start_us, end_us, frames from segments where camera_id = ? and start_us >= ? order by start_us limit 1"""
# Inside the period, the last before it, the first behind it; from `deletions` and `omissions` alike. They lie apart, so
# what begins before the last one that begins before the period doesn't reach into it.
_GONE = """
select start_us, end_us from {0} where camera_id = ?1 and start_us < ?2 and end_us > ?3
and start_us >= coalesce((select max(start_us) from {0} where camera_id = ?1 and start_us <= ?3), 0)
order by start_us"""
_GONE_BEFORE = """
select start_us, end_us from {} where camera_id = ? and start_us < ? order by start_us desc limit 1"""
_GONE_AFTER = """
select start_us, end_us from {} where camera_id = ? and start_us >= ? order by start_us limit 1"""
_GONE_WHERE = [
    (tuple(query.format(table) for query in (_GONE, _GONE_BEFORE, _GONE_AFTER)), cause)
    for table, cause in (("deletions", Cause.DELETED), ("omissions", Cause.NO_MOTION))
]
_HOLDING = "select max(since_us) from transitions where camera_id = ? and since_us <= ?"
_TRANSITIONS = """
select since_us, cause, detail from transitions
where camera_id = ? and since_us >= ? and since_us < ? order by since_us"""


# A segment, as far as the axis shows it: start_us, end_us, frames, file_bytes, activity (as in `Segment`).
AxisRow = tuple[int, int, int, int, bytes]


class DayMark(NamedTuple):
    """Figures of a camera's day that differ whenever its rows do, but for an activity that alone is found anew."""

    segments: int
    frames: int
    file_bytes: int
    recorded_us: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else coverage of a period is decided from: the segments and deletions next to it, deletions inside, and the
    transitions of all gaps that touch it."""

    beside: tuple[Span, ...]
    deletions: tuple[DeletedSpan, ...]
    transitions: tuple[Transition, ...]


class Axis:
    """Read-only view of `segments`, `day_totals`, `deletions`, `omissions` and `transitions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> dict[str, dict[str, DayMark]]:
        """Per camera and by day folder (`YYYYMMDD`): of those that hold anything of `[from_us, to_us)`.

        The segments themselves say which, for folders are named in the time zone that was set then.
        """
        with self._database.reading() as connection:
            execute = raw_execute(connection)
            return {camera_id: _marks(execute, camera_id, from_us, to_us) for camera_id in camera_ids}

    def of_day(self, camera_id: str, day: str, after_us: int = 0) -> list[AxisRow]:
        """What lies in the camera's day folder and starts later than `after_us`, by start."""
        with self._database.reading() as connection:
            execute = raw_execute(connection)
            if after_us:
                return _rows(execute(_OF_DAY_SINCE, (camera_id, after_us, day + ".", day + "/")))
            return _rows(execute(_OF_DAY, (camera_id, day + ".", day + "/")))

    def stamps(self, camera_ids: Sequence[str], day: str) -> dict[str, list[str]]:
        """Per camera the stamps of the day folder's segments, each once."""
        with self._database.reading() as connection:
            execute = raw_execute(connection)
            return {
                camera_id: [row[0] for row in execute(_STAMPS, (camera_id, day + ".", day + "/"))]
                for camera_id in camera_ids
            }

    def extent(self, camera_id: str) -> tuple[int, int]:
        """Start of the camera's first segment and end of the one that starts last; 0 and 0 if it has none."""
        with self._database.reading() as connection:
            execute = raw_execute(connection)
            first = execute(_AFTER, (camera_id, 0)).fetchone()
            last = execute(_BEFORE, (camera_id, _FOREVER_US)).fetchone()
            return (first[0], last[1]) if first and last else (0, 0)

    def of_time(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> dict[str, list[AxisRow]]:
        """Per camera what overlaps `[from_us, to_us)`, by start."""
        with self._database.reading() as connection:
            execute = raw_execute(connection)
            found = {}
            for camera_id in camera_ids:
                longest_us = min(execute(_LONGEST, (camera_id,)).fetchone()[0], FURTHEST_BACK_US)
                found[camera_id] = _rows(execute(_OF_TIME, (camera_id, from_us - longest_us, to_us, from_us)))
            return found

    def surroundings(self, spans: Mapping[str, Sequence[Span]], from_us: int, to_us: int) -> dict[str, Surroundings]:
        """Per camera; `spans`: what of it is known to overlap the period, growing chunks included."""
        with self._database.reading() as connection:
            execute = raw_execute(connection)
            return {camera_id: _around(execute, camera_id, own, from_us, to_us) for camera_id, own in spans.items()}


def raw_execute(connection: Connection) -> Any:  # Any: SQLAlchemy names it by the DBAPI's general types
    """SQLite's own `execute`, inside the connection's transaction: rows are plain tuples."""
    return connection.connection.driver_connection.execute  # type: ignore[union-attr]  # it is connected


def _rows(cursor: Any) -> list[AxisRow]:
    return cast(list[AxisRow], cursor.fetchall())  # the table checks the columns' types


def _marks(execute: Any, camera_id: str, from_us: int, to_us: int) -> dict[str, DayMark]:
    last = execute(_DAY_BEFORE, (camera_id, to_us)).fetchone()
    if last is None or last[1] <= from_us:
        return {}
    before = execute(_DAY_BEFORE, (camera_id, from_us)).fetchone()
    first = execute(_DAY_FROM, (camera_id, from_us)).fetchone()
    days = [last[0]]
    days += [before[0]] if before is not None and before[1] > from_us else []
    days += [first[0]] if first is not None and first[1] < to_us else []
    return {row[0]: DayMark(*row[1:]) for row in execute(_MARKS, (camera_id, min(days), max(days)))}


def _around(execute: Any, camera_id: str, spans: Sequence[Span], from_us: int, to_us: int) -> Surroundings:
    def rows(query: str, *values: int) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = execute(query, (camera_id, *values)).fetchall()
        return found

    beside = [Span(*row) for row in (*rows(_BEFORE, from_us), *rows(_AFTER, to_us))]
    deleted = [
        DeletedSpan(camera_id, row[0], row[1], cause)
        for (within, before, behind), cause in _GONE_WHERE
        for row in (*rows(within, to_us, from_us), *rows(before, from_us), *rows(behind, to_us))
    ]
    known = [(span.start_us, span.end_us) for span in (*spans, *beside)]
    known += [(span.start_us, span.end_us) for span in deleted]
    # A gap that reaches over an end of the period is explained as in full; where there is none, nothing is to explain.
    first_us = max((min(end_us, from_us) for start_us, end_us in known if start_us <= from_us), default=0)
    last_us = min((max(start_us, to_us) for start_us, end_us in known if end_us >= to_us), default=_FOREVER_US)
    since_us = rows(_HOLDING, first_us)[0][0] or 0
    told = tuple(
        Transition(camera_id, since_us, cause_named(word), detail)
        for since_us, word, detail in rows(_TRANSITIONS, since_us, last_us)
    )
    return Surroundings(tuple(beside), tuple(deleted), told)
