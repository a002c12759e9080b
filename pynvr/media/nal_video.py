"""H.264 and H.265 as the camera sent it, in the form of MP4 samples; nothing is decoded."""

import struct
from fractions import Fraction

from pynvr.base.errors import MediaError
from pynvr.media.parameter_sets import ParameterSets
from pynvr.media.sample_description import VideoDescription, describe
from pynvr.media.unit import Sample, Unit, make_sample
from pynvr.model.frame import VIDEO_TRACK, Track
from pynvr.model.nal import (
    LONG_START_CODE,
    NAL_CODECS,
    START_CODE,
    annexb_spans,
    length_prefixed_spans,
    parse_extradata,
    to_annexb,
)

_LENGTH = struct.Struct(">I")
_put_length = _LENGTH.pack_into


class NalVideo:
    """`Former` for copied H.264 and H.265.

    Start codes become four-byte lengths. Parameter sets that a keyframe lacks are put before it, from the SDP or
    from where the camera sent them last. `unusable`: units without a NAL unit, or keyframes without parameter sets.
    """

    def __init__(self, codec: str, timescale: int, extradata: bytes, declared_rate: Fraction = Fraction(0)) -> None:
        self.track: Track | None = None
        self.unusable = 0
        self._codec_name = codec
        self._codec = NAL_CODECS[codec]
        configuration = parse_extradata(codec, extradata)
        self._length_bytes = configuration.length_bytes
        self._sets = ParameterSets(self._codec, configuration.parameter_sets)
        self._timescale = timescale
        self._declared_rate = declared_rate
        self._identity: tuple[bytes, ...] = ()
        # By a NAL unit's first byte, for there is one look-up on the way of every frame.
        special = self._codec.keys.union(self._codec.parameter_sets)
        self._is_special = bytes(self._codec.type_of(first) in special for first in range(256))

    def feed(self, unit: Unit) -> list[Sample]:
        _, pts, dts, duration, is_key, data, _ = unit
        if not is_key and self._is_in_place(data):
            return [make_sample((pts, dts, duration, False, (memoryview(data),), len(data)))]
        return self._feed_apart(unit)

    def _is_in_place(self, data: bytearray) -> bool:
        """Turn the four-byte start codes of an ordinary picture into lengths, where they stand.

        False, and nothing done, for all that needs a closer look: keyframes, parameter sets, other start codes.
        """
        if self._length_bytes or not data.startswith(LONG_START_CODE):
            return False
        find, is_special = data.find, self._is_special
        starts = []
        at, end = 1, len(data)
        while at >= 0:
            start = at + 3
            if start >= end or is_special[data[start]]:
                return False
            starts.append(start)
            at = find(START_CODE, start)
            if at > 0 and (data[at - 1] or not data[at - 2]):
                return False
        for start in reversed(starts):
            _put_length(data, start - 4, end - start)
            end = start - 4
        return True

    def _feed_apart(self, unit: Unit) -> list[Sample]:
        """The sample in pieces, NAL unit by NAL unit."""
        data = unit.data
        spans = length_prefixed_spans(data, self._length_bytes) if self._length_bytes else annexb_spans(data)
        view = memoryview(data)
        pieces: list[bytes | memoryview] = []
        sent: list[bytes] = []
        is_key = unit.is_key
        size = 0
        for start, end in spans:
            kind = self._codec.type_of(data[start])
            if kind in self._codec.parameter_sets:
                sent.append(bytes(view[start:end]))
            elif kind in self._codec.keys:
                is_key = True
            pieces.append(_LENGTH.pack(end - start))
            pieces.append(view[start:end])
            size += end - start + 4
        if not pieces:
            self.unusable += 1
            return []
        if sent:
            self._sets.remember(sent, is_key)
        if is_key:
            size += self._complete(pieces, sent)
            if not self._describe(pieces):
                self.unusable += 1
                return []
        return [Sample(unit.pts, unit.dts, unit.duration, is_key, tuple(pieces), size)]

    def key_at(self, pts: int) -> None:
        """The camera decides where keyframes are."""

    def finish(self) -> list[Sample]:
        """Nothing is kept back."""
        return []

    def close(self) -> None:
        """Nothing is held open."""

    def _complete(self, pieces: list[bytes | memoryview], sent: list[bytes]) -> int:
        """Put what the keyframe lacks before its pictures; the bytes added."""
        lacking = self._sets.lacking(sent)
        after_delimiter = 2 if self._codec.type_of(pieces[1][0]) == self._codec.delimiter else 0
        pieces[after_delimiter:after_delimiter] = [piece for nal in lacking for piece in (_LENGTH.pack(len(nal)), nal)]
        return sum(len(nal) + 4 for nal in lacking)

    def _describe(self, pieces: list[bytes | memoryview]) -> bool:
        """Keep `track` in step with the parameter sets; False while they don't suffice."""
        identity = self._sets.identity()
        if self.track is not None and identity == self._identity:
            return True
        if not self._sets.is_complete:
            return False
        try:
            described = describe(self._codec_name, to_annexb([bytes(nal) for nal in pieces[1::2]]))
        except MediaError:
            # Damaged on the way: what was described before still holds for what follows.
            return self.track is not None
        self._identity = identity
        self.track = _track(self._codec_name, self._timescale, described, self._declared_rate)
        return True


def _track(codec: str, timescale: int, described: VideoDescription, declared_rate: Fraction) -> Track:
    return Track(
        number=VIDEO_TRACK,
        kind="video",
        codec=codec,
        timescale=timescale,
        sample_entry=described.sample_entry,
        width=described.width,
        height=described.height,
        frame_rate=described.frame_rate or declared_rate,
    )
