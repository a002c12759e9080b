"""The header of an MP4 that is put together from many: its boxes, with the long tables left to be filled in.

A day has millions of samples. Nothing here is as long as they are: where a table's rows belong stands a `Rows`, whose
length is known, and whoever hands the header on makes them when their turn comes.
"""

import struct
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from pynvr.isobmff.boxes import BOX_HEADER, LARGE_BOX_HEADER, MAX_U32, box, full_box
from pynvr.isobmff.header import media_data_header, movie_header
from pynvr.isobmff.track import data_in_this_file, handler, kind_header, media_header, track_header
from pynvr.model.frame import Track

_NORMAL_RATE = 0x10000


class Table(Enum):
    """A sample table whose rows are made later. Offsets' rows are 8 bytes wide instead if the header says so."""

    DURATIONS = b"stts", 8
    COMPOSITION = b"ctts", 8
    KEYFRAMES = b"stss", 4
    SIZES = b"stsz", 4
    OFFSETS = b"stco", 4

    @property
    def row_bytes(self) -> int:
        return self.value[1]


class Rows(NamedTuple):
    """Here stand the rows of a table of a track (counted from 0 in the order of the shapes)."""

    track: int
    table: Table
    length: int


Part = bytes | Rows


class Edit(NamedTuple):
    """`duration` on the movie's clock; `media_time` on the track's, -1 = nothing is shown so long."""

    duration: int
    media_time: int


@dataclass(frozen=True, slots=True)
class TrackShape:
    """A track without its long tables.

    `track`: describes it; its own sample entry counts for nothing, `entries` are its sample descriptions. `samples`,
    `durations`, `composition`, `keyframes`: rows of the tables; no `composition` (0) = no such box; `keyframes` None
    = every sample is one. `described`: (first sample counted from 0, index of its entry) of each run. `duration`:
    ticks of all samples.
    """

    track: Track
    entries: tuple[bytes, ...]
    samples: int
    durations: int
    composition: int
    keyframes: int | None
    described: tuple[tuple[int, int], ...]
    duration: int
    edits: tuple[Edit, ...]

    @property
    def presented(self) -> int:
        return sum(edit.duration for edit in self.edits)


@dataclass(frozen=True, slots=True)
class VirtualHeader:
    """Everything in front of the media data's content. `wide`: offsets are 64 bits wide."""

    parts: tuple[Part, ...]
    length: int
    wide: bool


def virtual_header(
    shapes: tuple[TrackShape, ...], created_us: int, movie_timescale: int, content_bytes: int
) -> VirtualHeader:
    """ftyp, moov and the start of an mdat with so much content (ISO/IEC 14496-12 §4.3, §8.2, §8.1.1)."""
    for wide in (False, True):
        parts = [_file_type(), *_movie(shapes, created_us, movie_timescale, wide), media_data_header(content_bytes)]
        length = sum(map(_length, parts))
        if wide or length + content_bytes <= MAX_U32:
            break
    return VirtualHeader(tuple(_joined(parts)), length, wide)


def offset_row_bytes(wide: bool) -> int:
    """How long a row of `Table.OFFSETS` is."""
    return 8 if wide else 4


def _file_type() -> bytes:
    # iso4 for signed composition offsets (§8.6.1.3).
    return box(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isom", b"iso2", b"iso4", b"mp41", b"mp42")


def _movie(shapes: tuple[TrackShape, ...], created_us: int, timescale: int, wide: bool) -> list[Part]:
    duration = max(shape.presented for shape in shapes)
    content: list[Part] = [movie_header(created_us, timescale, duration, len(shapes))]
    for number, shape in enumerate(shapes):
        content += _track(shape, number, created_us, wide)
    return _around(b"moov", content)


def _track(shape: TrackShape, number: int, created_us: int, wide: bool) -> list[Part]:
    table = _around(b"stbl", _sample_table(shape, number, wide))
    information = _around(b"minf", [kind_header(shape.track), data_in_this_file(), *table])
    media = _around(
        b"mdia", [media_header(shape.track, created_us, shape.duration), handler(shape.track), *information]
    )
    head = track_header(shape.track, number + 1, created_us, shape.presented)
    return _around(b"trak", [head, box(b"edts", _edit_list(shape.edits)), *media])


def _edit_list(edits: tuple[Edit, ...]) -> bytes:
    """`elst` (§8.6.6)."""
    wide = any(edit.duration > MAX_U32 or edit.media_time > MAX_U32 >> 1 for edit in edits)
    rows = (struct.pack(">Qqi" if wide else ">Iii", *edit, _NORMAL_RATE) for edit in edits)
    return full_box(b"elst", int(wide), 0, struct.pack(">I", len(edits)), *rows)


def _sample_table(shape: TrackShape, number: int, wide: bool) -> list[Part]:
    """`stbl` (§8.5.1); each sample is a chunk of its own."""
    parts: list[Part] = [
        full_box(b"stsd", 0, 0, struct.pack(">I", len(shape.entries)), *shape.entries),
        *_rows_box(b"stts", 0, Rows(number, Table.DURATIONS, 8 * shape.durations), shape.durations),
    ]
    if shape.composition:
        parts += _rows_box(b"ctts", 1, Rows(number, Table.COMPOSITION, 8 * shape.composition), shape.composition)
    if shape.keyframes is not None:
        parts += _rows_box(b"stss", 0, Rows(number, Table.KEYFRAMES, 4 * shape.keyframes), shape.keyframes)
    runs = b"".join(struct.pack(">III", first + 1, 1, entry + 1) for first, entry in shape.described)
    parts.append(full_box(b"stsc", 0, 0, struct.pack(">I", len(shape.described)), runs))
    parts += _rows_box(b"stsz", 0, Rows(number, Table.SIZES, 4 * shape.samples), shape.samples, before=bytes(4))
    length = offset_row_bytes(wide) * shape.samples
    parts += _rows_box(b"co64" if wide else b"stco", 0, Rows(number, Table.OFFSETS, length), shape.samples)
    return parts


def _rows_box(kind: bytes, version: int, rows: Rows, count: int, before: bytes = b"") -> list[Part]:
    return _around(kind, [struct.pack(">I", version << 24), before, struct.pack(">I", count), rows])


def _around(kind: bytes, content: list[Part]) -> list[Part]:
    size = sum(map(_length, content))
    if size + BOX_HEADER.size <= MAX_U32:
        return [BOX_HEADER.pack(size + BOX_HEADER.size, kind), *content]
    return [LARGE_BOX_HEADER.pack(1, kind, size + LARGE_BOX_HEADER.size), *content]


def _length(part: Part) -> int:
    return part.length if isinstance(part, Rows) else len(part)


def _joined(parts: list[Part]) -> list[Part]:
    """The parts with neighbouring bytes made one."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, bytes) and isinstance(last, bytes):
            joined[-1] = last + part
        else:
            joined.append(part)
    return joined
