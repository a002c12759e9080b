"""What detectors saw: in which picture, where in it, how surely."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.model.box import Box
from pynvr.store.database import Database
from pynvr.store.paging import Conditions, of_cameras, page_of
from pynvr.store.tables import DETECTIONS

# Of a camera; about 100 MB. A detector that runs wild must not fill the disk.
MOST_DETECTIONS = 500_000

_D = DETECTIONS.c


@dataclass(frozen=True, slots=True)
class Detection:
    """Something seen. `kind`: motion, face, …; `image_path`: below jpg_cache_dir, empty = no picture.

    `made_by`: name of a user or token, empty = PyNVR's analyser.
    """

    id: int
    camera_id: str
    at_us: int
    kind: str
    confidence: float
    box: Box | None = None
    image_path: str = ""
    made_by: str = ""


class Detections:
    """Table `detections`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, detection: Detection) -> Detection:
        """Store it, its id is given; raises StoreError if the camera's id, the kind or a figure can't be one."""
        box = detection.box or (None, None, None, None)
        values = {
            "camera_id": detection.camera_id,
            "at_us": detection.at_us,
            "kind": detection.kind,
            "confidence": detection.confidence,
            **dict(zip(("box_x", "box_y", "box_width", "box_height"), box, strict=True)),
            "image_path": detection.image_path,
            "made_by": detection.made_by,
        }
        with self._database.writing() as connection:
            row_id = connection.execute(insert(DETECTIONS).values(**values).returning(_D.id)).scalar_one()
        return replace(detection, id=row_id)

    def get(self, detection_id: int) -> Detection | None:
        with self._database.reading() as connection:
            row = connection.execute(select(DETECTIONS).where(_D.id == detection_id)).first()
        return None if row is None else detection_of(row)

    def count(self, camera_id: str) -> int:
        """How many the camera has."""
        query = select(func.count()).where(_D.camera_id == camera_id)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def remove(self, detection_id: int) -> str | None:
        """Delete it and its alert. Gives the picture's path if nothing else uses it, else ""; None: no such id."""
        with self._database.writing() as connection:
            row = connection.execute(
                delete(DETECTIONS).where(_D.id == detection_id).returning(_D.image_path)
            ).one_or_none()
            if row is None:
                return None
            path = str(row.image_path)
            used = connection.execute(select(_D.id).where(_D.image_path == path, _D.image_path != "").limit(1)).first()
        return "" if used else path

    def page(
        self,
        camera_ids: Sequence[str] | None,
        from_us: int,
        to_us: int,
        *,
        kind: str = "",
        least_confidence: float = 0.0,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[list[Detection], int]:
        """Those in `[from_us, to_us)`, newest first, and how many there are in all; None = of every camera."""
        conditions: Conditions = [_D.at_us >= from_us, _D.at_us < to_us, *of_cameras(_D.camera_id, camera_ids)]
        if kind:
            conditions.append(_D.kind == kind)
        if least_confidence > 0:
            conditions.append(_D.confidence >= least_confidence)
        order = _D.at_us.desc(), _D.id.desc()
        return page_of(self._database, DETECTIONS, conditions, order, limit=limit, offset=offset, as_value=detection_of)

    def marks(self, camera_id: str, from_us: int, to_us: int, most: int) -> list[tuple[int, str]]:
        """Instant and kind of the camera's in `[from_us, to_us)`, by time; of more than `most` the newest."""
        query = (
            select(_D.at_us, _D.kind)
            .where(_D.camera_id == camera_id, _D.at_us >= from_us, _D.at_us < to_us)
            .order_by(_D.at_us.desc())
            .limit(most)
        )
        with self._database.reading() as connection:
            return [(row[0], row[1]) for row in reversed(connection.execute(query).all())]

    def instants(self, camera_id: str, from_us: int, to_us: int) -> list[int]:
        """When something of the camera was seen in `[from_us, to_us)`, each instant once, by time."""
        query = select(_D.at_us).distinct().where(_D.camera_id == camera_id, _D.at_us >= from_us, _D.at_us < to_us)
        with self._database.reading() as connection:
            return list(connection.execute(query.order_by(_D.at_us)).scalars())

    def oldest(self, before_us: int, limit: int) -> list[Detection]:
        """Up to `limit` from before the instant, oldest first."""
        query = select(DETECTIONS).where(_D.at_us < before_us).order_by(_D.at_us, _D.id).limit(limit)
        with self._database.reading() as connection:
            return [detection_of(row) for row in connection.execute(query)]

    def remove_all(self, detection_ids: Sequence[int]) -> None:
        """Delete these and their alerts, whatever uses their pictures."""
        with self._database.writing() as connection:
            connection.execute(delete(DETECTIONS).where(_D.id.in_(detection_ids)))


def detection_of(row: Any) -> Detection:  # Any: a row of several types
    box = None if row.box_x is None else Box(row.box_x, row.box_y, row.box_width, row.box_height)
    return Detection(row.id, row.camera_id, row.at_us, row.kind, row.confidence, box, row.image_path, row.made_by)
