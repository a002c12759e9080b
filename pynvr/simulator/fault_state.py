"""What is wrong in one session at the moment, and what will be."""

from pynvr.simulator.faults import Fault, Garbage, PacketLoss, Stall, StandingTimestamps, TimestampJump


class FaultState:
    """Takes the faults that concern the packets; `changed` ones (codec, size, connection) are the session's matter."""

    def __init__(self, listed: tuple[Fault, ...]) -> None:
        self._listed = sorted(listed, key=lambda fault: fault.after_s)
        self.stalled = False
        self.standing = False
        self.loss = 0.0
        self.shift_s = 0.0
        self.garbage_bytes = 0
        self.noise_bytes = 0

    def due(self, elapsed_s: float) -> list[Fault]:
        """The listed faults whose time has come; each is given once."""
        found = []
        while self._listed and self._listed[0].after_s <= elapsed_s:
            found.append(self._listed.pop(0))
        return found

    def apply(self, fault: Fault) -> bool:
        """Take the fault if it is about packets; False if it isn't."""
        match fault:
            case Stall():
                self.stalled = True
            case StandingTimestamps():
                self.standing = True
            case PacketLoss():
                self.loss = fault.share
            case TimestampJump():
                self.shift_s += fault.seconds
            case Garbage(framing=True):
                self.noise_bytes += fault.size_bytes
            case Garbage():
                self.garbage_bytes += fault.size_bytes
            case _:
                return False
        return True

    def clear(self) -> None:
        """End the conditions and forget what was to come; a jump that happened stays."""
        self._listed = []
        self.stalled = self.standing = False
        self.loss = 0.0
        self.garbage_bytes = self.noise_bytes = 0
