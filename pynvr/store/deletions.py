"""What was recorded and isn't there any more, so that coverage can tell it from what was never recorded.

Two tables of one form: `deletions` by retention, and `omissions`, in which nothing moved.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.model.cause import Cause
from pynvr.store.database import Database
from pynvr.store.tables import DELETIONS

# Segments that follow each other differ by a frame or two; cameras with less than a frame a second are rare.
JOIN_WITHIN_US = 3_000_000


class DeletedSpan(NamedTuple):
    """A camera's video from `start_us` to `end_us` (exclusive) isn't there any more; `cause`: why."""

    camera_id: str
    start_us: int
    end_us: int
    cause: Cause = Cause.DELETED


class Deletions:
    """Table `deletions`, or another of its form. `cause`: of all spans in it."""

    def __init__(self, database: Database, table: Table = DELETIONS, cause: Cause = Cause.DELETED) -> None:
        self._database = database
        self._table = table
        self._cause = cause

    def add(self, spans: Iterable[DeletedSpan]) -> None:
        """Note deleted spans; those that touch (within `JOIN_WITHIN_US`) become one row, whatever their order."""
        by_camera: dict[str, list[DeletedSpan]] = {}
        for span in spans:
            by_camera.setdefault(span.camera_id, []).append(span)
        with self._database.writing() as connection:
            for camera_id, group in by_camera.items():
                for span in joined(group):
                    self._add(connection, camera_id, span)

    def between(self, camera_ids: Sequence[str], from_us: int, to_us: int) -> dict[str, list[DeletedSpan]]:
        """Per camera, in order: all spans that overlap `[from_us, to_us)`."""
        columns = self._table.c
        with self._database.reading() as connection:
            return {
                camera_id: [
                    DeletedSpan(*row, self._cause)
                    for row in connection.execute(
                        select(columns.camera_id, columns.start_us, columns.end_us)
                        .where(*self._of(camera_id, from_us), columns.start_us < to_us, columns.end_us > from_us)
                        .order_by(columns.start_us)
                    )
                ]
                for camera_id in camera_ids
            }

    def _add(self, connection: Connection, camera_id: str, span: DeletedSpan) -> None:
        columns = self._table.c
        touching = (
            *self._of(camera_id, span.start_us - JOIN_WITHIN_US),
            columns.start_us <= span.end_us + JOIN_WITHIN_US,
            columns.end_us >= span.start_us - JOIN_WITHIN_US,
        )
        rows = connection.execute(select(columns.start_us, columns.end_us).where(*touching)).all()
        start_us = min([span.start_us, *(row.start_us for row in rows)])
        end_us = max([span.end_us, *(row.end_us for row in rows)])
        connection.execute(delete(self._table).where(*touching))
        connection.execute(insert(self._table).values(camera_id=camera_id, start_us=start_us, end_us=end_us))

    def _of(self, camera_id: str, from_us: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """The camera's spans from the last that begins by then on: they lie apart, so none before it reaches so far.

        Mode motion leaves a hundred thousand a year.
        """
        columns = self._table.c
        begun = select(func.max(columns.start_us)).where(columns.camera_id == camera_id, columns.start_us <= from_us)
        return columns.camera_id == camera_id, columns.start_us >= func.coalesce(begun.scalar_subquery(), 0)


def joined(spans: Iterable[DeletedSpan]) -> list[DeletedSpan]:
    """The spans of one camera, sorted, those that touch made one."""
    result: list[DeletedSpan] = []
    for span in sorted(spans, key=lambda span: span.start_us):
        if result and span.start_us - result[-1].end_us <= JOIN_WITHIN_US:
            result[-1] = result[-1]._replace(end_us=max(result[-1].end_us, span.end_us))
        else:
            result.append(span)
    return result
