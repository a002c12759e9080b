"""Spans that the reaper never touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.paging import of_cameras, page_of
from pynvr.store.tables import KEEPS

_K = KEEPS.c


@dataclass(frozen=True, slots=True)
class Keep:
    """A kept span of a camera. `made_by`: name of a user or token, empty = PyNVR itself."""

    id: int
    camera_id: str
    start_us: int
    end_us: int
    reason: str
    made_by: str
    made_us: int


class Keeps:
    """Table `keeps`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, camera_id: str, start_us: int, end_us: int, *, reason: str, made_by: str, now_us: int) -> Keep:
        """Keep a span; raises StoreError if it is empty or the camera's id isn't one."""
        values = {"camera_id": camera_id, "start_us": start_us, "end_us": end_us, "reason": reason, "made_by": made_by}
        with self._database.writing() as connection:
            statement = insert(KEEPS).values(**values, made_us=now_us).returning(_K.id)
            row_id = connection.execute(statement).scalar_one()
        return Keep(row_id, camera_id, start_us, end_us, reason, made_by, now_us)

    def remove(self, keep_id: int) -> Keep | None:
        """End a keep, which is returned; None if there is none of this id."""
        with self._database.writing() as connection:
            row = connection.execute(delete(KEEPS).where(_K.id == keep_id).returning(KEEPS)).first()
        return None if row is None else _keep(row)

    def all(self) -> list[Keep]:
        """Every keep, by camera and start."""
        with self._database.reading() as connection:
            rows = connection.execute(select(KEEPS).order_by(_K.camera_id, _K.start_us, _K.id))
            return [_keep(row) for row in rows]

    def page(
        self, camera_ids: Sequence[str] | None, from_us: int, to_us: int, *, limit: int, offset: int = 0
    ) -> tuple[list[Keep], int]:
        """Keeps that overlap `[from_us, to_us)` by start, and how many there are in all; None = of every camera."""
        conditions = [_K.start_us < to_us, _K.end_us > from_us, *of_cameras(_K.camera_id, camera_ids)]
        order = _K.start_us, _K.id
        return page_of(self._database, KEEPS, conditions, order, limit=limit, offset=offset, as_value=_keep)

    def between(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> list[Keep]:
        """The keeps of these cameras that overlap `[from_us, to_us)`, by camera and start."""
        query = select(KEEPS).where(_K.camera_id.in_(camera_ids), _K.start_us < to_us, _K.end_us > from_us)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_K.camera_id, _K.start_us, _K.id))
            return [_keep(row) for row in rows]


def _keep(row: Any) -> Keep:  # Any: a row of several types
    return Keep(**row._mapping)
