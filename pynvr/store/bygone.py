"""What lies before a camera's oldest recording, in few rows: mode `motion` leaves hundreds a day of a busy camera.

As long as there is video around it, what was left out is told as that. Later it is gone as the video is: deleted and
left-out spans that touch become one span of `deletions`. Coverage's sum of both stays the same, to the microsecond, and
what lies between them (outages) stays as it is.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from pynvr.store.database import Database
from pynvr.store.deletions import JOIN_WITHIN_US, DeletedSpan, joined

# Rows in one transaction: short enough that nobody else waits long.
AT_ONCE = 500

_NEXT_CAMERA = "select min(camera_id) from omissions where camera_id > ?"
_KEEPS = "select start_us, end_us from keeps where camera_id = ? order by start_us"
_OLDEST = "select start_us, end_us from segments where camera_id = ? and start_us >= ? order by start_us limit 1"
_LEFT_OUT = """
select start_us, end_us from omissions where camera_id = ? and start_us >= ? and start_us < ? and end_us <= ?
order by start_us limit ?"""
# They lie apart, so none before the last that begins by then reaches so far.
_DELETED = """
select start_us, end_us from deletions where camera_id = ?1 and start_us <= ?3 and end_us >= ?2
and start_us >= coalesce((select max(start_us) from deletions where camera_id = ?1 and start_us <= ?2), 0)
order by start_us"""
_REMOVE = "delete from {} where camera_id = ? and start_us = ?"
_INSERT = "insert into deletions (camera_id, start_us, end_us) values (?, ?, ?)"

_Stretch = tuple[int, int]


class Bygone:
    """Of `deletions` and `omissions`, those that lie before what a camera still has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def join(self, most: int = AT_ONCE) -> int:
        """Move up to `most` left-out spans to the deleted ones that they touch; how many, fewer = none is left.

        For a catalog that knows all recordings: what is older than the oldest it knows counts as gone. What a keep
        protects doesn't: around the video in it, what was left out is still told as that. Each camera has a transaction
        of its own; who loses one does the same again.
        """
        moved = 0
        with self._database.reading() as connection:
            waiting = [one for one in _cameras(connection) if _left_out(connection, one, 1)]
        for camera_id in waiting:
            if moved < most:
                with self._database.writing(durable=False) as connection:
                    moved += _join(connection, camera_id, most - moved)
        return moved


def _cameras(connection: Connection) -> list[str]:
    """Those that anything was left out of; not read row by row, for there may be millions."""
    found: list[str] = []
    while (row := connection.exec_driver_sql(_NEXT_CAMERA, (found[-1] if found else "",)).one())[0] is not None:
        found.append(row[0])
    return found


def _left_out(connection: Connection, camera_id: str, most: int) -> list[list[_Stretch]]:
    """Spans that nothing holds any more, the oldest first; those of one list lie in one stretch."""
    found: list[list[_Stretch]] = []
    for from_us, to_us in _gone_stretches(connection, camera_id):
        values = camera_id, from_us, to_us, to_us, most
        spans = [(row[0], row[1]) for row in connection.exec_driver_sql(_LEFT_OUT, values)]
        most -= len(spans)
        if spans:
            found.append(spans)
        if most <= 0:
            break
    return found


def _gone_stretches(connection: Connection, camera_id: str) -> list[_Stretch]:
    """What lies before the oldest segment that no keep holds, without the keeps; nothing if there is none."""
    keeps: list[_Stretch] = [(row[0], row[1]) for row in connection.exec_driver_sql(_KEEPS, (camera_id,))]
    at_us = 0
    while (oldest := connection.exec_driver_sql(_OLDEST, (camera_id, at_us)).first()) is not None:
        held_until_us = [end_us for start_us, end_us in keeps if start_us < oldest[1] and end_us > oldest[0]]
        if not held_until_us:
            break
        at_us = max(held_until_us)
    if oldest is None:
        return []
    stretches, at_us = [], 0
    for start_us, end_us in keeps:
        stretches.append((at_us, min(start_us, oldest[0])))
        at_us = max(at_us, end_us)
    stretches.append((at_us, oldest[0]))
    return [stretch for stretch in stretches if stretch[0] < stretch[1]]


def _join(connection: Connection, camera_id: str, most: int) -> int:
    moved = 0
    for spans in _left_out(connection, camera_id, most):
        _move(connection, camera_id, spans)
        moved += len(spans)
    return moved


def _move(connection: Connection, camera_id: str, spans: Sequence[_Stretch]) -> None:
    reach = spans[0][0] - JOIN_WITHIN_US, max(end_us for _, end_us in spans) + JOIN_WITHIN_US
    before = [(row[0], row[1]) for row in connection.exec_driver_sql(_DELETED, (camera_id, *reach))]
    after = [(one.start_us, one.end_us) for one in joined(DeletedSpan(camera_id, *span) for span in (*spans, *before))]
    _remove(connection, "omissions", camera_id, spans)
    stay = {*before} & {*after}
    _remove(connection, "deletions", camera_id, [span for span in before if span not in stay])
    added = [(camera_id, *span) for span in after if span not in stay]
    if added:
        connection.exec_driver_sql(_INSERT, added)


def _remove(connection: Connection, table: str, camera_id: str, spans: Sequence[_Stretch]) -> None:
    if spans:
        connection.exec_driver_sql(_REMOVE.format(table), [(camera_id, start_us) for start_us, _ in spans])
