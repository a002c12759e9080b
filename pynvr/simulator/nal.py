"""NAL units as the simulator handles them: cut out, and told by what they carry."""

from pynvr.model.nal import NAL_CODECS, annexb_spans, length_prefixed_spans

# Types that carry no picture of their own, besides the parameter sets that a decoder must have: extensions of them,
# access unit delimiter, end of sequence or stream, filler.
_MORE_SETS = {"h264": frozenset({13, 15}), "hevc": frozenset[int]()}
_WRAPPING = {"h264": frozenset({9, 10, 11, 12}), "hevc": frozenset({35, 36, 37, 38})}


def nal_type(nal: bytes | memoryview, codec: str) -> int:
    """`nal_unit_type` of a unit without start code or length."""
    return NAL_CODECS[codec].type_of(nal[0])


def is_parameter_set(nal: bytes | memoryview, codec: str, wrapping: bool = True) -> bool:
    """Whether it is SPS, PPS, VPS or (with `wrapping`) a delimiter or filler: no part of the picture itself."""
    kind = nal_type(nal, codec)
    if kind in NAL_CODECS[codec].parameter_sets or kind in _MORE_SETS[codec]:
        return True
    return wrapping and kind in _WRAPPING[codec]


def is_key(nals: list[bytes], codec: str) -> bool:
    """Whether decoding can begin at this access unit: it has an IDR (H.264) or any IRAP (H.265) slice."""
    return any(nal_type(nal, codec) in NAL_CODECS[codec].keys for nal in nals)


def split_annexb(data: bytes) -> list[bytes]:
    """The NAL units between start codes (Annex B)."""
    return [data[start:end] for start, end in annexb_spans(data)]


def split_lengths(data: bytes, length_size: int = 4) -> list[bytes]:
    """The NAL units of an MP4 sample; raises ValueError where the lengths don't add up."""
    spans = length_prefixed_spans(data, length_size)
    if data and not spans:
        raise ValueError(f"the lengths of the NAL units in a sample of {len(data)} bytes don't add up")
    return [data[start:end] for start, end in spans]
