"""NAL units: taking access units apart and telling their kinds (ITU-T H.264 §7.3.1, H.265 §7.3.1)."""

import re

_START_CODE = re.compile(rb"\x00\x00\x01")

# Types that carry no picture of their own: parameter sets, access unit delimiter, end of sequence or stream, filler.
_H264_PARAMETER_SETS = frozenset({7, 8, 13, 15})
_H264_WRAPPING = frozenset({9, 10, 11, 12})
_HEVC_PARAMETER_SETS = frozenset({32, 33, 34})
_HEVC_WRAPPING = frozenset({35, 36, 37, 38})


def nal_type(nal: bytes | memoryview, codec: str) -> int:
    """`nal_unit_type` of a unit without start code or length."""
    return nal[0] & 0x1F if codec == "h264" else nal[0] >> 1 & 0x3F


def is_parameter_set(nal: bytes | memoryview, codec: str, wrapping: bool = True) -> bool:
    """Whether it is SPS, PPS, VPS or (with `wrapping`) a delimiter or filler: no part of the picture itself."""
    kind = nal_type(nal, codec)
    if codec == "h264":
        return kind in _H264_PARAMETER_SETS or (wrapping and kind in _H264_WRAPPING)
    return kind in _HEVC_PARAMETER_SETS or (wrapping and kind in _HEVC_WRAPPING)


def is_key(nals: list[bytes], codec: str) -> bool:
    """Whether decoding can begin at this access unit: it has an IDR (H.264) or any IRAP (H.265) slice."""
    kinds = {nal_type(nal, codec) for nal in nals}
    return 5 in kinds if codec == "h264" else any(16 <= kind <= 23 for kind in kinds)


def split_annexb(data: bytes) -> list[bytes]:
    """The NAL units between start codes (Annex B), without the zero bytes that pad them."""
    starts = [match.end() for match in _START_CODE.finditer(data)]
    ends = [start - 3 for start in starts[1:]] + [len(data)]
    nals = [data[start:end].rstrip(b"\x00") for start, end in zip(starts, ends, strict=True)]
    return [nal for nal in nals if nal]


def split_lengths(data: bytes, length_size: int = 4) -> list[bytes]:
    """The NAL units of an MP4 sample; raises ValueError where the lengths don't add up."""
    nals, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + length_size], "big")
        at += length_size
        if at + size > len(data):
            raise ValueError(f"a NAL unit of {size} bytes at {at} runs past the sample's {len(data)}")
        nals.append(data[at : at + size])
        at += size
    return nals
