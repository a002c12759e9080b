"""NAL units of H.264 and H.265: where they lie, what they are, which of them are parameter sets.

ITU-T H.264 §7.3.1 and Annex B, ITU-T H.265 §7.3.1.2 and Annex B, ISO/IEC 14496-15.
"""

from collections.abc import Callable
from dataclasses import dataclass

START_CODE = b"\x00\x00\x01"
LONG_START_CODE = b"\x00\x00\x00\x01"


@dataclass(frozen=True, slots=True)
class NalCodec:
    """What differs between the two codecs.

    `type_of`: the NAL unit type from its first byte. `parameter_sets`: the types, in the order in which they stand
    before a keyframe. `describing`: those of them whose change makes another stream. `keys`: types of a picture at
    which decoding can start. `delimiter`: the access unit delimiter, which must stay in front.
    """

    type_of: Callable[[int], int]
    parameter_sets: tuple[int, ...]
    describing: frozenset[int]
    keys: frozenset[int]
    delimiter: int


NAL_CODECS = {
    "h264": NalCodec(
        type_of=lambda first: first & 0x1F,
        parameter_sets=(7, 8),
        describing=frozenset({7}),
        keys=frozenset({5}),
        delimiter=9,
    ),
    "hevc": NalCodec(
        type_of=lambda first: (first >> 1) & 0x3F,
        parameter_sets=(32, 33, 34),
        describing=frozenset({32, 33}),
        keys=frozenset(range(16, 24)),
        delimiter=35,
    ),
}


def annexb_spans(data: bytes | bytearray) -> list[tuple[int, int]]:
    """`(start, end)` of each NAL unit of a byte stream, start codes and the zeros before them left out.

    What follows the last start code is taken as it stands. Empty if there is no start code.
    """
    spans = []
    find = data.find
    at = find(START_CODE)
    while at >= 0:
        start = at + 3
        at = find(START_CODE, start)
        end = at
        if at < 0:
            end = len(data)
        else:
            while end > start and data[end - 1] == 0:
                end -= 1
        if end > start:
            spans.append((start, end))
    return spans


def length_prefixed_spans(data: bytes | bytearray, length_bytes: int) -> list[tuple[int, int]]:
    """`(start, end)` of each NAL unit of an MP4 sample; empty if a length leads beyond the end."""
    spans = []
    at = 0
    while at < len(data):
        start = at + length_bytes
        at = start + int.from_bytes(data[at:start], "big")
        if at > len(data):
            return []
        if at > start:
            spans.append((start, at))
    return spans


def to_annexb(nals: list[bytes]) -> bytes:
    """The NAL units as a byte stream with four-byte start codes."""
    return b"".join(LONG_START_CODE + nal for nal in nals)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a stream's extradata says: the parameter sets, and the form of its packets (0 = start codes)."""

    parameter_sets: tuple[bytes, ...]
    length_bytes: int


def parse_extradata(codec: str, extradata: bytes) -> Configuration:
    """Extradata of libav: a byte stream, or the body of `avcC` / `hvcC` (ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1)."""
    if len(extradata) < 7 or extradata.startswith((START_CODE, LONG_START_CODE)):
        return Configuration(tuple(extradata[start:end] for start, end in annexb_spans(extradata)), 0)
    if codec == "h264":
        return Configuration(tuple(_avcc_sets(extradata)), (extradata[4] & 3) + 1)
    return Configuration(tuple(_hvcc_sets(extradata)), (extradata[21] & 3) + 1 if len(extradata) > 21 else 4)


def _avcc_sets(body: bytes) -> list[bytes]:
    sets, at = _sized(body, 6, body[5] & 0x1F)
    if at < len(body):
        sets += _sized(body, at + 1, body[at])[0]
    return sets


def _hvcc_sets(body: bytes) -> list[bytes]:
    sets: list[bytes] = []
    at = 23
    for _ in range(body[22] if len(body) > 22 else 0):
        count = int.from_bytes(body[at + 1 : at + 3], "big")
        some, at = _sized(body, at + 3, count)
        sets += some
    return sets


def _sized(body: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    """`count` NAL units with two-byte lengths from `at` on, and where they end."""
    nals = []
    for _ in range(count):
        end = at + 2 + int.from_bytes(body[at : at + 2], "big")
        if end > len(body) or end == at + 2:
            break
        nals.append(body[at + 2 : end])
        at = end
    return nals, at
