"""Audio that MP4 carries, as the camera sent it."""

from av.audio.stream import AudioStream

from pynvr.base.errors import MediaError
from pynvr.media.sample_description import describe_stream
from pynvr.media.unit import Sample, Unit
from pynvr.model.frame import AUDIO_TRACK, Track

# What browsers and players take inside MP4; the rest becomes AAC.
CARRIED = frozenset({"aac", "mp3", "opus", "ac3", "eac3", "alac", "flac"})


class CopiedAudio:
    """`Former` for copied audio. `failure`: why there is none, in words, empty while all is well."""

    def __init__(self, stream: AudioStream, timescale: int) -> None:
        self.track: Track | None = None
        self.failure = ""
        self._stream = stream
        self._timescale = timescale

    def feed(self, unit: Unit) -> list[Sample]:
        if self.track is None and not self.failure:
            self._describe(bytes(unit.data))
        if self.failure:
            return []
        data = memoryview(unit.data)[adts_header_bytes(unit.data) :]
        return [Sample(unit.pts, unit.dts, unit.duration, True, (data,), len(data))]

    def key_at(self, pts: int) -> None:
        """Every audio packet is a place to cut."""

    def finish(self) -> list[Sample]:
        """Nothing is kept back."""
        return []

    def close(self) -> None:
        """Nothing is held open."""

    def _describe(self, data: bytes) -> None:
        context = self._stream.codec_context
        try:
            entry = describe_stream(self._stream, data)
        except MediaError as err:
            self.failure = str(err)
            return
        self.track = Track(
            number=AUDIO_TRACK,
            kind="audio",
            codec=context.name,
            timescale=self._timescale,
            sample_entry=entry,
            sample_rate=context.sample_rate,
            channels=context.channels,
        )


def adts_header_bytes(packet: bytes | bytearray) -> int:
    """Length of the header (ISO/IEC 13818-7 §6.2) that AAC carries in MPEG-TS and MP4 doesn't; 0 if there is none."""
    if len(packet) > 7 and packet[0] == 0xFF and packet[1] & 0xF6 == 0xF0:
        return 7 if packet[1] & 1 else 9
    return 0
