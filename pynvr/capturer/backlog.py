"""Whether looking keeps up with the stream."""

LATE_S = 1.0
# Clocks of cameras go wrong by some parts in 10,000: the least delay seen is forgotten at that pace.
_FORGOTTEN = 1e-3


class Backlog:
    """How late frames come to be looked at, beyond the least delay there was; seconds."""

    def __init__(self) -> None:
        self._least_s: float | None = None
        self._at_s = 0.0

    def late_s(self, stream_s: float, now_s: float) -> float:
        """Of a frame with this place on the stream's clock, looked at now (monotonic)."""
        delay_s = now_s - stream_s
        if self._least_s is None:
            self._least_s, self._at_s = delay_s, now_s
        self._least_s = min(delay_s, self._least_s + (now_s - self._at_s) * _FORGOTTEN)
        self._at_s = now_s
        return delay_s - self._least_s
