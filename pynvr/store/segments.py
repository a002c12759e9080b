"""The catalog: one row per finished file of the tree."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.model.segment import Segment
from pynvr.store.database import Database
from pynvr.store.disks import Disks
from pynvr.store.tables import CAMERA_TOTALS, DAY_TOTALS, DISKS, SEGMENTS

_S = SEGMENTS.c
_KEY = (_S.camera_id, _S.stamp, _S.disk_id)
# What overlaps a period is looked for no further back, however long one segment is: a damaged file may say that it
# lasts for months, and its camera's totals remember that when it is gone.
FURTHEST_BACK_US = 7 * 86_400_000_000
_FACTS = ("start_us", "end_us", "frames", "file_bytes", "codec", "width", "height", "audio_codec", "activity")


class SegmentKey(NamedTuple):
    """What names a file of the tree."""

    dst: str
    camera_id: str
    stamp: str


class Span(NamedTuple):
    """A segment's place in time, for what needs no more of it. `frames` gives the usual frame's length."""

    start_us: int
    end_us: int
    frames: int = 0


class SegmentFacts(NamedTuple):
    """What is needed to show a segment; see `Segment`."""

    dst: str
    stamp: str
    start_us: int
    end_us: int
    frames: int
    file_bytes: int
    codec: str
    width: int
    height: int


class OldSegment(NamedTuple):
    """What the reaper needs to know of a segment."""

    key: SegmentKey
    start_us: int
    end_us: int
    file_bytes: int


class Segments:
    """Table `segments`; its totals keep themselves (see `Totals`)."""

    def __init__(self, database: Database, disks: Disks) -> None:
        self._database = database
        self._disks = disks

    def add(self, *segments: Segment) -> None:
        """Put the segments into the catalog; one that is there already (same dst, camera, stamp) is replaced."""
        if not segments:
            return
        statement = insert(SEGMENTS)
        upsert = statement.on_conflict_do_update(
            index_elements=["camera_id", "stamp", "disk_id"], set_={name: statement.excluded[name] for name in _FACTS}
        )
        with self._database.writing() as connection:
            ids = {dst: self._disks.id_of(connection, dst) for dst in {segment.dst for segment in segments}}
            connection.execute(upsert, [_values(segment, ids[segment.dst]) for segment in segments])

    def remove(self, keys: Iterable[SegmentKey]) -> int:
        """Take segments out of the catalog; returns how many were in it."""
        removed = 0
        statement = delete(SEGMENTS).where(
            _S.camera_id == bindparam("a_camera"), _S.stamp == bindparam("a_stamp"), _S.disk_id == bindparam("a_disk")
        )
        with self._database.writing() as connection:
            for dst, group in _by_dst(keys).items():
                disk_id = self._disks.find_id(connection, dst)
                if disk_id is not None:
                    values = [{"a_camera": key.camera_id, "a_stamp": key.stamp, "a_disk": disk_id} for key in group]
                    removed += connection.execute(statement, values).rowcount
        return removed

    def find(self, camera_id: str, stamp: str) -> Segment | None:
        """The segment of that name; of several (the camera changed its folder) the latest."""
        query = _all().where(_S.camera_id == camera_id, _S.stamp == stamp).order_by(_S.start_us.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _segment(row)

    def known(self, camera_id: str, stamps: Collection[str]) -> set[str]:
        """Those of the stamps that a segment of the camera has."""
        query = select(_S.stamp).where(_S.camera_id == camera_id, _S.stamp.in_(stamps))
        with self._database.reading() as connection:
            return set(connection.execute(query).scalars())

    def find_in(self, key: SegmentKey) -> Segment | None:
        """The row of just this file."""
        query = _all().where(DISKS.c.dst == key.dst, _S.camera_id == key.camera_id, _S.stamp == key.stamp)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _segment(row)

    def in_range(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> list[Segment]:
        """All segments that overlap `[from_us, to_us)`, by camera in the order asked, then by start."""
        with self._database.reading() as connection:
            return [
                _segment(row)
                for camera_id in camera_ids
                for row in connection.execute(_overlapping(_all(), connection, camera_id, from_us, to_us))
            ]

    def facts(self, camera_id: str, from_us: int, to_us: int) -> list[SegmentFacts]:
        """What overlaps `[from_us, to_us)`, by start, without what only a time axis needs."""
        columns = [DISKS.c.dst, *(_S[name] for name in SegmentFacts._fields[1:])]
        query = select(*columns).join_from(SEGMENTS, DISKS)
        with self._database.reading() as connection:
            rows = connection.execute(_overlapping(query, connection, camera_id, from_us, to_us))
            return [SegmentFacts._make(row) for row in rows]

    def page(
        self, camera_id: str, from_us: int, to_us: int, *, limit: int, after_us: int | None = None
    ) -> list[Segment]:
        """Up to `limit` of those that overlap `[from_us, to_us)`, by start; only those that start after `after_us`."""
        with self._database.reading() as connection:
            query = _overlapping(_all(), connection, camera_id, from_us, to_us).limit(limit)
            if after_us is not None:
                query = query.where(_S.start_us > after_us)
            return [_segment(row) for row in connection.execute(query)]

    def spans(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> dict[str, list[Span]]:
        """Only the times of what overlaps, per camera by start; cheap enough for months of many cameras."""
        columns = select(_S.start_us, _S.end_us, _S.frames)
        with self._database.reading() as connection:
            return {
                camera_id: [
                    Span(*row)
                    for row in connection.execute(_overlapping(columns, connection, camera_id, from_us, to_us))
                ]
                for camera_id in camera_ids
            }

    def oldest(self, dst: str, camera_id: str, limit: int, from_us: int = 0) -> list[OldSegment]:
        """Up to `limit` of a camera's segments in a folder that start at `from_us` or later, oldest first."""
        query = (
            select(_S.stamp, _S.start_us, _S.end_us, _S.file_bytes)
            .where(_S.camera_id == camera_id, _S.start_us >= from_us)
            .order_by(_S.start_us)
            .limit(limit)
        )
        with self._database.reading() as connection:
            disk_id = self._disks.find_id(connection, dst)
            rows = connection.execute(query.where(_S.disk_id == disk_id))
            return [OldSegment(SegmentKey(dst, camera_id, row.stamp), *row[1:]) for row in rows]

    def newest_before(self, at_us: int) -> int | None:
        """The latest start of any segment that starts before the instant."""
        newest = select(func.max(_S.start_us)).where(
            _S.disk_id == CAMERA_TOTALS.c.disk_id, _S.camera_id == CAMERA_TOTALS.c.camera_id, _S.start_us < at_us
        )
        query = select(func.max(newest.scalar_subquery())).select_from(CAMERA_TOTALS)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def first_day(self, dst: str) -> str | None:
        """The oldest day folder of which the catalog holds anything."""
        query = select(func.min(DAY_TOTALS.c.day))
        with self._database.reading() as connection:
            disk_id = self._disks.find_id(connection, dst)
            return connection.execute(query.where(DAY_TOTALS.c.disk_id == disk_id)).scalar_one_or_none()

    def is_empty_day(self, dst: str, day: str) -> bool:
        """Whether the catalog holds nothing of this day folder."""
        query = select(DAY_TOTALS.c.day).join_from(DAY_TOTALS, DISKS).where(DISKS.c.dst == dst, DAY_TOTALS.c.day == day)
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is None

    def in_day(self, dst: str, day: str) -> dict[SegmentKey, int]:
        """The segments of one day folder with their lengths of file in bytes."""
        query = (
            select(DISKS.c.dst, _S.camera_id, _S.stamp, _S.file_bytes)
            .join_from(SEGMENTS, DISKS)
            .where(DISKS.c.dst == dst, _S.stamp >= day + ".", _S.stamp < day + "/")
        )
        with self._database.reading() as connection:
            cameras = connection.execute(
                select(CAMERA_TOTALS.c.camera_id).join_from(CAMERA_TOTALS, DISKS).where(DISKS.c.dst == dst)
            ).scalars()
            return {
                SegmentKey(*row[:3]): row[3]
                for camera_id in list(cameras)
                for row in connection.execute(query.where(_S.camera_id == camera_id))
            }

    def days(self, dst: str) -> list[str]:
        """The day folders of which the catalog holds segments, sorted."""
        query = (
            select(DAY_TOTALS.c.day)
            .distinct()
            .join_from(DAY_TOTALS, DISKS)
            .where(DISKS.c.dst == dst)
            .order_by(DAY_TOTALS.c.day)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def count(self) -> int:
        """How many segments the catalog holds."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.sum(CAMERA_TOTALS.c.segments), 0))).scalar_one())


def _by_dst(keys: Iterable[SegmentKey]) -> dict[str, list[SegmentKey]]:
    groups: dict[str, list[SegmentKey]] = {}
    for key in keys:
        groups.setdefault(key.dst, []).append(key)
    return groups


# Any: rows and columns of several types.
def _values(segment: Segment, disk_id: int) -> dict[str, Any]:
    facts = {name: getattr(segment, name) for name in _FACTS}
    return {"camera_id": segment.camera_id, "stamp": segment.stamp, "disk_id": disk_id, **facts}


def _all() -> Select[Any]:
    return select(DISKS.c.dst, _S.camera_id, _S.stamp, *(_S[name] for name in _FACTS)).join_from(SEGMENTS, DISKS)


def _segment(row: Row[Any]) -> Segment:
    return Segment(**row._mapping)


def _overlapping(query: Select[Any], connection: Connection, camera_id: str, from_us: int, to_us: int) -> Select[Any]:
    longest = select(func.max(CAMERA_TOTALS.c.longest_us)).where(CAMERA_TOTALS.c.camera_id == camera_id)
    longest_us = min(connection.execute(longest).scalar_one_or_none() or 0, FURTHEST_BACK_US)
    return query.where(
        _S.camera_id == camera_id, _S.start_us >= from_us - longest_us, _S.start_us < to_us, _S.end_us > from_us
    ).order_by(_S.start_us, _S.end_us)
