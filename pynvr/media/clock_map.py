"""Where a track's own clock stands on the wall clock (docs/time.md)."""

from pynvr.base.clock import Clock

_MICROSECONDS = 1_000_000
# A difference this large is corrected at once, with a new segment; smaller ones are steered away.
REANCHOR_US = 1_000_000
# Share of a difference that one segment border corrects, and the most of it.
_STEERED_SHARE = 2
_MOST_STEERED_US = 100_000
# The least-delayed frame is sought in the last one to two of these.
_WINDOW_US = 30_000_000
# A drift is only told after this long: before, jitter looks like drift.
_DRIFT_AFTER_US = 120_000_000


class ClockMap:
    """Maps ticks to UTC microseconds: the least-delayed frame of the last minute says what time it is.

    The map is fixed while a segment is recorded; `steer` moves it at a border. All delays are measured on the
    monotonic clock, so a step of the machine's clock is seen as such and doesn't look like a delay.
    """

    def __init__(self, timescale: int, clock: Clock) -> None:
        self._timescale = timescale
        self._clock = clock
        self._wall_us = self._wall_offset_us()
        self._least_us: int | None = None  # arrival minus media time, in this window
        self._least_before_us: int | None = None  # and in the window before
        self._window_end_us = 0
        self._shift_us: int | None = None  # wall time minus media time, as the segment uses it
        self._first_least: tuple[int, int] | None = None  # monotonic instant, delay: where the drift is counted from
        self._last_least: tuple[int, int] | None = None

    @property
    def is_anchored(self) -> bool:
        return self._shift_us is not None

    @property
    def is_observed(self) -> bool:
        """Whether there was a frame to tell the time by."""
        return self._least_us is not None

    def observe(self, pts: int, arrival_s: float) -> None:
        """A frame of the track was read at this monotonic second."""
        arrival_us = round(arrival_s * _MICROSECONDS)
        delay_us = arrival_us - self._media_us(pts)
        if self._least_us is None or delay_us < self._least_us:
            self._least_us = delay_us
        if arrival_us >= self._window_end_us:
            if self._window_end_us:
                self._close_window(arrival_us, delay_us)
            self._window_end_us = arrival_us + _WINDOW_US

    def look_at_wall(self) -> None:
        """Compare the machine's two clocks; to be called about each second."""
        self._wall_us = self._wall_offset_us()

    def error_us(self) -> int:
        """How much later than it thinks the map should be; raises ValueError before the first frame."""
        return self._target_us() - self._steady_shift_us()

    def is_off(self) -> bool:
        """Whether the next keyframe should start a segment with a new anchor."""
        return self._shift_us is not None and abs(self.error_us()) > REANCHOR_US

    def steered_time_us(self, pts: int) -> int:
        """The wall time that the frame would have if a segment began with it."""
        return self._media_us(pts) + self._steered_shift_us()

    def steer(self) -> None:
        """A segment begins: move the map towards what the frames say, or set it anew."""
        self._shift_us = self._steered_shift_us()

    def time_us(self, pts: int) -> int:
        """The wall time of the frame by the present map; raises ValueError before `steer`."""
        return self._media_us(pts) + self._steady_shift_us()

    def drift_ppm(self) -> float:
        """How much faster than ours the camera's clock runs; 0 until it can be told."""
        if self._first_least is None or self._last_least is None:
            return 0.0
        since_us, first_us = self._first_least
        until_us, last_us = self._last_least
        if until_us - since_us < _DRIFT_AFTER_US:
            return 0.0
        return (first_us - last_us) / (until_us - since_us) * 1e6

    def _close_window(self, at_us: int, delay_us: int) -> None:
        assert self._least_us is not None
        self._last_least = (at_us, self._least_us)
        if self._first_least is None or abs(self._least_us - self._first_least[1]) > REANCHOR_US:
            self._first_least = self._last_least
        self._least_before_us, self._least_us = self._least_us, delay_us

    def _target_us(self) -> int:
        if self._least_us is None:
            raise ValueError("no frame was observed yet")
        least_us = self._least_us if self._least_before_us is None else min(self._least_us, self._least_before_us)
        return least_us + self._wall_us

    def _steady_shift_us(self) -> int:
        if self._shift_us is None:
            raise ValueError("the map has no anchor yet")
        return self._shift_us

    def _steered_shift_us(self) -> int:
        target_us = self._target_us()
        if self._shift_us is None or abs(target_us - self._shift_us) > REANCHOR_US:
            return target_us
        correction_us = (target_us - self._shift_us) // _STEERED_SHARE
        return self._shift_us + max(-_MOST_STEERED_US, min(_MOST_STEERED_US, correction_us))

    def _media_us(self, pts: int) -> int:
        return (2 * pts * _MICROSECONDS + self._timescale) // (2 * self._timescale)

    def _wall_offset_us(self) -> int:
        return self._clock.now_us() - round(self._clock.monotonic_s() * _MICROSECONDS)
