"""What lies where, added up per camera and day by triggers, so that no question needs a walk over all segments."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from pynvr.store.database import Database
from pynvr.store.paging import of_cameras
from pynvr.store.tables import CAMERA_TOTALS, DAY_TOTALS, DISKS


class DayTotal(NamedTuple):
    """A camera's day, all folders together. `day`: YYYYMMDD."""

    camera_id: str
    day: str
    segments: int
    frames: int
    file_bytes: int
    recorded_us: int


class CameraTotal(NamedTuple):
    """All that a folder holds of a camera."""

    dst: str
    camera_id: str
    segments: int
    file_bytes: int
    recorded_us: int


class Totals:
    """Tables `day_totals` and `camera_totals`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def days(
        self, camera_ids: Sequence[str] | None = None, first: str = "00000000", last: str = "99999999"
    ) -> list[DayTotal]:
        """Days that hold something, by camera and day; `first` and `last` (both included) are YYYYMMDD."""
        columns = DAY_TOTALS.c
        query = (
            select(
                columns.camera_id,
                columns.day,
                func.sum(columns.segments),
                func.sum(columns.frames),
                func.sum(columns.file_bytes),
                func.sum(columns.recorded_us),
            )
            .where(columns.day.between(first, last), *of_cameras(columns.camera_id, camera_ids))
            .group_by(columns.camera_id, columns.day)
            .order_by(columns.camera_id, columns.day)
        )
        with self._database.reading() as connection:
            return [DayTotal(*row) for row in connection.execute(query)]

    def cameras(self) -> list[CameraTotal]:
        """What each folder holds of each camera."""
        columns = CAMERA_TOTALS.c
        query = (
            select(DISKS.c.dst, columns.camera_id, columns.segments, columns.file_bytes, columns.recorded_us)
            .join_from(CAMERA_TOTALS, DISKS)
            .order_by(DISKS.c.dst, columns.camera_id)
        )
        with self._database.reading() as connection:
            return [CameraTotal(*row) for row in connection.execute(query)]
