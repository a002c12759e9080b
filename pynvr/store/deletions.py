"""What was recorded and has been deleted since, so that coverage can tell it from what was never recorded."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.tables import DELETIONS

_D = DELETIONS.c
# Segments that follow each other differ by a frame or two; cameras with less than a frame a second are rare.
JOIN_WITHIN_US = 3_000_000


class DeletedSpan(NamedTuple):
    """A camera's video from `start_us` to `end_us` (exclusive) was deleted by retention."""

    camera_id: str
    start_us: int
    end_us: int


class Deletions:
    """Table `deletions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, spans: Iterable[DeletedSpan]) -> None:
        """Note deleted spans; those that touch (within `JOIN_WITHIN_US`) become one row, whatever their order."""
        by_camera: dict[str, list[DeletedSpan]] = {}
        for span in spans:
            by_camera.setdefault(span.camera_id, []).append(span)
        with self._database.writing() as connection:
            for camera_id, group in by_camera.items():
                for span in joined(group):
                    _add(connection, camera_id, span)

    def between(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> dict[str, list[DeletedSpan]]:
        """Per camera, in order: all spans that overlap `[from_us, to_us)`."""
        with self._database.reading() as connection:
            return {
                camera_id: [
                    DeletedSpan(*row)
                    for row in connection.execute(
                        select(_D.camera_id, _D.start_us, _D.end_us)
                        .where(_D.camera_id == camera_id, _D.start_us < to_us, _D.end_us > from_us)
                        .order_by(_D.start_us)
                    )
                ]
                for camera_id in camera_ids
            }

    def around(self, camera_id: str, from_us: int, to_us: int) -> list[DeletedSpan]:
        """The last span that starts before the period, and the first that starts at its end or later."""
        columns = select(_D.camera_id, _D.start_us, _D.end_us).where(_D.camera_id == camera_id)
        before = columns.where(_D.start_us < from_us).order_by(_D.start_us.desc()).limit(1)
        after = columns.where(_D.start_us >= to_us).order_by(_D.start_us).limit(1)
        with self._database.reading() as connection:
            return [DeletedSpan(*row) for query in (before, after) for row in connection.execute(query)]


def joined(spans: Iterable[DeletedSpan]) -> list[DeletedSpan]:
    """The spans of one camera, sorted, those that touch made one."""
    result: list[DeletedSpan] = []
    for span in sorted(spans, key=lambda span: span.start_us):
        if result and span.start_us - result[-1].end_us <= JOIN_WITHIN_US:
            result[-1] = result[-1]._replace(end_us=max(result[-1].end_us, span.end_us))
        else:
            result.append(span)
    return result


def _add(connection: Connection, camera_id: str, span: DeletedSpan) -> None:
    touching = (
        _D.camera_id == camera_id,
        _D.start_us <= span.end_us + JOIN_WITHIN_US,
        _D.end_us >= span.start_us - JOIN_WITHIN_US,
    )
    rows = connection.execute(select(_D.start_us, _D.end_us).where(*touching)).all()
    start_us = min([span.start_us, *(row.start_us for row in rows)])
    end_us = max([span.end_us, *(row.end_us for row in rows)])
    connection.execute(delete(DELETIONS).where(*touching))
    connection.execute(insert(DELETIONS).values(camera_id=camera_id, start_us=start_us, end_us=end_us))
