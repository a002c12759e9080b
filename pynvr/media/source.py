"""A camera's stream, opened by libav: its tracks, and its packets with repaired time stamps."""

import os
import time
from collections.abc import Iterator
from fractions import Fraction
from urllib.parse import urlsplit

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from pynvr.media import refusal
from pynvr.media.timestamps import Timestamps
from pynvr.media.unit import Unit
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK
from pynvr.model.settings import Camera

# RTSP's SDP says what the codecs are, so libav needn't watch (and decode) the stream to find out.
_NO_PROBING = {"probesize": "32", "analyzeduration": "1"}
_SHORT_PROBING = {"analyzeduration": "3000000"}
# A keyframe over UDP comes as a burst of hundreds of packets; the kernel grants what its own limit allows.
_UDP_BUFFER_BYTES = 4 << 20
# How long a UDP packet may be late before its place is given up.
_REORDER_US = 500_000
_ANY_TIME_BASE = Fraction(1, 90_000)


class Source:
    """An open stream. `transport`: `tcp` or `udp` for RTSP, else empty.

    `video_scale`, `audio_scale`: ticks per second of the units of that track.
    """

    def __init__(
        self, container: InputContainer, video: VideoStream, audio: AudioStream | None, transport: str
    ) -> None:
        self.video = video
        self.audio = audio
        self.transport = transport
        self._video_base = video.time_base or _ANY_TIME_BASE
        self._audio_base = (audio and audio.time_base) or _ANY_TIME_BASE
        self.video_scale = self._video_base.denominator
        self.audio_scale = self._audio_base.denominator
        self.jumps = 0
        self.repaired = 0
        self._container = container

    @classmethod
    def open(cls, camera: Camera, transport: str) -> "Source":
        """Connect; `transport` is `tcp` or `udp`. Returns when the stream is described, which may be before its
        first packet. Blocks for up to twice `initial_timeout_s`. Raises SourceError.
        """
        is_rtsp = urlsplit(camera.url).scheme.lower() in ("rtsp", "rtsps")
        began_s = time.monotonic()
        try:
            container = av.open(
                camera.url,
                options=_options(camera, transport, is_rtsp),
                timeout=(camera.initial_timeout_s, camera.frame_timeout_s),
            )
        except (av.error.FFmpegError, OSError, ValueError) as err:
            took_s = time.monotonic() - began_s
            # `from None`: libav's message holds the URL with its password.
            raise refusal.opening_failed(err, camera.url, camera.initial_timeout_s, took_s) from None
        video = container.streams.best("video")
        if not isinstance(video, VideoStream):
            codecs = ", ".join(f"{stream.type}" for stream in container.streams)
            container.close()
            raise refusal.no_video(codecs)
        audio = container.streams.best("audio") if camera.audio != "off" else None
        return cls(container, video, audio if isinstance(audio, AudioStream) else None, transport if is_rtsp else "")

    @property
    def declared_rate(self) -> Fraction:
        """Frames per second as the camera's description says, 0 = it doesn't."""
        return self.video.average_rate or Fraction(0)

    def units(self, initial_timeout_s: float, frame_timeout_s: float) -> Iterator[Unit]:
        """All packets of the two tracks, as they come. Ends only by raising SourceError.

        The first video is waited for as long as `initial_timeout_s`, each further one `frame_timeout_s`.
        """
        video = self.video.index
        audio = self.audio.index if self.audio is not None else -1
        chosen = [self.video] if self.audio is None else [self.video, self.audio]
        video_factor, audio_factor = self._video_base.numerator, self._audio_base.numerator
        video_stamps = Timestamps(self.video_scale)
        audio_stamps = Timestamps(self.audio_scale, may_reorder=False)
        monotonic = time.monotonic
        last_video_s, patience_s = monotonic(), initial_timeout_s
        packets = self._container.demux(chosen)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                raise refusal.ended() from None
            except (av.error.FFmpegError, OSError) as err:
                if not isinstance(err, av.error.ExitError):
                    raise refusal.reading_failed(err, patience_s) from None
                if monotonic() - last_video_s >= patience_s:
                    raise _silence(patience_s, video_stamps) from None
                # libav waits for a frame's time; the first may take longer.
                packets = self._container.demux(chosen)
                continue
            arrival_s = monotonic()
            index, size = packet.stream_index, packet.size
            if index == video and size:
                stamps, track, factor = video_stamps, VIDEO_TRACK, video_factor
                last_video_s, patience_s = arrival_s, frame_timeout_s
                self.jumps, self.repaired = stamps.jumps, stamps.repaired
            elif index == audio and size:
                stamps, track, factor = audio_stamps, AUDIO_TRACK, audio_factor
                if arrival_s - last_video_s >= patience_s:
                    raise _silence(patience_s, video_stamps)
            else:
                # The empty packets that libav gives at the end.
                continue
            pts, dts, duration = packet.pts, packet.dts, packet.duration or 0
            if factor != 1:
                pts, dts = pts and pts * factor, dts and dts * factor
                duration *= factor
            stamp = stamps.repair(pts, dts, duration, arrival_s)
            yield Unit(track, stamp.pts, stamp.dts, stamp.duration, packet.is_keyframe, bytes(packet), arrival_s)

    def close(self) -> None:
        """Hang up; idempotent."""
        self._container.close()


def transports(camera: Camera, attempt: int) -> str:
    """The transport for this attempt (from 0): `auto` takes TCP, which loses nothing, and UDP every second time."""
    if camera.transport == "auto":
        return "udp" if attempt % 2 else "tcp"
    return camera.transport


def _options(camera: Camera, transport: str, is_rtsp: bool) -> dict[str, str]:
    if not is_rtsp:
        return {} if os.path.exists(camera.url) else _SHORT_PROBING
    return _NO_PROBING | {
        "rtsp_transport": transport,
        "allowed_media_types": "video" if camera.audio == "off" else "video+audio",
        "buffer_size": str(_UDP_BUFFER_BYTES),
        "max_delay": str(_REORDER_US),
    }


def _silence(patience_s: float, stamps: Timestamps) -> Exception:
    return refusal.stopped(patience_s) if stamps.has_begun else refusal.silent(patience_s)
