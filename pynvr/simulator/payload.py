"""RTP payloads: H.264 (RFC 6184), H.265 (RFC 7798), AAC (RFC 3640), G.711 (RFC 3551)."""

import struct
from collections.abc import Sequence

from pynvr.simulator.camera import Codec

_STAP_A = 24
_FU_A = 28
_HEVC_AGGREGATION = 48
_HEVC_FRAGMENT = 49


def video_payloads(nals: Sequence[bytes], codec: Codec, largest: int, aggregate: bool) -> list[bytes]:
    """The payloads of one access unit, each at most `largest` bytes.

    A unit that fits goes alone, a longer one in fragments (FU-A, FU). With `aggregate`, small ones that follow each
    other (parameter sets, SEI) share a packet (STAP-A, AP).
    """
    payloads: list[bytes] = []
    small: list[bytes] = []
    room = largest
    for nal in nals:
        # Type, layer and such of the aggregation packet take up to 2 bytes, each unit's length 2.
        if aggregate and small and len(nal) + 2 <= room:
            small.append(nal)
            room -= len(nal) + 2
            continue
        payloads += _joined(small, codec)
        small = []
        if len(nal) > largest:
            payloads += _h264_fragments(nal, largest) if codec == "h264" else _hevc_fragments(nal, largest)
        else:
            small = [nal]
            room = largest - 2 - len(nal) - 2
    return payloads + _joined(small, codec)


def _joined(nals: list[bytes], codec: Codec) -> list[bytes]:
    if len(nals) < 2:
        return nals
    if codec == "h264":
        # RFC 6184 §5.7: F is or-ed, NRI the highest of all.
        header = bytes((max(nal[0] & 0x60 for nal in nals) | max(nal[0] & 0x80 for nal in nals) | _STAP_A,))
    else:
        # RFC 7798 §4.4.2: the lowest layer and temporal id of all.
        layer = min((nal[0] & 1) << 5 | nal[1] >> 3 for nal in nals)
        temporal = min(nal[1] & 7 for nal in nals)
        header = bytes((_HEVC_AGGREGATION << 1 | layer >> 5, (layer & 0x1F) << 3 | temporal))
    return [header + b"".join(struct.pack(">H", len(nal)) + nal for nal in nals)]


def _h264_fragments(nal: bytes, largest: int) -> list[bytes]:
    indicator = nal[0] & 0xE0 | _FU_A
    kind = nal[0] & 0x1F
    room = largest - 2
    return [
        bytes((indicator, (0x80 if at == 1 else 0) | (0x40 if at + room >= len(nal) else 0) | kind))
        + nal[at : at + room]
        for at in range(1, len(nal), room)
    ]


def _hevc_fragments(nal: bytes, largest: int) -> list[bytes]:
    first = nal[0] & 0x81 | _HEVC_FRAGMENT << 1
    kind = nal[0] >> 1 & 0x3F
    room = largest - 3
    return [
        bytes((first, nal[1], (0x80 if at == 2 else 0) | (0x40 if at + room >= len(nal) else 0) | kind))
        + nal[at : at + room]
        for at in range(2, len(nal), room)
    ]


def aac_payload(frame: bytes) -> bytes:
    """One AAC frame in mode AAC-hbr: one 16-bit AU header, 13 bits size and 3 bits index."""
    return struct.pack(">HH", 16, len(frame) << 3) + frame
