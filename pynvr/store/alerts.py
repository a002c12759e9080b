"""Detections that call for a person, and whether one has seen them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.detections import Detection, detection_of
from pynvr.store.paging import Conditions, of_cameras, page_of
from pynvr.store.tables import ALERTS, DETECTIONS

_A = ALERTS.c


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert and what was seen."""

    id: int
    viewed: bool
    detection: Detection


class Alerts:
    """Table `alerts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def follow(self, detection: Detection, cooldown_us: int) -> Alert | None:
        """Alert of a stored detection, unless one of its camera and kind lies within the cooldown of it."""
        values = {
            "detection_id": detection.id,
            "camera_id": detection.camera_id,
            "at_us": detection.at_us,
            "kind": detection.kind,
            "viewed": 0,
        }
        near = select(_A.id).where(
            _A.camera_id == detection.camera_id,
            _A.kind == detection.kind,
            _A.at_us > detection.at_us - cooldown_us,
            _A.at_us < detection.at_us + cooldown_us,
        )
        with self._database.writing() as connection:
            if connection.execute(near.limit(1)).first() is not None:
                return None
            row_id = connection.execute(insert(ALERTS).values(**values).returning(_A.id)).scalar_one()
        return Alert(row_id, False, detection)

    def get(self, alert_id: int) -> Alert | None:
        with self._database.reading() as connection:
            row = connection.execute(_joined().where(_A.id == alert_id)).first()
        return None if row is None else _alert(row)

    def after(self, alert_id: int, limit: int) -> list[Alert]:
        """Up to `limit` that were made after the one of this id, in the order in which they were made."""
        query = _joined().where(_A.id > alert_id).order_by(_A.id).limit(limit)
        with self._database.reading() as connection:
            return [_alert(row) for row in connection.execute(query)]

    def mark(self, alert_id: int, viewed: bool) -> bool:
        """Say whether a person has seen it; False if there is none of this id."""
        statement = update(ALERTS).where(_A.id == alert_id).values(viewed=int(viewed))
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount > 0

    def mark_all(self, newest_id: int, camera_ids: Sequence[str] | None = None, kind: str = "") -> int:
        """Say that a person has seen all up to an id, of these cameras and this kind; gives how many were new.

        None = of every camera, empty = of every kind.
        """
        conditions: Conditions = [_A.viewed == 0, _A.id <= newest_id, *of_cameras(_A.camera_id, camera_ids)]
        if kind:
            conditions.append(_A.kind == kind)
        with self._database.writing() as connection:
            return connection.execute(update(ALERTS).where(*conditions).values(viewed=1)).rowcount

    def remove(self, alert_id: int) -> bool:
        """Delete it, its detection stays; False if there is none of this id."""
        with self._database.writing() as connection:
            return connection.execute(delete(ALERTS).where(_A.id == alert_id)).rowcount > 0

    def newest(self) -> int:
        """Id of the alert that was made last; 0 if there is none."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.max(_A.id))).scalar_one() or 0)

    def unviewed(self, most: int) -> int:
        """How many nobody has seen; not counted further than `most`."""
        some = select(_A.id).where(_A.viewed == 0).limit(most).subquery()
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(some)).scalar_one())

    def page(
        self,
        camera_ids: Sequence[str] | None,
        from_us: int,
        to_us: int,
        *,
        kind: str = "",
        viewed: bool | None = None,
        oldest_first: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[list[Alert], int]:
        """Those in `[from_us, to_us)`, newest first unless said, and how many there are in all; None = every camera."""
        conditions: Conditions = [_A.at_us >= from_us, _A.at_us < to_us, *of_cameras(_A.camera_id, camera_ids)]
        if kind:
            conditions.append(_A.kind == kind)
        if viewed is not None:
            conditions.append(_A.viewed == int(viewed))
        order = (_A.at_us, _A.id) if oldest_first else (_A.at_us.desc(), _A.id.desc())
        return page_of(
            self._database, ALERTS, conditions, order, limit=limit, offset=offset, as_value=_alert, query=_joined()
        )


def _joined() -> Any:  # Any: a select of two tables' columns has no name in SQLAlchemy's types
    return select(_A.id.label("alert_id"), _A.viewed, DETECTIONS).join(DETECTIONS, _A.detection_id == DETECTIONS.c.id)


def _alert(row: Any) -> Alert:  # Any: a row of several types
    return Alert(row.alert_id, bool(row.viewed), detection_of(row))
