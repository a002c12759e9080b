"""Audio that MP4 can't carry (G.711 and the like): decoded, and encoded to AAC."""

import io
from fractions import Fraction

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from pynvr.base.errors import MediaError
from pynvr.media.sample_description import sample_entry_of
from pynvr.media.unit import Sample, Unit
from pynvr.model.frame import AUDIO_TRACK, Track

# ISO/IEC 14496-3 §1.6.3.4: the sampling frequencies that AAC has a number for; others are resampled.
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_FALLBACK_RATE = 48000
_BITS_PER_SAMPLE = 4
_LOWEST_BIT_RATE = 32_000
_HIGHEST_BIT_RATE = 128_000
# A hole longer than this is a hole in the sound too; below it, the encoder's count of samples is the better clock.
_HOLE_S = 0.1
_MOST_CHANNELS = 2


class EncodedAudio:
    """`Former` for audio that has to become AAC.

    The samples' clock is the source's, so they stay in step with the video. `failure`: why there is no audio.
    """

    def __init__(self, stream: AudioStream, timescale: int) -> None:
        context = stream.codec_context
        self.track: Track | None = None
        self.failure = ""
        self._source = stream
        self._time_base = Fraction(1, timescale)
        self._timescale = timescale
        self._rate = context.sample_rate if context.sample_rate in _AAC_RATES else _FALLBACK_RATE
        self._layout = "mono" if context.channels < _MOST_CHANNELS else "stereo"
        self._decoder: AudioCodecContext | None = None
        self._encoder: AudioCodecContext | None = None
        self._shift = 0  # source's ticks minus the encoder's, in the source's ticks
        self._expected: int | None = None

    def feed(self, unit: Unit) -> list[Sample]:
        if self.failure:
            return []
        try:
            if self.track is None:
                self.track = self._describe()
            return self._encode(unit)
        except av.error.InvalidDataError:
            return []  # a damaged packet; the next one may be whole
        except (av.error.FFmpegError, MediaError, ValueError) as err:
            self.failure = f"the audio can't become AAC: {getattr(err, 'strerror', None) or err}"
            return []

    def key_at(self, pts: int) -> None:
        """Every audio packet is a place to cut."""

    def finish(self) -> list[Sample]:
        if self._encoder is None or self.failure:
            return []
        try:
            return self._pack(None)
        except (av.error.FFmpegError, ValueError):
            return []

    def close(self) -> None:
        self._decoder = self._encoder = None

    def _encode(self, unit: Unit) -> list[Sample]:
        if self._expected is None or abs(unit.pts - self._expected) > _HOLE_S * self._timescale:
            # The encoder counts samples without holes: after one it starts anew at the right place.
            self._encoder = self._open_encoder()
        if self._decoder is None:
            self._decoder = self._open_decoder()
        packet = av.Packet(bytes(unit.data))
        packet.pts = packet.dts = unit.pts
        packet.time_base = self._time_base
        samples: list[Sample] = []
        at = unit.pts
        for frame in self._decoder.decode(packet):
            frame.pts = at
            frame.time_base = self._time_base
            at += round(Fraction(frame.samples * self._timescale, frame.sample_rate))
            samples += self._pack(frame)
        self._expected = at
        return samples

    def _pack(self, frame: AudioFrame | None) -> list[Sample]:
        """Encoded; None: what the encoder still holds."""
        assert self._encoder is not None
        samples = []
        for packet in self._encoder.encode(frame):
            data = bytes(packet)
            time_base = packet.time_base or Fraction(1, self._rate)
            pts = round(Fraction(packet.pts or 0) * time_base * self._timescale)
            duration = round(Fraction(packet.duration or 0) * time_base * self._timescale)
            samples.append(Sample(pts, pts, duration, True, (data,), len(data)))
        return samples

    def _open_decoder(self) -> AudioCodecContext:
        context = self._source.codec_context
        decoder = av.CodecContext.create(context.name, "r")
        assert isinstance(decoder, AudioCodecContext)
        decoder.sample_rate = context.sample_rate
        decoder.layout = context.layout
        if context.extradata:
            decoder.extradata = context.extradata
        return decoder

    def _open_encoder(self) -> AudioCodecContext:
        encoder = av.CodecContext.create("aac", "w")
        assert isinstance(encoder, AudioCodecContext)
        _set_up(encoder, self._rate, self._layout)
        return encoder

    def _describe(self) -> Track:
        target = io.BytesIO()
        with av.open(target, "w", format="mp4") as output:
            stream = output.add_stream("aac", self._rate)
            _set_up(stream.codec_context, self._rate, self._layout)
            silence = AudioFrame(format="fltp", layout=self._layout, samples=1024)
            silence.sample_rate = self._rate
            silence.pts = 0
            for plane in silence.planes:
                plane.update(bytes(plane.buffer_size))
            output.mux(stream.encode(silence))
            output.mux(stream.encode(None))
        return Track(
            number=AUDIO_TRACK,
            kind="audio",
            codec="aac",
            timescale=self._timescale,
            sample_entry=sample_entry_of(target.getvalue()),
            sample_rate=self._rate,
            channels=1 if self._layout == "mono" else _MOST_CHANNELS,
        )


def _set_up(encoder: AudioCodecContext, rate: int, layout: str) -> None:
    channels = 1 if layout == "mono" else _MOST_CHANNELS
    encoder.sample_rate = rate
    encoder.layout = layout
    encoder.format = "fltp"
    encoder.time_base = Fraction(1, rate)
    encoder.bit_rate = max(_LOWEST_BIT_RATE, min(_HIGHEST_BIT_RATE, rate * channels * _BITS_PER_SAMPLE))
