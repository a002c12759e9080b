"""Finished days of cameras as the time axis shows them, kept beyond the life of the process that made them."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.axis import DayMark, raw_execute
from pynvr.store.database import Database
from pynvr.store.segments import Span
from pynvr.store.tables import DAY_TILES

_RUN = struct.Struct(">qqq")
_D = DAY_TILES.c
_BETWEEN = """
select day, segments, frames, file_bytes, recorded_us, last_us, runs, start_s, levels from day_tiles
where camera_id = ? and day between ? and ?"""
# Rows in one transaction: short enough that the finisher doesn't wait.
_AT_ONCE = 100


class DayTile(NamedTuple):
    """A row: for `mark`, `last_us`, `runs`, `start_s` and `levels` see migrations/0003_day_tiles.sql."""

    camera_id: str
    day: str
    mark: DayMark
    last_us: int
    runs: tuple[Span, ...]
    start_s: int
    levels: bytes


class DayTiles:
    """Table `day_tiles`: a cache; whatever is in it can be made again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(self, camera_id: str, first: str, last: str) -> dict[str, DayTile]:
        """The camera's tiles of the days `YYYYMMDD` (both included), by day; their marks may be old."""
        with self._database.reading() as connection:
            rows = raw_execute(connection)(_BETWEEN, (camera_id, first, last)).fetchall()
        return {
            day: DayTile(
                camera_id,
                day,
                DayMark(*mark),
                last_us,
                tuple(Span(*run) for run in _RUN.iter_unpack(runs)),
                start_s,
                levels,
            )
            for day, *mark, last_us, runs, start_s, levels in rows
        }

    def put(self, tiles: Sequence[DayTile]) -> None:
        """Keep them, in place of what was there of the same days. Who loses them makes them again."""
        for first in range(0, len(tiles), _AT_ONCE):
            with self._database.writing(durable=False) as connection:
                for tile in tiles[first : first + _AT_ONCE]:
                    key = (_D.camera_id == tile.camera_id, _D.day == tile.day)
                    connection.execute(delete(DAY_TILES).where(*key))
                    values = {
                        "camera_id": tile.camera_id,
                        "day": tile.day,
                        "last_us": tile.last_us,
                        "runs": b"".join(_RUN.pack(*run) for run in tile.runs),
                        "start_s": tile.start_s,
                        "levels": tile.levels,
                    }
                    connection.execute(insert(DAY_TILES).values(**values, **tile.mark._asdict()))
