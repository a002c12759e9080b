"""What a client was sent: the record by which tests prove that nothing was lost, added or changed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pynvr.simulator.nal import is_parameter_set, split_annexb, split_lengths

Track = Literal["video", "audio"]


@dataclass(frozen=True, slots=True)
class SentUnit:
    """One access unit (video) or audio frame, as sent to one client.

    `number`: place among the session's units of this track, from 0. `sha256`: of all NAL units in order, each with
    a 4-byte big-endian length in front (for audio: of the frame's bytes); `core_sha256`: the same without parameter
    sets, access unit delimiters and filler, so that it doesn't depend on who repeats them where.
    `rtp_time`: as in the packets, 32 bits. `media_time`: ticks of the same clock since the session's PLAY, without
    faults. `wall_us`: when it was handed to the socket, UTC. `captured_us`: when the picture was taken (the time
    burnt in, for a live scene; else equal to when it was due).
    `whole`: every byte of it reached the kernel and no packet was left out by a fault.
    """

    track: Track
    number: int
    sha256: str
    core_sha256: str
    size_bytes: int
    is_key: bool
    rtp_time: int
    media_time: int
    wall_us: int
    captured_us: int
    whole: bool


@dataclass(frozen=True, slots=True)
class SentSession:
    """All that one client was sent between PLAY and its end.

    `client`: its address; `ended_us`: 0 while it plays. `dropped_units`: oldest ones that are no longer listed.
    """

    client: str
    transport: Literal["tcp", "udp"]
    began_us: int
    ended_us: int
    end: str
    dropped_units: int
    units: tuple[SentUnit, ...]

    def track(self, track: Track) -> list[SentUnit]:
        return [unit for unit in self.units if unit.track == track]


def hash_nals(nals: Iterable[bytes | memoryview]) -> str:
    """`SentUnit.sha256` of an access unit given as its NAL units."""
    digest = hashlib.sha256()
    for nal in nals:
        digest.update(len(nal).to_bytes(4, "big"))
        digest.update(nal)
    return digest.hexdigest()


def hash_core(nals: Iterable[bytes], codec: str) -> str:
    """`SentUnit.core_sha256` of an access unit given as its NAL units; `codec` is `h264` or `hevc`."""
    return hash_nals(nal for nal in nals if not is_parameter_set(nal, codec))


def hash_sample(sample: bytes, codec: str) -> str:
    """`core_sha256` of an MP4 sample (4-byte lengths), as PyNVR's chunks and segments hold it."""
    return hash_core(split_lengths(sample), codec)


def hash_annexb(data: bytes, codec: str) -> str:
    """`core_sha256` of an access unit with start codes, as PyAV gives it from RTSP."""
    return hash_core(split_annexb(data), codec)
