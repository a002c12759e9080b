"""Tracks and frames as the recorder hands them to the chunk."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

VIDEO_TRACK = 0
AUDIO_TRACK = 1


@dataclass(frozen=True, slots=True)
class Track:
    """One elementary stream of a chunk.

    `number`: 0 is the video. `codec`: libav's name (`h264`, `hevc`, `aac`).
    `timescale`: ticks per second of `Frame.pts` and `dts` (90000 for RTP video, the sample rate for audio).
    `sample_entry`: the whole ISO/IEC 14496-12 §8.5.2 sample entry box (`avc1` with `avcC`, `hvc1`, `mp4a`, …).
    """

    number: int
    kind: Literal["video", "audio"]
    codec: str
    timescale: int
    sample_entry: bytes
    width: int = 0
    height: int = 0
    sample_rate: int = 0
    channels: int = 0
    frame_rate: Fraction = Fraction(0)  # declared by the camera; 0 = it didn't say


class Frame(NamedTuple):
    """One encoded frame (video: an access unit; audio: a packet).

    `time_us`: its presentation on the wall clock, UTC. `pts`, `dts`: ticks of the track's clock, dts strictly rising.
    `duration`: ticks, 0 = unknown. `payload`: the MP4 sample in pieces that follow each other; for H.264 and H.265,
    NAL units with 4-byte lengths in front, parameter sets before each keyframe. `size`: bytes of all pieces together.
    """

    track: int
    time_us: int
    pts: int
    dts: int
    duration: int
    is_key: bool
    payload: tuple[bytes | memoryview, ...]
    size: int
