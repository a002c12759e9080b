"""The rules for a camera's time stamps: missing, repeating, standing, jumping and wrapping ones (docs/time.md)."""

from typing import NamedTuple

from pynvr.media.delays import Delays

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
_BEFORE_ALL = -(1 << 62)


class Stamps(NamedTuple):
    """In ticks: presentation, decoding (strictly rising), duration (0 = unknown)."""

    pts: int
    dts: int
    duration: int


class Timestamps:
    """Makes one smooth clock of what a track says; knows nothing of the wall clock.

    Differences of good stamps are kept to the tick. `repaired` counts the frames that got another stamp than the
    camera's clock says; `jumps` the times at which that clock turned out to be another one; `delays` how late the
    frames arrived.
    """

    def __init__(self, timescale: int, may_reorder: bool = True) -> None:
        self.repaired = 0
        self.jumps = 0
        self.delays = Delays()
        self._timescale = timescale
        self._tick_s = 1 / timescale
        self._jump = round(_JUMP_S * timescale)
        self._wrap_reach = round(_WRAP_REACH_S * timescale)
        self._may_reorder = may_reorder
        self._reorders = False
        self._frames = 0
        self._missing = 0  # frames in a row without a stamp
        self._missing_at = 0  # where the last of them was placed
        self._offset: int | None = None  # our clock minus the camera's, once the camera gave a stamp
        self._highest = 0  # the latest pts given out
        self._last_dts = _BEFORE_ALL
        self._last_duration = 0
        self._last_arrival_s = 0.0
        self._step = 0  # the usual distance of two frames
        self._recent: list[int] = []

    @property
    def has_begun(self) -> bool:
        """Whether there was a frame."""
        return self._frames > 0

    def repair(self, pts: int | None, dts: int | None, duration: int, arrival_s: float) -> tuple[int, int, int]:
        """The frame's place on the smooth clock, as in `Stamps`; `arrival_s` is monotonic, `None` a missing stamp."""
        if pts is None or pts != dts or self._offset is None or self._reorders:
            return self._repair(pts, dts, duration, arrival_s)
        # By far the most frames: as far after the last one as they should be. One that isn't takes the long way.
        placed = pts + self._offset
        if not 0 < placed - self._highest <= self._jump or self._frames < _FRAMES_TO_SHOW_B:
            return self._repair(pts, dts, duration, arrival_s)
        self._step = placed - self._highest
        self._highest = self._last_dts = placed
        self._last_duration = duration
        self._last_arrival_s = arrival_s
        delay_s = arrival_s - placed * self._tick_s
        delays = self.delays
        if delay_s < delays.least_s or arrival_s >= delays.window_end_s:
            delays.note(delay_s, arrival_s)
        return placed, placed, duration or self._step

    def _repair(self, pts: int | None, dts: int | None, duration: int, arrival_s: float) -> Stamps:
        elapsed = max(0, round((arrival_s - self._last_arrival_s) * self._timescale)) if self._frames else 0
        stamp = dts if pts is None else pts
        if not self._frames:
            placed = self._first(stamp)
        elif stamp is None:
            placed = self._without_stamp(elapsed)
        else:
            placed = self._with_stamp(stamp, dts, arrival_s, elapsed)
        return self._give(placed, dts, duration, arrival_s)

    def _first(self, stamp: int | None) -> int:
        if stamp is None:
            self._missing = 1
            self.repaired += 1
            return 0
        self._offset = 0
        return stamp

    def _without_stamp(self, elapsed: int) -> int:
        # Only frames that come here are counted: by where they were placed it is seen whether good ones came between.
        self._missing = self._missing + 1 if self._missing_at == self._highest else 1
        self.repaired += 1
        step = self._last_duration or self._step
        by_step = step and self._missing <= _LONGEST_BY_STEP
        self._missing_at = self._highest + max(1, step if by_step else elapsed)
        return self._missing_at

    def _with_stamp(self, stamp: int, dts: int | None, arrival_s: float, elapsed: int) -> int:
        self._missing = 0
        if self._offset is None:
            # The first stamp of the stream, after frames that had none.
            self._offset = self._highest + self._advance(elapsed) - stamp
            if self._frames == 1 and self._may_reorder and dts is None and 0 < stamp < self._jump:
                # libav counts from the first frame, but keeps that one's stamp to itself if B-frames follow: they are
                # shown between it and this one, however soon this one arrived.
                self._offset = self._highest
        placed = self._unwrapped(stamp + self._offset)
        if placed > self._highest:
            ahead = placed - self._now(arrival_s)
            return self._jumped(placed, elapsed) if ahead > max(self._jump, _STEPS_TO_JUMP * self._step) else placed
        if self._is_reordered(placed, dts):
            return placed
        if self._highest - placed >= self._jump:
            return self._jumped(placed, elapsed)
        # Standing or repeated: as late as the frame arrived, for the next good stamp to follow.
        self.repaired += 1
        return max(self._highest + 1, min(self._now(arrival_s), self._highest + elapsed))

    def _now(self, arrival_s: float) -> int:
        """What a frame that arrives undelayed is stamped."""
        return round((arrival_s - self.delays.lowest_s()) * self._timescale)

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
            self._reorders = True
            return True
        if self._reorders or self._frames < _FRAMES_TO_SHOW_B:
            self._reorders = True
            return self._highest - placed < self._jump
        return False

    def _give(self, pts: int, dts: int | None, duration: int, arrival_s: float) -> Stamps:
        if self._frames:
            if pts > self._highest and not self._reorders:
                self._step = pts - self._highest
            self._highest = max(self._highest, pts)
        else:
            self._highest = pts
        decode = pts if dts is None or self._offset is None else min(pts, dts + self._offset)
        if decode <= self._last_dts:
            decode = pts if pts > self._last_dts else self._last_dts + 1
        delay_s = arrival_s - pts * self._tick_s
        if delay_s < self.delays.least_s or arrival_s >= self.delays.window_end_s:
            self.delays.note(delay_s, arrival_s)
        self._last_dts = decode
        self._last_duration = duration
        self._last_arrival_s = arrival_s
        self._frames += 1
        self._recent.append(pts)
        if len(self._recent) > _DEEPEST_REORDER:
            del self._recent[0]
        return Stamps(pts, decode, duration or self._step)
