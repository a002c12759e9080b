"""A catalog row out of a day's index record, or out of the MP4 itself."""

from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index import IndexRecord
from pynvr.archive.paths import SegmentName, segment_path
from pynvr.archive.record import rebuild_record
from pynvr.isobmff.reader import read_segment
from pynvr.isobmff.table import TrackTable
from pynvr.model.activity import activity, loads
from pynvr.model.segment import Segment
from pynvr.model.stamp import stamp_start_us
from pynvr.model.ticks import MICROSECONDS


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

    Raises BoxError if it isn't a whole MP4 with video, OSError if the disk fails.
    """
    path = segment_path(dst, name.camera_id, name.stamp)
    video = read_segment(path).tables[0]
    record = rebuild_record(path, stamp_start_us(name.stamp, zone), activity(_loads(video), None))
    return replace(record, stamp=name.stamp)


def _loads(video: TrackTable) -> list[float]:
    # Decode times are near enough for a figure per second.
    scale = MICROSECONDS / (video.track.timescale or 1)
    times_us = [int(ticks * scale) for ticks in accumulate(video.durations, initial=0)]
    return loads(times_us[:-1], video.sizes, video.keyframes, times_us[-1])
