"""What can be wrong with a camera.

Conditions hold from when they are set until `clear`: `Stall`, `Refuse`, `WrongPassword`, `NotFound`, `NoAnswer`,
`StandingTimestamps`, `PacketLoss`. Events happen once: `Reset`, `Drop`, `Garbage`, `TimestampJump`,
`ResolutionChange`, `CodecChange` (the last two change what the camera sends until `clear`, new clients included).

Set with `SimulatorServer.fault` they act `after_s` seconds from then, on the clients of that moment. Listed in
`SimulatedCamera.faults` they act `after_s` seconds of media after PLAY in each session anew; those that concern the
connection itself (`Refuse`, `WrongPassword`, `NotFound`, `NoAnswer`) hold from the start.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Base of all; `after_s` seconds pass before it acts."""

    after_s: float = 0


@dataclass(frozen=True, slots=True)
class Stall(Fault):
    """Connected, but no packet comes; RTSP is still answered. The media's clock runs on."""


@dataclass(frozen=True, slots=True)
class Reset(Fault):
    """The TCP connection is reset (RST)."""


@dataclass(frozen=True, slots=True)
class Drop(Fault):
    """The TCP connection is closed (FIN) after what was already queued."""


@dataclass(frozen=True, slots=True)
class Refuse(Fault):
    """Nothing listens on the camera's port, as while it reboots; clients are reset."""


@dataclass(frozen=True, slots=True)
class WrongPassword(Fault):
    """Every DESCRIBE is answered with 401, whatever the credentials."""


@dataclass(frozen=True, slots=True)
class NotFound(Fault):
    """Every DESCRIBE is answered with 404."""


@dataclass(frozen=True, slots=True)
class NoAnswer(Fault):
    """The connection is accepted, and nothing is ever answered."""


@dataclass(frozen=True, slots=True)
class Garbage(Fault):
    """Random bytes in place of the next packets: in the RTP payloads, or (`framing`) in the TCP stream itself."""

    size_bytes: int = 4000
    framing: bool = False


@dataclass(frozen=True, slots=True)
class TimestampJump(Fault):
    """RTP times, of all tracks, jump by so many seconds (negative: back) while frames come as before."""

    seconds: float


@dataclass(frozen=True, slots=True)
class StandingTimestamps(Fault):
    """RTP times stay where they are while frames come as before; after `clear` they go on at the true time."""


@dataclass(frozen=True, slots=True)
class PacketLoss(Fault):
    """This share (0 … 1) of RTP packets is never sent; sequence numbers tell."""

    share: float


@dataclass(frozen=True, slots=True)
class ResolutionChange(Fault):
    """The next frame is a keyframe of another size, in the same session."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CodecChange(Fault):
    """The camera changes its codec.

    `reconnect`: sessions are closed and the next DESCRIBE tells the new codec, as cameras do that are set up anew;
    otherwise the new codec's packets follow in the same session under the old payload type.
    """

    codec: Literal["h264", "hevc"]
    reconnect: bool = True
