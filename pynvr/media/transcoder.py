"""Video decoded, scaled, thinned out and encoded anew, for a camera that asks for it."""

from collections import deque
from fractions import Fraction

import av
from av.packet import Packet
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from pynvr.base.errors import MediaError, SourceError
from pynvr.media.encoders import Encoder, Wanted, open_encoder
from pynvr.media.nal_video import NalVideo
from pynvr.media.opaque_video import OpaqueVideo
from pynvr.media.pacing import Pacer
from pynvr.media.sample_description import describe_video
from pynvr.media.unit import Former, Sample, Unit
from pynvr.model.cause import Cause
from pynvr.model.frame import VIDEO_TRACK, Track
from pynvr.model.nal import NAL_CODECS
from pynvr.model.settings import Record

_KEYFRAME_EVERY_S = 2
# So many pictures are looked at before the frame rate is believed.
_PICTURES_TO_MEASURE = 6
_DECLARED_WITHIN = 0.1
_LOWEST_RATE = Fraction(1, 10)
_HIGHEST_RATE = Fraction(240)


class Transcoder:
    """`Former` that decodes and encodes. Keyframes stand at least every two seconds, and where `key_at` says."""

    def __init__(self, record: Record, stream: VideoStream, timescale: int) -> None:
        self._record = record
        self._timescale = timescale
        self._declared_rate = stream.average_rate or Fraction(0)
        self._decoder = _open_decoder(stream)
        self._encoder: Encoder | None = None
        self._form: Former | None = None
        self._size = (0, 0)  # of the source's pictures that the encoder was opened for
        self._pacer: Pacer | None = None
        self._rate = Fraction(0)
        self._early: list[VideoFrame] = []
        self._encoded = 0
        self._pts_of: deque[tuple[int, int]] = deque()  # number of the encoded frame, its ticks
        self._key_at: int | None = None
        self._last_key = 0
        self._arrival_s = 0.0

    @property
    def track(self) -> Track | None:
        return self._form.track if self._form is not None else None

    def feed(self, unit: Unit) -> list[Sample]:
        """Raises SourceError if no encoder works here."""
        self._arrival_s = unit.arrival_s
        packet = av.Packet(bytes(unit.data))
        packet.pts, packet.dts = unit.pts, unit.dts
        packet.time_base = Fraction(1, self._timescale)
        packet.is_keyframe = unit.is_key
        samples: list[Sample] = []
        for frame in self._decode(packet):
            if self._rate:
                samples += self._take(frame)
                continue
            self._early.append(frame)
            if len(self._early) == _PICTURES_TO_MEASURE:
                samples += self._begin()
        return samples

    def finish(self) -> list[Sample]:
        frames = self._decode(None)
        samples: list[Sample] = []
        if not self._rate:
            self._early += frames
            frames = []
            if len(self._early) > 1:
                samples += self._begin()
        for frame in frames:
            samples += self._take(frame)
        return samples + self._drain()

    def key_at(self, pts: int) -> None:
        self._key_at = pts

    def close(self) -> None:
        self._encoder = None
        self._early.clear()

    def _decode(self, packet: "Packet[Stream] | None") -> list[VideoFrame]:
        """The pictures that the packet completes; None: those that the decoder still holds."""
        try:
            return [frame for frame in self._decoder.decode(packet) if frame.pts is not None]
        except av.error.FFmpegError:
            return []  # damaged on the way; the decoder goes on at the next keyframe

    def _begin(self) -> list[Sample]:
        """Enough pictures were seen to tell the frame rate."""
        self._set_rate()
        early, self._early = self._early, []
        return [sample for frame in early for sample in self._take(frame)]

    def _drain(self) -> list[Sample]:
        """What the encoder still holds; it takes no more."""
        encoder, self._encoder = self._encoder, None
        return self._encoded_by(encoder, None) if encoder is not None else []

    def _set_rate(self) -> None:
        first, last = self._early[0].pts or 0, self._early[-1].pts or 0
        measured = Fraction((len(self._early) - 1) * self._timescale, max(1, last - first))
        rate = self._record.fps
        if not rate:
            near = self._declared_rate and abs(self._declared_rate / measured - 1) < _DECLARED_WITHIN
            rate = self._declared_rate if near else measured.limit_denominator(100)
        self._rate = max(_LOWEST_RATE, min(_HIGHEST_RATE, rate))
        if self._record.fps:
            self._pacer = Pacer(self._rate, self._timescale)

    def _take(self, frame: VideoFrame) -> list[Sample]:
        assert frame.pts is not None
        places = [frame.pts] if self._pacer is None else self._pacer.places(frame.pts)
        samples: list[Sample] = []
        for pts in places:
            samples += self._encode(frame, pts)
        return samples

    def _encode(self, frame: VideoFrame, pts: int) -> list[Sample]:
        encoder = self._encoder_for(frame)
        picture = frame.reformat(
            width=encoder.context.width, height=encoder.context.height, format=encoder.pixel_format
        )
        picture.pts = self._encoded
        picture.time_base = encoder.context.time_base
        picture.pict_type = PictureType.I if self._needs_key(pts) else PictureType.NONE
        self._pts_of.append((self._encoded, pts))
        self._encoded += 1
        return self._encoded_by(encoder, picture)

    def _encoded_by(self, encoder: Encoder, picture: VideoFrame | None) -> list[Sample]:
        try:
            packets = encoder.context.encode(picture)
        except av.error.FFmpegError as err:
            raise SourceError(f"{encoder.name} failed: {err.strerror}", Cause.UNUSABLE) from err
        samples: list[Sample] = []
        for packet in packets:
            samples += self._formed(bytearray(packet), packet.pts or 0, packet.is_keyframe)
        return samples

    def _formed(self, data: bytearray, number: int, is_key: bool) -> list[Sample]:
        assert self._form is not None
        pts = 0
        while self._pts_of:
            found, pts = self._pts_of.popleft()
            if found >= number:
                break
        duration = round(self._timescale / self._rate)
        return self._form.feed(Unit(VIDEO_TRACK, pts, pts, duration, is_key, data, self._arrival_s))

    def _needs_key(self, pts: int) -> bool:
        wanted = self._key_at is not None and pts >= self._key_at
        due = not self._encoded or pts - self._last_key >= _KEYFRAME_EVERY_S * self._timescale
        if not (wanted or due):
            return False
        self._last_key = pts
        if wanted:
            self._key_at = None
        return True

    def _encoder_for(self, frame: VideoFrame) -> Encoder:
        if self._encoder is not None and self._size == (frame.width, frame.height):
            return self._encoder
        self._size = (frame.width, frame.height)
        width, height = target_size(self._record.width, self._record.height, *self._size)
        codec = self._record.codec
        try:
            self._encoder = open_encoder(Wanted(codec, width, height, self._rate, self._record.bitrate_kbps))
        except MediaError as err:
            raise SourceError(str(err), Cause.UNUSABLE) from err
        self._encoded = 0
        self._pts_of.clear()
        if codec in NAL_CODECS:
            self._form = NalVideo(codec, self._timescale, b"", self._rate)
        else:
            self._form = OpaqueVideo(codec, self._timescale, self._rate, lambda key: describe_video(codec, key))
        return self._encoder


def target_size(width: int, height: int, source_width: int, source_height: int) -> tuple[int, int]:
    """The size to encode: as asked for, one of the two by the source's aspect, both even."""
    if not width and not height:
        width, height = source_width, source_height
    elif not height:
        height = round(source_height * width / source_width)
    elif not width:
        width = round(source_width * height / source_height)
    return max(2, width - width % 2), max(2, height - height % 2)


def _open_decoder(stream: VideoStream) -> VideoCodecContext:
    context = stream.codec_context
    decoder = av.CodecContext.create(context.name, "r")
    if not isinstance(decoder, VideoCodecContext):
        raise SourceError(f"{context.name} can't be decoded", Cause.UNUSABLE)
    if context.extradata:
        decoder.extradata = context.extradata
    decoder.thread_type = "AUTO"
    return decoder
