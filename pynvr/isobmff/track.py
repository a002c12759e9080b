"""One track's box (`trak`, ISO/IEC 14496-12 §8.3): header, edit list, media, sample table."""

import contextlib
import struct
from array import array
from itertools import accumulate
from operator import add

from pynvr.base.errors import BoxError
from pynvr.isobmff.boxes import EPOCH_1904_S, MAX_U32, UNIT_MATRIX, box, boxes, full_box
from pynvr.isobmff.runs import to_big_endian, to_runs
from pynvr.isobmff.table import TrackTable
from pynvr.model.frame import Track
from pynvr.model.ticks import MICROSECONDS, rescaled

_LANGUAGE_UNDETERMINED = 0x55C4  # "und", 5 bits a letter (§8.4.2)
_ENABLED_IN_MOVIE = 3
_EMPTY_EDIT = -1
_NORMAL_RATE = 0x10000
_FULL_VOLUME = 0x0100
_VISUAL_SAMPLE_ENTRY_BYTES = 86  # box header and fixed fields (§12.1.3); boxes such as `pasp` follow


def track_box(table: TrackTable, track_id: int, created_us: int, movie_timescale: int) -> bytes:
    """The whole `trak`; `track_id` from 1."""
    duration = table.duration
    edits, presented = _edits(table, duration, movie_timescale)
    return box(
        b"trak",
        track_header(table.track, track_id, created_us, presented),
        box(b"edts", edits) if edits else b"",
        box(
            b"mdia",
            media_header(table.track, created_us, duration),
            handler(table.track),
            box(b"minf", kind_header(table.track), data_in_this_file(), _sample_table(table)),
        ),
    )


def presented_duration(table: TrackTable, movie_timescale: int) -> int:
    """How long the track lasts on the movie's clock, with what lies before it."""
    return _edits(table, table.duration, movie_timescale)[1]


def dates_and_duration(created_us: int, *between: int, duration: int) -> tuple[int, bytes]:
    """Version, and creation, modification, what stands between (u32), and duration; 64 bits wide where needed."""
    created = created_us // MICROSECONDS + EPOCH_1904_S
    form = ">" + ("QQ" if max(created, duration) > MAX_U32 else "II") + "I" * len(between)
    wide = max(created, duration) > MAX_U32
    return int(wide), struct.pack(form + ("Q" if wide else "I"), created, created, *between, duration)


def _edits(table: TrackTable, duration: int, movie_timescale: int) -> tuple[bytes, int]:
    """The edit list box (§8.6.6; empty if it would say nothing), and the duration of all edits."""
    timescale = table.track.timescale
    first = table.composition[0] if table.composition else 0
    offset_us = table.start_offset_us
    # A track that begins before the segment is entered in the middle; one that begins later waits in an empty edit.
    media_time = first + (rescaled(-offset_us, timescale, MICROSECONDS) if offset_us < 0 else 0)
    wait = rescaled(offset_us, movie_timescale, MICROSECONDS) if offset_us > 0 else 0
    shown = rescaled(max(0, _end(table, duration) - media_time), movie_timescale, timescale)
    if not wait and not media_time:
        return b"", shown
    entries = [(wait, _EMPTY_EDIT)] if wait else []
    entries.append((shown, media_time))
    wide = max(wait, shown) > MAX_U32 or media_time > MAX_U32 >> 1
    form = ">Qqi" if wide else ">Iii"
    rows = b"".join(struct.pack(form, length, start, _NORMAL_RATE) for length, start in entries)
    return full_box(b"elst", int(wide), 0, struct.pack(">I", len(entries)), rows), wait + shown


def _end(table: TrackTable, duration: int) -> int:
    """Where the picture shown last ends, in ticks on the media's own time line.

    It lies behind the first picture's time and the sum of durations if the recording ends among B-frames: what is shown
    last then comes after pictures that were never sent, and an edit of that sum would hide it.
    """
    if not table.composition:
        return duration
    decoded = accumulate(table.durations, initial=0)
    shown_last: int = max(map(add, decoded, table.composition))
    return max(table.composition[0] + duration, shown_last + table.durations[-1])


