"""A clip encoded anew: H.264 and AAC in a faststart MP4, to the frame as its source shows it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from pynvr.base.errors import MediaError
from pynvr.media.demuxing import demuxing
from pynvr.media.transcoder import target_size

_TICKS = 90_000
_ENCODERS = ("libx264", "libopenh264")
# The whole program runs beside recorders: one thread, and a quality that no one tells from the source.
_OPTIONS = {"libx264": {"preset": "veryfast", "crf": "19", "threads": "1"}}
_KEYFRAME_EVERY_S = 2
_USUAL_RATE = Fraction(25)
_HIGHEST_RATE = Fraction(240)


class ClipPart(NamedTuple):
    """An MP4 that is a part of the clip; its edit list says what of it is shown. `at_us`: from the clip's beginning on.

    `shown_us`: how long it is.
    """

    path: Path
    at_us: int
    shown_us: int


class StoppedError(Exception):
    """It was told to stop."""


def encode_clip(
    parts: Sequence[ClipPart], target: Path, created_us: int, go_on: Callable[[], bool] = lambda: True
) -> None:
    """Write the parts, one behind the other, as one MP4; pictures of another size become as the largest ones.

    `created_us`: the instant that its beginning shows. Raises MediaError, StoppedError, OSError.
    """
    try:
        sources = [av.open(str(part.path)) for part in parts]
        try:
            created = datetime.fromtimestamp(created_us / 1e6, UTC).isoformat()
            options = {"movflags": "+faststart"}
            with av.open(str(target), "w", format="mp4", options=options) as output:
                output.metadata["creation_time"] = created
                _Encoding(parts, sources, output, go_on).run()
        finally:
            for source in sources:
                source.close()
    except av.error.FFmpegError as err:
        if isinstance(err, OSError) and err.errno and err.errno > 0 and not isinstance(err, ValueError):
            raise
        raise MediaError(f"the clip can't be encoded: {err.strerror}") from err
    except (ValueError, IndexError) as err:
        raise MediaError(f"the clip can't be encoded: {err}") from err


class _Encoding:
    def __init__(
        self,
        parts: Sequence[ClipPart],
        sources: Sequence[InputContainer],
        output: OutputContainer,
        go_on: Callable[[], bool],
    ) -> None:
        self._parts = parts
        self._sources = sources
        self._output = output
        self._go_on = go_on
        videos = [source.streams.video[0] for source in sources]
        largest = max(videos, key=lambda stream: stream.width * stream.height)
        self._video = _video_stream(output, largest)
        self._audio = _audio_stream(output, [one for source in sources for one in source.streams.audio[:1]])
        self._held: Packet[Stream] | None = None
        self._heard = 0

    def run(self) -> None:
        for part, source in zip(self._parts, self._sources, strict=True):
            self._take(part, source)
        for packet in self._video.encode(None):
            self._mux(packet)
        self._mux(None)
        if self._audio is not None:
            self._output.mux(self._audio.encode(None))

    def _take(self, part: ClipPart, source: InputContainer) -> None:
        streams: list[VideoStream | AudioStream] = [source.streams.video[0]]
        if self._audio is not None:
            streams += source.streams.audio[:1]
        # Where libav begins to show a file isn't 0 if the first thing that is shown comes later.
        end = _ticks(part.at_us + part.shown_us)
        for frame in _frames(source, streams):
            if not self._go_on():
                raise StoppedError
            if frame.pts is None or frame.time_base is None:
                continue
            at = _ticks(part.at_us) + round(frame.pts * frame.time_base * _TICKS)
            if at < _ticks(part.at_us) or at >= end:
                continue
            if isinstance(frame, VideoFrame):
                self._see(frame, at)
            elif isinstance(frame, AudioFrame):
                self._hear(frame, at)
        self._end = end

    def _see(self, frame: VideoFrame, at: int) -> None:
        context = self._video.codec_context
        picture = frame.reformat(width=context.width, height=context.height, format="yuv420p")
        picture.pts = at
        picture.time_base = Fraction(1, _TICKS)
        for packet in self._video.encode(picture):
            self._mux(packet)

    def _hear(self, frame: AudioFrame, at: int) -> None:
        assert self._audio is not None
        rate = self._audio.codec_context.sample_rate
        # Sound of a later part never begins before that of the one in front has ended.
        frame.pts = max(self._heard, at * frame.sample_rate // _TICKS)
        frame.time_base = Fraction(1, frame.sample_rate)
        self._heard = frame.pts + frame.samples if frame.sample_rate == rate else self._heard
        self._output.mux(self._audio.encode(frame))

    def _mux(self, packet: "Packet[Stream] | None") -> None:
        """One packet late, when it is known how long its picture is shown."""
        held, self._held = self._held, packet
        if held is not None and held.pts is not None:
            until = packet.pts if packet is not None and packet.pts is not None else self._end
            held.duration = max(1, until - held.pts)
            self._output.mux(held)


def _frames(source: InputContainer, streams: Sequence[VideoStream | AudioStream]) -> Iterator[VideoFrame | AudioFrame]:
    with demuxing(source, streams) as packets:
        for packet in packets:
            try:
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame | AudioFrame):
                        yield frame
            except av.error.InvalidDataError:
                continue  # damaged on the way from the camera; the decoder goes on


def _video_stream(output: OutputContainer, source: VideoStream) -> VideoStream:
    name = next((name for name in _ENCODERS if name in av.codecs_available), None)
    if name is None:
        raise MediaError("no encoder for h264 is in this libav")
    # Of a clip of a few frames libav may tell anything.
    rate = min(max(source.average_rate or _USUAL_RATE, Fraction(1)), _HIGHEST_RATE)
    stream = output.add_stream(name, rate=rate, options=dict(_OPTIONS.get(name, {})))
    assert isinstance(stream, VideoStream)
    context = stream.codec_context
    context.width, context.height = target_size(0, 0, source.width, source.height)
    context.pix_fmt = "yuv420p"
    context.time_base = Fraction(1, _TICKS)
    context.gop_size = max(1, round(rate * _KEYFRAME_EVERY_S))
    # Packets come in the order of their pictures: the duration of each is known by the next.
    context.max_b_frames = 0
    context.sample_aspect_ratio = source.codec_context.sample_aspect_ratio or Fraction(1)
    return stream


def _audio_stream(output: OutputContainer, sources: Sequence[AudioStream]) -> AudioStream | None:
    if not sources:
        return None
    stream = output.add_stream("aac", rate=sources[0].rate)
    assert isinstance(stream, AudioStream)
    stream.codec_context.layout = sources[0].layout.name
    stream.codec_context.time_base = Fraction(1, sources[0].rate)
    return stream


def _ticks(us: int) -> int:
    return round(us * _TICKS / 1_000_000)
