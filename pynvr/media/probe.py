"""What a camera sends, found by watching it for a few seconds: for `pynvr check --probe` and the wizard."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from pynvr.base.errors import MediaError, SourceError
from pynvr.media import refusal
from pynvr.media.copied_audio import CARRIED
from pynvr.media.feed import copied_video
from pynvr.media.jpeg import to_jpeg
from pynvr.media.source import Source, transports
from pynvr.media.still import decode_still
from pynvr.media.unit import Former, Sample, Unit
from pynvr.model.frame import VIDEO_TRACK
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
    recorded_audio: str
    transport: str
    picture_jpeg: bytes


@dataclass(slots=True)
class _Seen:
    """Ticks and sizes of the video while it is watched."""

    pts: list[int] = field(default_factory=list)
    key_pts: list[int] = field(default_factory=list)
    video_bytes: int = 0
    first_key: Sample | None = None


def probe(camera: Camera, seconds: float = 5.0) -> Probe:
    """Open the camera, watch it for `seconds` from its first packet, and say what was seen.

    With `transport` `auto`, UDP is tried if TCP fails. Raises SourceError (message in words, `cause`) if the camera
    can't be opened or sends no usable video.
    """
    source = _open(camera)
    try:
        former = copied_video(source)
        seen = _watch(source.units(), former, seconds)
        if not seen.pts:
            raise refusal.silent(seconds)
        return _told(camera, source, former, seen)
    finally:
        source.close()


def _open(camera: Camera) -> Source:
    try:
        return Source.open(camera, transports(camera, 0))
    except SourceError:
        if camera.transport != "auto":
            raise
    return Source.open(camera, transports(camera, 1))


def _watch(units: Iterator[Unit], former: Former, seconds: float) -> _Seen:
    """Until the time is over, or the stream is after it showed something."""
    seen = _Seen()
    began_s = 0.0
    try:
        for unit in units:
            began_s = began_s or unit.arrival_s
            if unit.track == VIDEO_TRACK:
                _note(seen, former.feed(unit))
            if time.monotonic() - began_s >= seconds:
                break
    except SourceError:
        if not seen.pts:
            raise
    return seen


def _note(seen: _Seen, samples: list[Sample]) -> None:
    for sample in samples:
        seen.pts.append(sample.pts)
        seen.video_bytes += sample.size
        if sample.is_key:
            seen.key_pts.append(sample.pts)
            seen.first_key = seen.first_key or sample


def _told(camera: Camera, source: Source, former: Former, seen: _Seen) -> Probe:
    track = former.track
    watched_s = (max(seen.pts) - min(seen.pts)) / source.video_scale
    intervals = [later - earlier for earlier, later in zip(seen.key_pts, seen.key_pts[1:], strict=False)]
    audio = source.audio.codec_context if source.audio is not None else None
    return Probe(
        codec=source.video.codec_context.name,
        width=track.width if track is not None else source.video.codec_context.width,
        height=track.height if track is not None else source.video.codec_context.height,
        frame_rate=round((len(seen.pts) - 1) / watched_s, 2) if watched_s else 0.0,
        declared_frame_rate=float(track.frame_rate if track is not None else source.declared_rate),
        keyframe_interval_s=round(max(intervals, default=0) / source.video_scale, 3),
        bitrate_kbps=round(seen.video_bytes * 8 / watched_s / 1000, 1) if watched_s else 0.0,
        audio_codec=audio.name if audio is not None else "",
        audio_sample_rate=audio.sample_rate if audio is not None else 0,
        recorded_audio=_recorded_audio(camera, audio.name if audio is not None else ""),
        transport=source.transport,
        picture_jpeg=_picture(former, seen),
    )


def _recorded_audio(camera: Camera, codec: str) -> str:
    if not codec or camera.audio == "off":
        return ""
    if codec in CARRIED:
        return "aac" if camera.audio == "aac" else codec
    return "" if camera.audio == "copy" else "aac"


def _picture(former: Former, seen: _Seen) -> bytes:
    if former.track is None or seen.first_key is None:
        return b""
    try:
        picture = decode_still(former.track.codec, former.track.sample_entry, [b"".join(seen.first_key.payload)])
        return to_jpeg(picture)
    except MediaError:
        return b""
