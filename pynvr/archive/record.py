"""Index records: of a segment just finished, and rebuilt from its MP4."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pynvr.archive.index_record import IndexRecord, IndexTrack
from pynvr.archive.paths import parse_name
from pynvr.archive.tables import SegmentTables
from pynvr.base.errors import BoxError
from pynvr.isobmff.reader import read_segment
from pynvr.isobmff.runs import to_big_endian, to_runs
from pynvr.isobmff.table import TrackTable
from pynvr.model.ticks import to_us

_MAX_U32 = (1 << 32) - 1


def record_of(
    stamp: str,
    tables: SegmentTables,
    *,
    file_bytes: int,
    mdat_start: int,
    activity: bytes = b"",
    signature: bytes = b"",
) -> IndexRecord:
    """The record of a segment whose tables are known."""
    return IndexRecord(
        stamp=stamp,
        start_us=tables.start_us,
        end_us=tables.end_us,
        file_bytes=file_bytes,
        mdat_start=mdat_start,
        tracks=tuple(index_track(table) for table in tables.tables),
        activity=activity,
        signature=signature,
    )


def rebuild_record(mp4_path: Path, start_us: int | None = None) -> IndexRecord:
    """The record of an MP4 in the tree, without activity and signature.

    Its own identity says when it was; without one `start_us` does (the caller has it from the stamp), else its
    creation time. Raises BoxError, also for a name that isn't a segment's; OSError.
    """
    name = parse_name(mp4_path.name)
    if name is None or name[1] != "mp4":
        raise BoxError(f"{mp4_path} doesn't have a segment's name")
    found = read_segment(mp4_path)
    # A muxer may let the movie begin with the audio; a segment begins with its first picture.
    lead_us = found.tables[0].start_offset_us
    tables = tuple(replace(table, start_offset_us=table.start_offset_us - lead_us) for table in found.tables)
    if found.identity is not None:
        begin_us, end_us = found.identity.start_us, found.identity.end_us
    else:
        begin_us = (start_us if start_us is not None else found.creation_us) + lead_us
        end_us = begin_us + shown_us(tables[0])
    return record_of(
        name[0].stamp,
        SegmentTables(tables, begin_us, end_us),
        file_bytes=found.file_bytes,
        mdat_start=found.mdat_start,
    )


def index_track(table: TrackTable) -> IndexTrack:
    """The table in the form of the index."""
    wide = bool(table.offsets) and max(table.offsets) > _MAX_U32
    return IndexTrack(
        track=table.track,
        count=table.count,
        duration=table.duration,
        start_offset_us=table.start_offset_us,
        wide=wide,
        sizes=to_big_endian(table.sizes),
        offsets=to_big_endian(table.offsets if wide else array("I", table.offsets)),
        durations=to_runs(table.durations),
        composition=to_runs(table.composition),
        keyframes=to_big_endian(table.keyframes) if table.track.kind == "video" else b"",
    )


def shown_us(table: TrackTable) -> int:
    """From the presentation of the first sample to the end of the one shown last."""
    times = presentation_times(table)
    if not times:
        return 0
    ticks = max(times) - times[0] + table.durations[-1]
    return to_us(ticks, table.track.timescale)


def presentation_times(table: TrackTable) -> Sequence[int]:
    """Ticks of each sample's presentation, from the first decode time on."""
    times, at = [], 0
    for index, duration in enumerate(table.durations):
        times.append(at + (table.composition[index] if table.composition else 0))
        at += duration
    return times
