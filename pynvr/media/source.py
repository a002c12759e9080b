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

from pynvr.base.errors import SourceError
from pynvr.media import refusal
from pynvr.media.delays import Delays
from pynvr.media.demuxing import demuxing
from pynvr.media.timestamps import Timestamps
from pynvr.media.udp_losses import lost_packets
from pynvr.media.unit import Unit, make_unit
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
        self,
        camera: Camera,
        container: InputContainer,
        video: VideoStream,
        audio: AudioStream | None,
        transport: str,
    ) -> None:
        self.video = video
        self.audio = audio
        self.transport = transport
        self._video_base = video.time_base or _ANY_TIME_BASE
        self._audio_base = (audio and audio.time_base) or _ANY_TIME_BASE
        self.video_scale = self._video_base.denominator
        self.audio_scale = self._audio_base.denominator
        self._container = container
        self._video_stamps = Timestamps(self.video_scale)
        self._audio_stamps = Timestamps(self.audio_scale, may_reorder=False)
        self._initial_timeout_s = camera.initial_timeout_s
        self._frame_timeout_s = camera.frame_timeout_s

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
        return cls(
            camera, container, video, audio if isinstance(audio, AudioStream) else None, transport if is_rtsp else ""
        )

    @property
    def declared_rate(self) -> Fraction:
        """Frames per second as the camera's description says, 0 = it doesn't."""
        return self.video.average_rate or Fraction(0)

    def units(self) -> Iterator[Unit]:
        """All packets of the two tracks, as they come. Ends only by raising SourceError."""
        began_s = time.monotonic()
        while True:
            try:
                yield from self._packets()
            except av.error.ExitError:
                # libav waits for `frame_timeout_s`; the first frame may take longer.
                begun = self._video_stamps.has_begun
                if begun or time.monotonic() - began_s >= self._initial_timeout_s:
                    raise self._silence() from None
            except (av.error.FFmpegError, OSError) as err:
                raise refusal.reading_failed(err, self._frame_timeout_s) from None
            else:
                raise refusal.ended()

    def _packets(self) -> Iterator[Unit]:
        """What runs for each packet: as little as can be."""
        video_track = self.video.index
        video_stamps, audio_stamps = self._video_stamps, self._audio_stamps
        video_factor, audio_factor = self._video_base.numerator, self._audio_base.numerator
        monotonic = time.monotonic
        last_video_s = monotonic()
        patience_s = self._frame_timeout_s if video_stamps.has_begun else self._initial_timeout_s
        tracks = [self.video] if self.audio is None else [self.video, self.audio]
        with demuxing(self._container, tracks) as packets:
            for packet in packets:
                arrival_s = monotonic()
                data = bytearray(packet)
                if not data:
                    continue  # libav's sign of the end
                pts, dts, duration = packet.pts, packet.dts, packet.duration or 0
                if packet.stream_index == video_track:
                    last_video_s, patience_s = arrival_s, self._frame_timeout_s
                    track, stamps, factor = VIDEO_TRACK, video_stamps, video_factor
                else:
                    if arrival_s - last_video_s >= patience_s:
                        raise self._silence()
                    track, stamps, factor = AUDIO_TRACK, audio_stamps, audio_factor
                if factor != 1:
                    pts, dts, duration = _times(pts, factor), _times(dts, factor), duration * factor
                pts, dts, duration = stamps.repair(pts, dts, duration, arrival_s)
                yield make_unit((track, pts, dts, duration, packet.is_keyframe, data, arrival_s))

    def delays(self) -> dict[int, Delays]:
        """How late the frames of each track arrive."""
        return {VIDEO_TRACK: self._video_stamps.delays, AUDIO_TRACK: self._audio_stamps.delays}

    @property
    def repaired(self) -> int:
        """Video frames whose time stamp was no good."""
        return self._video_stamps.repaired

    @property
    def jumps(self) -> int:
        """How often the video's clock became another."""
        return self._video_stamps.jumps

    def lost_packets(self) -> int:
        """Packets that the kernel let go of since the stream was opened, for they weren't read in time."""
        # TCP loses none: the camera has to wait.
        return 0 if self.transport == "tcp" else lost_packets()

    def _silence(self) -> SourceError:
        if self._video_stamps.has_begun:
            return refusal.stopped(self._frame_timeout_s)
        return refusal.silent(self._initial_timeout_s)

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


def _times(stamp: int | None, factor: int) -> int | None:
    return None if stamp is None else stamp * factor
