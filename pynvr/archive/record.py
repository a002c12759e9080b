"""Index records: of a segment just finished, and rebuilt from its MP4."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index_record import IndexRecord, IndexTrack
from pynvr.archive.paths import parse_name
from pynvr.archive.tables import SegmentTables
from pynvr.base.errors import BoxError
from pynvr.isobmff.reader import read_segment
from pynvr.isobmff.runs import to_big_endian, to_runs
from pynvr.isobmff.table import TrackTable
from pynvr.model.stamp import local, stamp_start_us
from pynvr.model.ticks import MICROSECONDS, to_us

_MAX_U32 = (1 << 32) - 1
_HOUR_US = 3600 * MICROSECONDS
# A stamp is local time, read in the zone that is set now: from one end of the world to the other, and a clock's change.
_FURTHEST_FROM_NAME_US = 26 * _HOUR_US
# A segment ends with the first keyframe after at most an hour; of some cameras that comes late, and other recorders
# make a file a day.
_LONGEST_US = 26 * _HOUR_US
# Muxers round, and guess how long the last frame is shown.
_ROUNDED_US = 60 * MICROSECONDS
_UTC = ZoneInfo("UTC")


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


def record_by_name(mp4_path: Path, zone: ZoneInfo) -> IndexRecord:
    """The record of an MP4 whose own is lost, or that another recorder made, without activity and signature.

    If it doesn't say when it was, its name does. Raises BoxError if it isn't a whole MP4 with video, or claims a time
    that can't be its own: whoever believed it would call months recorded. OSError.
    """
    stamp = _stamp_in(mp4_path)
    try:
        named_us = stamp_start_us(stamp, zone)
    except ValueError as err:
        raise BoxError(f"{mp4_path} is named by a time that there isn't") from err
    tables, file_bytes, mdat_start = _read(mp4_path, named_us)
    doubt = _doubt(tables, named_us)
    if doubt:
        raise BoxError(f"{mp4_path} is damaged, or isn't the file of that name: {doubt}")
    return record_of(stamp, tables, file_bytes=file_bytes, mdat_start=mdat_start)


def rebuild_record(mp4_path: Path, start_us: int | None = None) -> IndexRecord:
    """The record of an MP4 that was just made, so that it is believed, without activity and signature.

    Its own identity says when it was; without one `start_us` does, else its creation time. Raises BoxError, also for a
    name that isn't a segment's; OSError.
    """
    stamp = _stamp_in(mp4_path)
    tables, file_bytes, mdat_start = _read(mp4_path, start_us)
    return record_of(stamp, tables, file_bytes=file_bytes, mdat_start=mdat_start)


def _stamp_in(mp4_path: Path) -> str:
    """Raises BoxError."""
    name = parse_name(mp4_path.name)
    if name is None or name[1] != "mp4":
        raise BoxError(f"{mp4_path} doesn't have a segment's name")
    return name[0].stamp


def _read(mp4_path: Path, start_us: int | None) -> tuple[SegmentTables, int, int]:
    """The tables, the file's length and where its media data begins. Raises BoxError, OSError."""
    found = read_segment(mp4_path)
    # A muxer may let the movie begin with the audio; a segment begins with its first picture.
    lead_us = found.tables[0].start_offset_us
    tables = tuple(replace(table, start_offset_us=table.start_offset_us - lead_us) for table in found.tables)
    if found.identity is not None:
        begin_us, end_us = found.identity.start_us, found.identity.end_us
    else:
        begin_us = (start_us if start_us is not None else found.creation_us) + lead_us
        end_us = begin_us + shown_us(tables[0])
    return SegmentTables(tables, begin_us, end_us), found.file_bytes, found.mdat_start


def _doubt(claimed: SegmentTables, named_us: int) -> str:
    """Why the time that a segment claims can't be its own; empty if it can."""
    claim = f"it claims to show {_in_words(claimed.start_us)} to {_in_words(claimed.end_us)}"
    if claimed.start_us <= 0 or abs(claimed.start_us - named_us) > _FURTHEST_FROM_NAME_US:
        return f"{claim}, but its name says {_in_words(named_us)}"
    lasts_us, frames_us = claimed.end_us - claimed.start_us, shown_us(claimed.tables[0])
    if lasts_us < 0:
        return f"{claim}, which ends before it begins"
    if lasts_us > _LONGEST_US:
        return f"{claim}, but no segment lasts longer than {_LONGEST_US // _HOUR_US} h"
    if abs(lasts_us - frames_us) > _ROUNDED_US:
        return f"{claim}, but its frames last {timedelta(seconds=frames_us // MICROSECONDS)}"
    return ""


def _in_words(at_us: int) -> str:
    try:
        return f"{local(at_us, _UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError):
        return f"{at_us} µs since 1970"


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
    if not table.composition:
        return to_us(table.duration, table.track.timescale)
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
