"""Where a track's own clock stands on the wall clock (docs/time.md)."""

from pynvr.base.clock import Clock
from pynvr.media.delays import Delays
from pynvr.model.ticks import MICROSECONDS, to_us

# A difference this large is corrected at once, with a new segment; smaller ones are steered away.
REANCHOR_US = 1_000_000
# Share of a difference that one segment border corrects, and the most of it.
_STEERED_SHARE = 2
_MOST_STEERED_US = 100_000


class ClockMap:
    """Maps ticks to UTC microseconds: the least-delayed frame of the last minute says what time it is.

    The map is fixed while a segment is recorded; `steer` moves it at a border. All delays are measured on the
    monotonic clock, so a step of the machine's clock is seen as such and doesn't look like a delay.
    """

    def __init__(self, timescale: int, delays: Delays, clock: Clock) -> None:
        self._timescale = timescale
        self._delays = delays
        self._clock = clock
        self._wall_us = self._wall_offset_us()
        self._shift_us: int | None = None  # wall time minus media time, as the segment uses it

    @property
    def wall_us(self) -> int:
        """Where the wall clock stood on the monotonic one when it was last looked at; a step when it was set."""
        return self._wall_us

    @property
    def is_observed(self) -> bool:
        """Whether there was a frame to tell the time by."""
        return self._delays.is_known

    @property
    def is_anchored(self) -> bool:
        return self._shift_us is not None

    def look_at_wall(self) -> None:
        """Compare the machine's two clocks; to be called about each second."""
        self._wall_us = self._wall_offset_us()

    def error_us(self) -> int:
        """How much later than it thinks the map should be; raises ValueError before `steer`."""
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
        return self._delays.drift_ppm()

    def drift_over_s(self) -> float:
        """Over how many seconds that was measured; 0 until it can be told."""
        return self._delays.drift_over_s()

    def _target_us(self) -> int:
        if not self._delays.is_known:
            raise ValueError("no frame was observed yet")
        return round(self._delays.lowest_s() * MICROSECONDS) + self._wall_us

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
        return to_us(pts, self._timescale)

    def _wall_offset_us(self) -> int:
        return self._clock.now_us() - round(self._clock.monotonic_s() * MICROSECONDS)
