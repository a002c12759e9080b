"""One page of a table's rows, with how many there are in all."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, func, select

from pynvr.store.database import Database

T = TypeVar("T")
Conditions = list[ColumnElement[bool]]


def of_cameras(camera_id: ColumnElement[str], camera_ids: Sequence[str] | None) -> Conditions:
    """Rows of these cameras; None = of every camera."""
    return [] if camera_ids is None else [camera_id.in_(camera_ids)]


def page_of(
    database: Database,
    table: Table,
    conditions: Conditions,
    order: Sequence[ColumnElement[Any]],
    *,
    limit: int,
    offset: int,
    as_value: Callable[[Any], T],
    query: Select[Any] | None = None,
) -> tuple[list[T], int]:
    """The values of up to `limit` rows of `table` that meet the conditions, behind `offset` others; how many there are.

    `query`: what is read of each, where that is more than the table's own columns; it joins one row to each.
    """
    chosen = (select(table) if query is None else query).where(*conditions).order_by(*order)
    with database.reading() as connection:
        total = connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
        rows = connection.execute(chosen.limit(limit).offset(offset))
        return [as_value(row) for row in rows], int(total)
