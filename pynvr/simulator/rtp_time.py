"""The RTP time of a track's media, as its camera's faults bend it."""

from pynvr.simulator.fault_state import FaultState


class RtpTime:
    """`first`: RTP time of media time 0; `clock`: ticks a second of both."""

    def __init__(self, first: int, clock: int, faults: FaultState) -> None:
        self.first = first & 0xFFFFFFFF
        self.clock = clock
        self._faults = faults
        self._last = self.first
        self._standing = False

    def of(self, media_time: int) -> int:
        """32 bits; while times stand, the last one given before."""
        if not self._faults.standing:
            shift = round(self._faults.shift_s * self.clock)
            self._last = (self.first + media_time + shift) & 0xFFFFFFFF
        return self._last
