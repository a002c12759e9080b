"""RTP and RTCP packets (RFC 3550) and their framing inside RTSP's TCP connection (RFC 2326 §10.12)."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

_RTP = struct.Struct(">BBHII")
_INTERLEAVED = struct.Struct(">BBHBBHII")
_SENDER_REPORT = struct.Struct(">BBHIIIIII")
_NTP_EPOCH_S = 2_208_988_800

HEADER_BYTES = 12
_VERSION = 0x80
_MARKER = 0x80
_MASK32 = 0xFFFFFFFF

# Bytes of framed packets that are kept for the next client; clients of one clip are at most a GOP apart.
_KEPT_BYTES = 32 << 20


class SharedBytes:
    """Framed packets by what they were made from; the oldest are forgotten."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, int, int, int], bytes] = {}
        self._size = 0

    def get(self, key: tuple[int, int, int, int], make: Callable[[], bytes]) -> bytes:
        data = self._made.get(key)
        if data is None:
            data = self._made[key] = make()
            self._size += len(data)
            while self._size > _KEPT_BYTES:
                self._size -= len(self._made.pop(next(iter(self._made))))
        return data


@dataclass(frozen=True, slots=True)
class Packets:
    """The packets of one frame: a payload each, numbered from `sequence`; the last one gets the marker.

    `share`: for frames that several clients are sent as the same bytes, what names them.
    """

    payloads: list[bytes]
    payload_type: int
    sequence: int
    time: int
    source: int
    share: tuple[SharedBytes, int] | None = None

    def _kind(self, index: int) -> int:
        return self.payload_type | (_MARKER if index == len(self.payloads) - 1 else 0)

    def datagrams(self) -> list[bytes]:
        return [
            _RTP.pack(_VERSION, self._kind(index), (self.sequence + index) & 0xFFFF, self.time, self.source) + payload
            for index, payload in enumerate(self.payloads)
        ]

    def interleaved(self, channel: int) -> bytes:
        """All of them as one piece of the TCP stream; made once if it is shared."""
        if self.share is None:
            return self._framed(channel)
        shared, number = self.share
        return shared.get((number, self.sequence, self.time, channel), lambda: self._framed(channel))

    def _framed(self, channel: int) -> bytes:
        pieces: list[bytes] = []
        for index, payload in enumerate(self.payloads):
            size, sequence = HEADER_BYTES + len(payload), (self.sequence + index) & 0xFFFF
            header = (0x24, channel, size, _VERSION, self._kind(index), sequence, self.time, self.source)
            pieces += (_INTERLEAVED.pack(*header), payload)
        return b"".join(pieces)


def frame(channel: int, packet: bytes) -> bytes:
    """One packet of any kind, framed for the TCP stream."""
    return struct.pack(">BBH", 0x24, channel, len(packet)) + packet


def sender_report(source: int, name: str, *, wall_us: int, time: int, packets: int, octets: int) -> bytes:
    """SR with the pair (wall clock, RTP time), followed by the SDES that a compound packet needs (§6.1)."""
    seconds, microseconds = divmod(wall_us, 1_000_000)
    fraction = (microseconds << 32) // 1_000_000
    report = _SENDER_REPORT.pack(
        _VERSION, 200, 6, source, seconds + _NTP_EPOCH_S, fraction, time & _MASK32, packets & _MASK32, octets & _MASK32
    )
    text = name.encode()[:255]
    item = bytes((1, len(text))) + text + b"\x00"
    chunk = struct.pack(">I", source) + item + bytes(-len(item) % 4)
    return report + struct.pack(">BBH", _VERSION | 1, 202, len(chunk) // 4) + chunk
