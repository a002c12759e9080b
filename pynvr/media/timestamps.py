"""The rules for a camera's time stamps: missing, repeating, standing, jumping and wrapping ones (docs/time.md)."""

from typing import NamedTuple

# RTP's clock, MPEG's 33 bits.
_WRAPS = (1 << 32, 1 << 33)
# A stamp this far from where it should be is another clock, not the same one late or reordered.
_JUMP_S = 1.0
# A camera of few frames a second takes larger steps than a second.
_STEPS_TO_JUMP = 3
# A wrap is only believed if it leads to within this of the last frame.
_WRAP_REACH_S = 10.0
# The deepest reordering that H.264 and H.265 allow is 16 frames.
_DEEPEST_REORDER = 16
# A stream that didn't reorder by now has no B-frames.
_FRAMES_TO_SHOW_B = 32
# Missing stamps are bridged by the usual step so long; then the arrival is the better clock.
_LONGEST_BY_STEP = 3
# Share by which the least delay may grow while the camera's clock is slow.
_LEAK = 50


class Stamps(NamedTuple):
    """In ticks: presentation, decoding (strictly rising), duration (0 = unknown)."""

    pts: int
    dts: int
    duration: int


class Timestamps:
    """Makes one smooth clock of what a track says; knows nothing of the wall clock.

    Differences of good stamps are kept to the tick. `repaired` counts the frames that got another stamp than the
    camera's clock says; `jumps` the times at which that clock turned out to be another one.
    """

    def __init__(self, timescale: int, may_reorder: bool = True) -> None:
        self.repaired = 0
        self.jumps = 0
        self._timescale = timescale
        self._jump = round(_JUMP_S * timescale)
        self._wrap_reach = round(_WRAP_REACH_S * timescale)
        self._may_reorder = may_reorder
        self._reorders = False
        self._frames = 0
        self._missing = 0  # frames in a row without a stamp
        self._offset: int | None = None  # our clock minus the camera's, once the camera gave a stamp
        self._highest = 0  # the latest pts given out
        self._last_dts = -1
        self._last_duration = 0
        self._last_arrival = 0
        self._least_lag = 0  # arrival minus pts of the frame that was least delayed
        self._step = 0  # the usual distance of two frames
        self._recent: list[int] = []

    @property
    def has_begun(self) -> bool:
        """Whether there was a frame."""
        return self._frames > 0

    def repair(self, pts: int | None, dts: int | None, duration: int, arrival_s: float) -> Stamps:
        """The frame's place on the smooth clock; `arrival_s` is monotonic, `None` a stamp that is missing."""
        arrival = round(arrival_s * self._timescale)
        elapsed = max(0, arrival - self._last_arrival) if self._frames else 0
        stamp = dts if pts is None else pts
        if not self._frames:
            placed = self._first(stamp)
        elif stamp is None:
            placed = self._without_stamp(elapsed)
        else:
            placed = self._with_stamp(stamp, dts, arrival, elapsed)
        return self._give(placed, dts, duration, arrival, elapsed)

    def _first(self, stamp: int | None) -> int:
        if stamp is None:
            self._missing = 1
            self.repaired += 1
            return 0
        self._offset = 0
        return stamp

    def _without_stamp(self, elapsed: int) -> int:
        self._missing += 1
        self.repaired += 1
        step = self._last_duration or self._step
        by_step = step and self._missing <= _LONGEST_BY_STEP
        return self._highest + max(1, step if by_step else elapsed)

    def _with_stamp(self, stamp: int, dts: int | None, arrival: int, elapsed: int) -> int:
        self._missing = 0
        if self._offset is None:
            # The first stamp of the stream, after frames that had none.
            self._offset = self._highest + self._advance(elapsed) - stamp
        placed = self._unwrapped(stamp + self._offset)
        if placed > self._highest:
            ahead = placed - (arrival - self._least_lag)
            return self._jumped(placed, elapsed) if ahead > max(self._jump, _STEPS_TO_JUMP * self._step) else placed
        if self._is_reordered(placed, dts):
            return placed
        if self._highest - placed >= self._jump:
            return self._jumped(placed, elapsed)
        # Standing or repeated: as late as the frame arrived, for the next good stamp to follow.
        self.repaired += 1
        return max(self._highest + 1, min(arrival - self._least_lag, self._highest + elapsed))

    def _unwrapped(self, placed: int) -> int:
        if self._highest - placed < self._jump:
            return placed
        for wrap in _WRAPS:
            if abs(placed + wrap - self._highest) < self._wrap_reach:
                assert self._offset is not None
                self._offset += wrap
                return placed + wrap
        return placed

    def _jumped(self, placed: int, elapsed: int) -> int:
        """Another clock: it goes on from here as if nothing had happened, as much later as it arrived."""
        assert self._offset is not None
        bridged = self._highest + self._advance(elapsed)
        self._offset += bridged - placed
        self._recent.clear()
        self.repaired += 1
        self.jumps += 1
        return bridged

    def _advance(self, elapsed: int) -> int:
        usual = self._last_duration or self._step
        return max(1, elapsed if 2 * elapsed >= usual else usual)

    def _is_reordered(self, placed: int, dts: int | None) -> bool:
        """Whether an earlier pts is a B-frame's, not a clock that stands or jumped."""
        if not self._may_reorder or placed in self._recent:
            return False
        if len(self._recent) == _DEEPEST_REORDER and placed < min(self._recent):
            return False
        assert self._offset is not None
        if dts is not None and self._last_dts < dts + self._offset <= placed:
            return True
        if self._reorders or self._frames < _FRAMES_TO_SHOW_B:
            self._reorders = True
            return self._highest - placed < self._jump
        return False

    def _give(self, pts: int, dts: int | None, duration: int, arrival: int, elapsed: int) -> Stamps:
        if self._frames and pts > self._highest and not self._reorders:
            step = pts - self._highest
            self._step = (7 * self._step + step) // 8 if self._step else step
        decode = pts if dts is None or self._offset is None else min(pts, dts + self._offset)
        if decode <= self._last_dts and self._frames:
            decode = pts if pts > self._last_dts else self._last_dts + 1
        lag = arrival - pts
        self._least_lag = min(self._least_lag + elapsed // _LEAK, lag) if self._frames else lag
        self._highest = max(self._highest, pts) if self._frames else pts
        self._last_dts = decode
        self._last_duration = duration
        self._last_arrival = arrival
        self._frames += 1
        self._recent.append(pts)
        if len(self._recent) > _DEEPEST_REORDER:
            del self._recent[0]
        return Stamps(pts, decode, duration or self._step)
