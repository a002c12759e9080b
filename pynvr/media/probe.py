"""What a camera sends, found by watching it for a few seconds: for `pynvr check --probe` and the wizard."""

from dataclasses import dataclass

from pynvr.model.settings import Camera


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen. 0 or empty = not seen within the time.

    `codec`: libav's name. `frame_rate`: measured, frames per second; `declared_frame_rate`: the camera's own word.
    `keyframe_interval_s`: the longest distance of two keyframes seen. `bitrate_kbps`: of the video.
    `audio_codec`: as sent; `recorded_audio`: as it would be recorded. `transport`: `tcp`, `udp` or empty (no RTSP).
    `picture_jpeg`: the first picture, full size.
    """

    codec: str
    width: int
    height: int
    frame_rate: float
    declared_frame_rate: float
    keyframe_interval_s: float
    bitrate_kbps: float
    audio_codec: str
    audio_sample_rate: int
    audio_channels: int
    recorded_audio: str
    transport: str
    picture_jpeg: bytes


def probe(camera: Camera, seconds: float = 5.0) -> Probe:
    """Open the camera, watch it for `seconds` from its first packet, and say what was seen.

    Raises SourceError (message in words, `cause`) if it can't be opened or sends no usable video.
    """
    raise NotImplementedError(camera.safe_url, seconds)
