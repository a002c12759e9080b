"""A finished file: one MP4 of one camera, and what is known of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """One row of the catalog.

    `start_us`: presentation of the first video frame; `end_us`: end of the last one (exclusive).
    `dst`: the camera's folder at that time, absolute; the file is `<dst>/<day>/<camera_id>.<stamp>.mp4`.
    `file_bytes`: length of the file; `activity`: one byte a second from `start_us`, 0..255; empty = not known.
    """

    camera_id: str
    stamp: str
    start_us: int
    end_us: int
    dst: str
    frames: int
    file_bytes: int
    codec: str
    width: int
    height: int
    audio_codec: str = ""
    activity: bytes = b""
