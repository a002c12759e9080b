"""Segments to fill a catalog with."""

from typing import Any
from zoneinfo import ZoneInfo

from pynvr.model.segment import Segment
from pynvr.model.stamp import stamp_of
from pynvr.store.segments import SegmentKey

S = 1_000_000
MINUTE = 60 * S
T0 = 1_767_225_600 * S  # 2026-01-01 00:00 UTC
UTC = ZoneInfo("UTC")


def segment(camera_id: str = "gate", minute: int = 0, dst: str = "/video/gate", **facts: Any) -> Segment:
    """The `minute`th minute of 2026."""
    start_us = T0 + minute * MINUTE
    values = {
        "start_us": start_us,
        "end_us": start_us + MINUTE,
        "frames": 1500,
        "file_bytes": 30_000_000,
        "codec": "h264",
        "width": 1920,
        "height": 1080,
        **facts,
    }
    return Segment(camera_id=camera_id, stamp=stamp_of(start_us, UTC), dst=dst, **values)


def key_of(segment: Segment) -> SegmentKey:
    return SegmentKey(segment.dst, segment.camera_id, segment.stamp)
