"""Finished days of cameras as the time axis shows them, kept beyond the life of the process that made them."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from pynvr.store.axis import DayMark
from pynvr.store.database import Database
from pynvr.store.segments import Span
from pynvr.store.tables import DAY_TILES

_RUN = struct.Struct(">qqq")
_D = DAY_TILES.c
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
        query = select(DAY_TILES).where(_D.camera_id == camera_id, _D.day.between(first, last))
        with self._database.reading() as connection:
            return {
                row.day: DayTile(
                    camera_id,
                    row.day,
                    DayMark(row.segments, row.frames, row.file_bytes, row.recorded_us),
                    row.last_us,
                    tuple(Span(*run) for run in _RUN.iter_unpack(row.runs)),
                    row.start_s,
                    row.levels,
                )
                for row in connection.execute(query)
            }

    def put(self, tiles: Sequence[DayTile]) -> None:
        """Keep them, in place of what was there of the same days."""
        for first in range(0, len(tiles), _AT_ONCE):
            with self._database.writing() as connection:
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
