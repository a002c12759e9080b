"""Video of a codec that isn't made of NAL units (MPEG-4 part 2, Motion JPEG, AV1, …), byte for byte."""

import struct
from collections.abc import Callable
from fractions import Fraction

from pynvr.base.errors import MediaError
from pynvr.media.refusal import uncarried
from pynvr.media.unit import Sample, Unit
from pynvr.model.frame import VIDEO_TRACK, Track

# ISO/IEC 14496-12 §12.1.3.2: width and height of a VisualSampleEntry.
_SIZE_AT = 32
_SIZE = struct.Struct(">HH")


class OpaqueVideo:
    """`Former` for all that MP4 takes as it is; the first keyframe describes it for as long as it is open.

    `describe`: the sample entry by a keyframe's bytes; raises MediaError if MP4 can't carry the codec.
    """

    def __init__(self, codec: str, timescale: int, rate: Fraction, describe: Callable[[bytes], bytes]) -> None:
        self.track: Track | None = None
        self._codec = codec
        self._timescale = timescale
        self._rate = rate
        self._describe = describe

    def feed(self, unit: Unit) -> list[Sample]:
        """Raises SourceError if MP4 can't carry the codec."""
        if unit.is_key and self.track is None:
            self.track = self._described(bytes(unit.data))
        return [Sample(unit.pts, unit.dts, unit.duration, unit.is_key, (memoryview(unit.data),), len(unit.data))]

    def key_at(self, pts: int) -> None:
        """Whoever encoded it decided where keyframes are."""

    def finish(self) -> list[Sample]:
        """Nothing is kept back."""
        return []

    def close(self) -> None:
        """Nothing is held open."""

    def _described(self, data: bytes) -> Track:
        try:
            entry = self._describe(data)
        except MediaError:
            raise uncarried(self._codec) from None
        width, height = _SIZE.unpack_from(entry, _SIZE_AT)
        return Track(
            number=VIDEO_TRACK,
            kind="video",
            codec=self._codec,
            timescale=self._timescale,
            sample_entry=entry,
            width=width,
            height=height,
            frame_rate=self._rate,
        )