def track_header(track: Track, track_id: int, created_us: int, presented: int) -> bytes:
    """`tkhd` (§8.3.2); `presented`: duration of all edits on the movie's clock."""
    version, dates = dates_and_duration(created_us, track_id, 0, duration=presented)
    width, height = _display_size(track)
    return full_box(
        b"tkhd",
        version,
        _ENABLED_IN_MOVIE,
        dates,
        bytes(8),
        struct.pack(">hhHH", 0, int(track.kind == "audio"), _FULL_VOLUME if track.kind == "audio" else 0, 0),
        UNIT_MATRIX,
        struct.pack(">II", width, height),
    )


def _display_size(track: Track) -> tuple[int, int]:
    """Width and height in 16.16, the width as the pixels' shape (`pasp`) stretches it."""
    width, height = track.width << 16, track.height << 16
    if track.kind == "video":
        horizontal, vertical = _pixel_shape(track.sample_entry)
        width = width * horizontal // vertical
    return min(width, MAX_U32), min(height, MAX_U32)


def _pixel_shape(sample_entry: bytes) -> tuple[int, int]:
    """Width to height of a pixel (§12.1.4.3); 1 to 1 where nothing sensible is said."""
    with contextlib.suppress(BoxError, struct.error):
        for found in boxes(sample_entry, _VISUAL_SAMPLE_ENTRY_BYTES, len(sample_entry)):
            if found.type == b"pasp":
                horizontal, vertical = struct.unpack_from(">II", sample_entry, found.start)
                if horizontal and vertical:
                    return horizontal, vertical
    return 1, 1


def media_header(track: Track, created_us: int, duration: int) -> bytes:
    """`mdhd` (§8.4.2); `duration`: ticks of all samples."""
    version, dates = dates_and_duration(created_us, track.timescale, duration=duration)
    return full_box(b"mdhd", version, 0, dates, struct.pack(">HH", _LANGUAGE_UNDETERMINED, 0))


def handler(track: Track) -> bytes:
    """`hdlr` (§8.4.3)."""
    handler, name = (b"vide", b"Video") if track.kind == "video" else (b"soun", b"Audio")
    return full_box(b"hdlr", 0, 0, bytes(4), handler, bytes(12), name, b"\0")


def kind_header(track: Track) -> bytes:
    """`vmhd` or `smhd` (§8.4.5)."""
    return full_box(b"vmhd", 0, 1, bytes(8)) if track.kind == "video" else full_box(b"smhd", 0, 0, bytes(4))


def data_in_this_file() -> bytes:
    """`dinf` (§8.7.1)."""
    return box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))


def _sample_table(table: TrackTable) -> bytes:
    """`stbl` (§8.5.1); each sample is a chunk of its own, for block headers lie between them."""
    count = table.count
    return box(
        b"stbl",
        full_box(b"stsd", 0, 0, struct.pack(">I", 1), table.track.sample_entry),
        _runs_box(b"stts", 0, to_runs(table.durations)),
        _runs_box(b"ctts", _composition_version(table), to_runs(table.composition)) if table.composition else b"",
        _sync_samples(table),
        full_box(b"stsc", 0, 0, struct.pack(">IIII", 1, 1, 1, 1) if count else bytes(4)),
        full_box(b"stsz", 0, 0, struct.pack(">II", 0, count), to_big_endian(table.sizes)),
        _chunk_offsets(table),
    )


def _runs_box(kind: bytes, version: int, runs: bytes) -> bytes:
    return full_box(kind, version, 0, struct.pack(">I", len(runs) // 8), runs)


def _composition_version(table: TrackTable) -> int:
    return int(min(table.composition) < 0)


def _sync_samples(table: TrackTable) -> bytes:
    """`stss` (§8.6.2), left out where every sample is one."""
    if len(table.keyframes) == table.count:
        return b""
    numbers = array("I", [index + 1 for index in table.keyframes])
    return full_box(b"stss", 0, 0, struct.pack(">I", len(numbers)), to_big_endian(numbers))


def _chunk_offsets(table: TrackTable) -> bytes:
    """`stco`, or `co64` when an offset needs more than 32 bits (§8.7.5)."""
    count = struct.pack(">I", table.count)
    if table.offsets and max(table.offsets) > MAX_U32:
        return full_box(b"co64", 0, 0, count, to_big_endian(table.offsets))
    return full_box(b"stco", 0, 0, count, to_big_endian(array("I", table.offsets)))
