"""Packets of a camera's access units, made once and shared by all its clients, and by all cameras of one clip."""

from dataclasses import dataclass

from pynvr.simulator.camera import Codec
from pynvr.simulator.clip import AccessUnit, VideoClip
from pynvr.simulator.payload import video_payloads
from pynvr.simulator.rtp import HEADER_BYTES, SharedBytes


@dataclass(frozen=True, slots=True)
class Packing:
    """How units become payloads."""

    codec: Codec
    packet_bytes: int
    aggregate: bool

    def payloads(self, unit: AccessUnit, with_sets: bool) -> list[bytes]:
        nals = (*unit.parameter_sets, *unit.nals) if with_sets else unit.nals
        return video_payloads(nals, self.codec, self.packet_bytes - HEADER_BYTES, self.aggregate)


class PackedClip:
    """A clip's units as payloads. `with_sets`: whether each keyframe has its parameter sets in front."""

    def __init__(self, clip: VideoClip, packing: Packing, with_sets: bool) -> None:
        self.clip = clip
        self.packing = packing
        self.with_sets = with_sets
        self.shared = SharedBytes()
        self.payloads = [packing.payloads(unit, with_sets) for unit in clip.units]
        self.first_packets = [0]
        for payloads in self.payloads:
            self.first_packets.append(self.first_packets[-1] + len(payloads))

    def packets_before(self, turn: int, index: int) -> int:
        """Packets from the loop's very start to this unit of this turn."""
        return turn * self.first_packets[-1] + self.first_packets[index]
