"""How late a track's frames arrive by its own clock: arrival minus media time, of which the least is the truest."""

# The least-delayed frame is sought in the last one to two of these.
WINDOW_S = 30.0
# A drift is only told after this long: before, jitter looks like drift.
_DRIFT_AFTER_S = 120.0
# A change of the least delay by more than this is another clock, not drift.
_OTHER_CLOCK_S = 1.0


class Delays:
    """The least delay of the last windows, and how it wanders. Seconds on the monotonic clock minus media seconds.

    `least_s`: in the present window; `window_end_s`: when that closes. `note` is to be called for a frame with less
    delay than `least_s`, and for the first one after `window_end_s`; others change nothing.
    """

    __slots__ = ("_before_s", "_first", "_last", "least_s", "window_end_s")

    def __init__(self) -> None:
        self.least_s = float("inf")
        self.window_end_s = 0.0
        self._before_s = float("inf")
        self._first: tuple[float, float] | None = None  # arrival, least delay: where drift is counted from
        self._last: tuple[float, float] | None = None

    @property
    def is_known(self) -> bool:
        return self.least_s != float("inf")

    def note(self, delay_s: float, arrival_s: float) -> None:
        if arrival_s >= self.window_end_s:
            if self.is_known:
                self._close(arrival_s)
            self.window_end_s = arrival_s + WINDOW_S
        self.least_s = min(self.least_s, delay_s)

    def lowest_s(self) -> float:
        """The least delay of the last one to two windows; infinite before the first frame."""
        return min(self.least_s, self._before_s)

    def drift_ppm(self) -> float:
        """How much faster than ours the track's clock runs; 0 until it can be told."""
        over_s = self.drift_over_s()
        if not over_s or self._first is None or self._last is None:
            return 0.0
        return (self._first[1] - self._last[1]) / over_s * 1e6

    def drift_over_s(self) -> float:
        """Over how long that was measured; 0 until it can be told."""
        if self._first is None or self._last is None or self._last[0] - self._first[0] < _DRIFT_AFTER_S:
            return 0.0
        return self._last[0] - self._first[0]

    def _close(self, at_s: float) -> None:
        self._last = (at_s, self.least_s)
        if self._first is None or abs(self.least_s - self._first[1]) > _OTHER_CLOCK_S:
            self._first = self._last
        self._before_s, self.least_s = self.least_s, float("inf")
