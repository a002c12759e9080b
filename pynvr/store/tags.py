"""Labelled moments and spans of a camera, put there by a person, a detector or a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.database import Database
from pynvr.store.paging import Conditions, of_cameras, page_of
from pynvr.store.tables import TAGS

LONGEST_LABEL = 200
# Of a camera; about 100 MB. A detector that runs wild must not fill the disk.
MOST_TAGS = 500_000

_T = TAGS.c


@dataclass(frozen=True, slots=True)
class Tag:
    """A label. `end_us` is `start_us` for a moment. `made_by`: name of a user or token, empty = PyNVR itself."""

    id: int
    camera_id: str
    start_us: int
    end_us: int
    label: str
    made_by: str
    made_us: int


class Tags:
    """Table `tags`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, camera_id: str, start_us: int, end_us: int, *, label: str, made_by: str, now_us: int) -> Tag:
        """Put a label; raises StoreError if it is too long, the span is reversed, or the camera's id isn't one."""
        values = {"camera_id": camera_id, "start_us": start_us, "end_us": end_us, "label": label, "made_by": made_by}
        with self._database.writing() as connection:
            statement = insert(TAGS).values(**values, made_us=now_us).returning(_T.id)
            row_id = connection.execute(statement).scalar_one()
        return Tag(row_id, camera_id, start_us, end_us, label, made_by, now_us)

    def count(self, camera_id: str) -> int:
        """How many labels the camera has."""
        query = select(func.count()).where(_T.camera_id == camera_id)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def rename(self, tag_id: int, label: str) -> Tag | None:
        """Put other words to it; None if there is none of this id. Raises StoreError if they are too long."""
        with self._database.writing() as connection:
            statement = update(TAGS).where(_T.id == tag_id).values(label=label).returning(TAGS)
            row = connection.execute(statement).first()
        return None if row is None else _tag(row)

    def remove(self, tag_id: int) -> Tag | None:
        """Take a label away, which is returned; None if there is none of this id."""
        with self._database.writing() as connection:
            row = connection.execute(delete(TAGS).where(_T.id == tag_id).returning(TAGS)).first()
        return None if row is None else _tag(row)

    def page(
        self,
        camera_ids: Sequence[str] | None,
        from_us: int,
        to_us: int,
        *,
        words: str = "",
        newest_first: bool = False,
        limit: int = 1000,
        offset: int = 0,
    ) -> tuple[list[Tag], int]:
        """Labels that touch `[from_us, to_us)` by start, and how many there are in all.

        `camera_ids` None = of every camera. `words`: only labels that hold this text, in either case of ASCII letters.
        """
        conditions: Conditions = [_T.start_us < to_us, _touches(from_us), *of_cameras(_T.camera_id, camera_ids)]
        if words:
            conditions.append(_T.label.icontains(words, autoescape=True))
        order = (_T.start_us.desc(), _T.id.desc()) if newest_first else (_T.start_us, _T.id)
        return page_of(self._database, TAGS, conditions, order, limit=limit, offset=offset, as_value=_tag)

    def between(self, camera_ids: Sequence[str], from_us: int, to_us: int, limit: int) -> list[Tag]:
        """Up to `limit` labels of these cameras that touch `[from_us, to_us)`, by start."""
        # Two questions, an index each: what began long ago and is over is never looked at. With its start as a mere
        # figure, SQLite doesn't read on from the first tag of all.
        start_us = _T.start_us + 0
        reaching = (start_us < min(from_us, to_us), _T.end_us > from_us, _T.end_us > _T.start_us)
        begun = (_T.start_us >= from_us, _T.start_us < to_us)
        found: list[Tag] = []
        with self._database.reading() as connection:
            for conditions, order in ((reaching, start_us), (begun, _T.start_us)):
                query = select(TAGS).where(_T.camera_id.in_(camera_ids), *conditions).order_by(order, _T.id)
                rows = connection.execute(query.limit(limit - len(found)))
                found += [_tag(row) for row in rows]
        return found


def _touches(from_us: int) -> ColumnElement[bool]:
    """A span ends after the period's start; a moment lies at it or after it."""
    return (_T.end_us > from_us) | (_T.start_us >= from_us)


def _tag(row: Any) -> Tag:  # Any: a row of several types
    return Tag(**row._mapping)
