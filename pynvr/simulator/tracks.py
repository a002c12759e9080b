"""How one track's packets reach one client: inside the RTSP connection, or by UDP."""

import os
import random
import socket
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from pynvr.simulator.loop import Loop
from pynvr.simulator.outbox import Outbox
from pynvr.simulator.rtp import Packets, frame

# A keyframe handed to UDP at once overruns the client's buffer; cameras send at their network's speed.
_BURST_PACKETS = 12
_BURST_PAUSE_S = 0.001


class TrackSender(Protocol):
    """One client's track. `send` gives whether all packets were handed on as they are."""

    def send(self, packets: Packets, loss: float, garbage_bytes: int) -> bool: ...
    def send_control(self, packet: bytes) -> None: ...
    def send_noise(self, size_bytes: int) -> None: ...


class TcpTrack:
    """RTP interleaved in the RTSP connection, on two of its channels."""

    def __init__(self, outbox: Outbox, rtp_channel: int, rtcp_channel: int) -> None:
        self._outbox = outbox
        self._rtp = rtp_channel
        self._rtcp = rtcp_channel

    def send(self, packets: Packets, loss: float, garbage_bytes: int) -> bool:
        if not loss and not garbage_bytes:
            self._outbox.put(packets.interleaved(self._rtp))
            return True
        made = _damaged(packets, loss, garbage_bytes)
        for packet in made.packets:
            self._outbox.put(frame(self._rtp, packet))
        return made.intact

    def send_control(self, packet: bytes) -> None:
        self._outbox.put(frame(self._rtcp, packet))

    def send_noise(self, size_bytes: int) -> None:
        self._outbox.put(os.urandom(size_bytes))


class UdpTrack:
    """RTP and RTCP from the camera's two ports to the client's two."""

    def __init__(
        self, loop: Loop, rtp: socket.socket, rtcp: socket.socket, rtp_to: tuple[str, int], rtcp_to: tuple[str, int]
    ) -> None:
        self._loop = loop
        self._rtp = rtp
        self._rtcp = rtcp
        self._rtp_to = rtp_to
        self.rtcp_to = rtcp_to
        self._waiting: deque[bytes] = deque()

    def send(self, packets: Packets, loss: float, garbage_bytes: int) -> bool:
        made = _damaged(packets, loss, garbage_bytes)
        self._queue(made.packets)
        return made.intact

    def send_control(self, packet: bytes) -> None:
        self._send(self._rtcp, packet, self.rtcp_to)

    def send_noise(self, size_bytes: int) -> None:
        self._queue([os.urandom(min(1400, size_bytes - at)) for at in range(0, size_bytes, 1400)])

    def _queue(self, packets: list[bytes]) -> None:
        idle = not self._waiting
        self._waiting.extend(packets)
        if idle:
            self._burst()

    def _burst(self) -> None:
        for _ in range(min(_BURST_PACKETS, len(self._waiting))):
            self._send(self._rtp, self._waiting.popleft(), self._rtp_to)
        if self._waiting:
            self._loop.at(self._loop.now_s() + _BURST_PAUSE_S, self._burst)

    @staticmethod
    def _send(sock: socket.socket, packet: bytes, to: tuple[str, int]) -> None:
        try:
            sock.sendto(packet, to)
        except OSError:
            pass  # as on a real network: a packet that can't go is lost, nobody is told


@dataclass(frozen=True, slots=True)
class _Made:
    packets: list[bytes]
    intact: bool


def _damaged(packets: Packets, loss: float, garbage_bytes: int) -> _Made:
    made = packets.datagrams()
    intact = garbage_bytes == 0
    for index, payload in enumerate(packets.payloads):
        if garbage_bytes <= 0:
            break
        made[index] = made[index][:12] + os.urandom(len(payload))
        garbage_bytes -= len(payload)
    if loss:
        kept = [packet for packet in made if random.random() >= loss]
        intact = intact and len(kept) == len(made)
        made = kept
    return _Made(made, intact)
