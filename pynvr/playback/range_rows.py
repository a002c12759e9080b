"""Rows of a range's sample tables, a segment's at a time, made when a reader gets to them.

A segment's own arrays are in the index file as an MP4 has them; most are handed on as they stand.
"""

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator

from pynvr.archive.index_places import PlaceReader
from pynvr.archive.index_record import IndexTrack
from pynvr.base.errors import FootageGoneError
from pynvr.isobmff.runs import added, from_big_endian, to_big_endian, widened
from pynvr.isobmff.virtual import Table, offset_row_bytes
from pynvr.playback.footage import Footage
from pynvr.playback.range_cut import cut, first_shown
from pynvr.playback.range_plan import CUT, IN_MEMORY, RangePlan, TrackRows

_RUN = struct.Struct(">II")


class RangeRows:
    """Of one plan, for one reader."""

    def __init__(self, plan: RangePlan, footage: Footage) -> None:
        self._plan = plan
        self._footage = footage
        self._reader = PlaceReader()
        # All tables of a segment that is cut are made of the same arrays; the readers of one table after the other
        # come by each of them a few times.
        self._made: tuple[int, int, IndexTrack] | None = None

    def read(self, track: int, table: Table, start: int, end: int) -> Iterator[bytes]:
        """Bytes `[start, end)` of the rows of a table. Raises FootageGoneError."""
        rows = self._plan.tracks[track]
        sums = _sums(rows, table)
        row_bytes = self._row_bytes(table)
        segment = bisect_right(sums, start // row_bytes) - 1
        while start < end:
            first = sums[segment] * row_bytes
            data = self._of(track, table, segment) if sums[segment + 1] > sums[segment] else b""
            if len(data) != (sums[segment + 1] - sums[segment]) * row_bytes:
                raise FootageGoneError(f"the index of {self._plan.segments.stamp(segment)} changed while it was read")
            piece = data[start - first : end - first]
            if piece:
                yield piece
            start += len(piece)
            segment += 1

    def close(self) -> None:
        self._reader.close()

    def _row_bytes(self, table: Table) -> int:
        return offset_row_bytes(self._plan.header.wide) if table is Table.OFFSETS else table.row_bytes

    def _of(self, track: int, table: Table, segment: int) -> bytes:
        rows = self._plan.tracks[track]
        match table:
            case Table.SIZES:
                return self._own(track, table, segment)
            case Table.OFFSETS:
                return self._offsets(track, segment)
            case Table.DURATIONS:
                return with_last(self._own(track, table, segment), rows.last_ticks[segment])
            case Table.COMPOSITION:
                return self._own(track, table, segment) or _RUN.pack(rows.count(segment), 0)
            case Table.KEYFRAMES:
                return added(self._own(track, table, segment), table.row_bytes, rows.samples[segment] + 1)

    def _offsets(self, track: int, segment: int) -> bytes:
        segments, wide_rows = self._plan.segments, self._plan.header.wide
        is_wide = self._table(track, segment).wide if segments.form[segment] else self._plan.tracks[track].wide[segment]
        own = self._own(track, Table.OFFSETS, segment)
        moved = self._plan.header.length + segments.content[segment] - segments.begin[segment]
        if wide_rows == is_wide:
            return added(own, offset_row_bytes(wide_rows), moved)
        if wide_rows:
            return added(widened(own), 8, moved)
        # Wide in a file with a large hole, and no longer here.
        return to_big_endian(array("I", [offset + moved for offset in from_big_endian("Q", own)]))

    def _own(self, track: int, table: Table, segment: int) -> bytes:
        """The segment's own rows, with nothing moved yet."""
        if self._plan.segments.form[segment]:
            return _array(self._table(track, segment), table)
        start, length = _place_of(self._plan.tracks[track], table, segment)
        return self._reader.read(self._plan.segments.place(segment), start, length) if length else b""

    def _table(self, track: int, segment: int) -> IndexTrack:
        """The table of a segment that isn't used as it stands."""
        if self._plan.segments.form[segment] == IN_MEMORY:
            return self._plan.in_memory[segment, track]
        assert self._plan.segments.form[segment] == CUT
        if self._made is None or self._made[:2] != (segment, track):
            rows = self._plan.tracks[track]
            record = self._footage.record(self._plan.segments.piece(segment))
            own = record.video if track == 0 else record.audio
            if own is None or own.count < rows.first[segment] + rows.count(segment):
                raise FootageGoneError(f"the index of {record.stamp} changed while it was read")
            end = rows.first[segment] + rows.count(segment)
            shown_from = None
            if segment == track == 0:
                shown_from = first_shown(record.start_us, self._plan.from_us, rows.timescale)
            made = cut(own, rows.first[segment], end, rows.timescale, shown_from)
            self._made = segment, track, made.table
        return self._made[2]


def with_last(durations: bytes, last_ticks: int) -> bytes:
    """Runs of durations, of which the last sample's is made another."""
    count, ticks = _RUN.unpack_from(durations, len(durations) - _RUN.size)
    if ticks == last_ticks:
        return durations
    rest = _RUN.pack(count - 1, ticks) if count > 1 else b""
    return durations[: -_RUN.size] + rest + _RUN.pack(1, last_ticks)


def _sums(rows: TrackRows, table: Table) -> "array[int]":
    match table:
        case Table.DURATIONS:
            return rows.durations
        case Table.COMPOSITION:
            return rows.composition
        case Table.KEYFRAMES:
            return rows.keyframes
        case _:
            return rows.samples


def _place_of(rows: TrackRows, table: Table, segment: int) -> tuple[int, int]:
    """Where a table's array lies in the segment's record, and how long it is (see `TrackHead`)."""
    samples = rows.count(segment)
    offsets_bytes = samples * (8 if rows.wide[segment] else 4)
    lengths = {
        Table.SIZES: 4 * samples,
        Table.OFFSETS: offsets_bytes,
        Table.DURATIONS: rows.durations_bytes[segment],
        Table.COMPOSITION: rows.composition_bytes[segment],
        Table.KEYFRAMES: 4 * (rows.keyframes[segment + 1] - rows.keyframes[segment]),
    }
    start = rows.arrays_at[segment]
    for kind, length in lengths.items():
        if kind is table:
            return start, length
        start += length
    raise AssertionError(table)


def _array(track: IndexTrack, table: Table) -> bytes:
    return {
        Table.SIZES: track.sizes,
        Table.OFFSETS: track.offsets,
        Table.DURATIONS: track.durations,
        Table.COMPOSITION: track.composition,
        Table.KEYFRAMES: track.keyframes,
    }[table]
