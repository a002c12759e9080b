"""A catalog row out of a day's index record, or out of the MP4 itself."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index import IndexRecord
from pynvr.archive.paths import SegmentName, segment_path
from pynvr.archive.record import record_by_name
from pynvr.catalog.loads import loads_of
from pynvr.model.activity import activity
from pynvr.model.segment import Segment


def entry_of(dst: Path, camera_id: str, record: IndexRecord) -> Segment:
    """The row of a segment that its index record describes."""
    track = record.video.track
    return Segment(
        camera_id=camera_id,
        stamp=record.stamp,
        start_us=record.start_us,
        end_us=record.end_us,
        dst=str(dst),
        frames=record.video.count,
        file_bytes=record.file_bytes,
        codec=track.codec,
        width=track.width,
        height=track.height,
        audio_codec=record.audio.track.codec if record.audio else "",
        activity=record.activity,
    )


def read_record(dst: Path, name: SegmentName, zone: ZoneInfo) -> IndexRecord:
    """The index record of an MP4 whose record is lost, or that another recorder made: its stamp says when it began.

    Raises BoxError if it isn't a whole MP4 with video, or claims a time that isn't its name's; OSError.
    """
    record = record_by_name(segment_path(dst, name.camera_id, name.stamp), zone)
    return replace(record, activity=activity(loads_of(record), None))
