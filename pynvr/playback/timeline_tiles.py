"""A camera's day as the time axis shows it, made of the catalog's rows and held as long as the rows stay the same.

A finished day never changes but by deletion, and today only grows at its end: a tile is checked against the day's
figures in the catalog and goes on where it ended.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pynvr.model.ticks import MICROSECONDS
from pynvr.store.axis import Axis, AxisRow, DayMark
from pynvr.store.by_the_way import ByTheWay
from pynvr.store.coverage import LEAST_TOLERANCE_US, tolerance_us
from pynvr.store.day_tiles import DayTile, DayTiles
from pynvr.store.segments import Span

# One byte a unit of time: 0 = not recorded, else activity + 1.
NOT_RECORDED = 0
_LEVELS = bytes(min(value, 254) + 1 for value in range(256))
_QUIET = _LEVELS[:1]
# Of a strip: a day of 25 hours, with a segment that reaches over its end.
_LONGEST_S = 3 * 86_400
_A_MINUTE_S = 60
# A day whose last segment is so old rarely gets another.
_FINISHED_US = 2 * 3600 * MICROSECONDS


class Tiles:
    """The tiles used last, at most `most` of them, for all threads of a process.

    `unit_s`: seconds to a level. `shelf`: where finished days outlive the process; its units are minutes.
    """

    def __init__(self, axis: Axis, by_the_way: ByTheWay, unit_s: int, most: int, shelf: DayTiles | None = None) -> None:
        self.unit_s = unit_s
        self._axis = axis
        self._by_the_way = by_the_way
        self._most = most
        self._shelf = shelf
        self._lock = threading.Lock()
        self._tiles: OrderedDict[tuple[str, str], DayTile] = OrderedDict()

    def of(self, marks: Mapping[str, Mapping[str, DayMark]], now_us: int) -> dict[str, list[DayTile]]:
        """Per camera its days in order; `marks`: how the catalog has them now. Raises StoreError."""
        made: list[DayTile] = []
        tiles = {camera_id: self._of_camera(camera_id, days, made) for camera_id, days in marks.items()}
        finished = [tile for tile in made if tile.last_us < now_us - _FINISHED_US]
        if self._shelf is not None and finished:
            self._by_the_way.note("finished days of the time axis", partial(self._shelf.put, finished))
        return tiles

    def _of_camera(self, camera_id: str, marks: Mapping[str, DayMark], made: list[DayTile]) -> list[DayTile]:
        known = self._known(camera_id, marks)
        lacking = [day for day, mark in marks.items() if day not in known or known[day].mark != mark]
        if self._shelf is not None and any(day not in known for day in lacking):
            shelved = self._shelf.between(camera_id, min(lacking), max(lacking))
            known |= {day: shelved[day] for day in lacking if day in shelved and shelved[day].mark == marks[day]}
        for day in lacking:
            if day not in known or known[day].mark != marks[day]:
                known[day] = self._made(camera_id, day, marks[day], known.get(day))
                made.append(known[day])
        tiles = [known[day] for day in sorted(marks)]
        self._keep(tiles)
        return tiles

    def _known(self, camera_id: str, days: Iterable[str]) -> dict[str, DayTile]:
        with self._lock:
            return {day: tile for day in days if (tile := self._tiles.get((camera_id, day))) is not None}

    def _keep(self, tiles: Iterable[DayTile]) -> None:
        with self._lock:
            for tile in tiles:
                key = (tile.camera_id, tile.day)
                self._tiles[key] = tile
                self._tiles.move_to_end(key)
            while len(self._tiles) > self._most:
                self._tiles.popitem(last=False)

    def _made(self, camera_id: str, day: str, mark: DayMark, known: DayTile | None) -> DayTile:
        if known is not None and mark.segments > known.mark.segments:
            tile = tile_of(camera_id, day, self._axis.of_day(camera_id, day, known.last_us), self.unit_s, known)
            if tile.mark == mark:
                return tile
        return tile_of(camera_id, day, self._axis.of_day(camera_id, day), self.unit_s)


def tile_of(camera_id: str, day: str, rows: Sequence[AxisRow], unit_s: int, before: DayTile | None = None) -> DayTile:
    """The tile of these rows, which are in order of time; `before`: of those that all start earlier."""
    start_s = before.start_s if before else rows[0][0] // MICROSECONDS // unit_s * unit_s if rows else 0
    strip = Strip(start_s, unit_s, before.levels if before else b"")
    strip.reach(max((row[1] for row in rows), default=0))
    strip.fill(rows)
    return DayTile(
        camera_id,
        day,
        _counted(before.mark if before else DayMark(0, 0, 0, 0), rows),
        max(before.last_us if before else 0, rows[-1][0] if rows else 0),
        tuple(_joined(before.runs if before else (), rows)),
        start_s,
        bytes(strip.levels),
    )


class Strip:
    """Levels along time, being filled; times before its start and far behind it are left out."""

    def __init__(self, start_s: int, unit_s: int, levels: bytes = b"") -> None:
        self.start_s = start_s
        self.unit_s = unit_s
        self.levels = bytearray(levels)

    def reach(self, end_us: int) -> None:
        """Be at least so long, within reason: a row's end may be wrong by years."""
        units = min(-(-(end_us // MICROSECONDS + 1 - self.start_s) // self.unit_s), _LONGEST_S // self.unit_s)
        if units > len(self.levels):
            self.levels += bytes(units - len(self.levels))

    def fill(self, rows: Iterable[AxisRow]) -> None:
        """Each unit gets the highest activity of the seconds in it; a row's seconds are rounded to whole ones."""
        levels, start_s = self.levels, self.start_s
        longest_s = len(levels) * self.unit_s
        for start_us, end_us, _, _, activity in rows:
            at_s = (start_us + MICROSECONDS // 2) // MICROSECONDS - start_s
            told = activity.translate(_LEVELS)
            # A recording whose activity isn't known is shown as a quiet one.
            told += _QUIET * max(0, min((end_us - start_us) // MICROSECONDS, longest_s) - len(told))
            if at_s < 0:
                told, at_s = told[-at_s:], 0
            told = told[: longest_s - at_s]
            if self.unit_s == 1:
                levels[at_s : at_s + len(told)] = told
            elif told:
                self._raise(at_s, told)

    def _raise(self, at_s: int, told: bytes) -> None:
        levels, unit_s = self.levels, self.unit_s
        unit, begins_s = at_s // unit_s, -(at_s % unit_s)
        if unit_s < _A_MINUTE_S:
            told = bytes(-begins_s) + told
            highest = [max(told[begin : begin + unit_s]) for begin in range(0, len(told), unit_s)]
            highest[0] = max(highest[0], levels[unit])
            levels[unit : unit + len(highest)] = bytes(highest)
            return
        while begins_s < len(told):
            highest_of_unit = max(told[max(begins_s, 0) : begins_s + unit_s])
            levels[unit] = max(levels[unit], highest_of_unit)
            unit += 1
            begins_s += unit_s


def _counted(mark: DayMark, rows: Sequence[AxisRow]) -> DayMark:
    return DayMark(
        mark.segments + len(rows),
        mark.frames + sum([row[2] for row in rows]),
        mark.file_bytes + sum([row[3] for row in rows]),
        mark.recorded_us + sum([row[1] - row[0] for row in rows]),
    )


def joined_runs(rows: Iterable[AxisRow]) -> list[Span]:
    """Rows in order of time, those that touch made one."""
    return _joined((), rows)


def _joined(before: Sequence[Span], rows: Iterable[AxisRow]) -> list[Span]:
    runs = list(before[:-1])
    start_us, end_us, frames = before[-1] if before else (0, 0, 0)
    last = before[-1] if before else None
    for row in rows:
        gap_us = row[0] - end_us
        # Nearly all touch at once; what is tolerated beyond that depends on the frame rate.
        if last is not None and (
            gap_us <= LEAST_TOLERANCE_US or gap_us <= tolerance_us(Span(start_us, end_us, frames))
        ):
            frames += row[2]
            end_us = max(end_us, row[1])
            continue
        if last is not None:
            runs.append(Span(start_us, end_us, frames))
        start_us, end_us, frames = last = Span(row[0], row[1], row[2])
    if last is not None:
        runs.append(Span(start_us, end_us, frames))
    return runs
