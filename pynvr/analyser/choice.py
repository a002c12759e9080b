"""Which frames to decode: as few as the wanted pace allows, and none that are late. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynvr.archive.chunk import BlockFrame

# Cameras whose every frame is a keyframe need not be looked at each time.
MOST_KEYFRAMES_FPS = 2.0
# A frame that comes a little early is taken: a keyframe, which costs least, well before its time.
_EARLY = 0.95
_EARLY_KEYFRAME = 0.7
# Who lies further behind leaves out what is between.
LATE_US = 3_000_000
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """Frames to decode one after the other; the last one's picture is wanted.

    `from_keyframe`: they begin with one, else they follow what was decoded last. `missed`: pictures that were wanted
    before it and are left out, for it was too late for them.
    """

    frames: tuple[BlockFrame, ...]
    from_keyframe: bool
    missed: int


class Choice:
    """Of one camera's video. `fps` 0 = keyframes only."""

    def __init__(self) -> None:
        self.missed = 0
        self._waiting: list[BlockFrame] = []
        self._follows = False
        self._last_us = 0
        self._begun_us: int | None = None  # the chunk, as far as it was seen; in a gap before it nothing is missed

    def restart(self) -> None:
        """Another chunk begins: what waits of the last one is no longer wanted."""
        self._waiting = []
        self._follows = False
        self._begun_us = None

    def take(self, frames: Sequence[BlockFrame], fps: float) -> Run | None:
        """What to decode of these frames, which follow those of the last call; None = nothing yet."""
        self._waiting += frames
        if not self._waiting:
            return None
        if self._begun_us is None:
            self._begun_us = self._waiting[0].time_us
        if self._waiting[-1].time_us < self._last_us - _SECOND_US:
            self._last_us = 0  # the clock was set back: nobody waits until it is as late again
        run = self._keyframe(fps) or (self._between(fps) if fps > 0 else None)
        if run is not None:
            self._last_us = run.frames[-1].time_us
            self.missed += run.missed
        elif fps == 0:
            self._waiting = []
        return run

    def _keyframe(self, fps: float) -> Run | None:
        """The newest keyframe, if it is time for one: whatever lies before it needn't be decoded."""
        pace_fps = fps or MOST_KEYFRAMES_FPS
        due_us = self._last_us + _EARLY_KEYFRAME * _SECOND_US / pace_fps
        due = [place for place, frame in enumerate(self._waiting) if frame.is_key and frame.time_us >= due_us]
        if not due:
            return None
        keyframe = self._waiting[due[-1]]
        missed = self._passed_over(due) if fps == 0 else self._wanted_before(keyframe.time_us, fps)
        self._waiting = self._waiting[due[-1] + 1 :]
        self._follows = True
        return Run((keyframe,), True, missed if self._last_us else 0)

    def _between(self, fps: float) -> Run | None:
        newest = self._waiting[-1]
        starts = next((place for place, frame in enumerate(self._waiting) if frame.is_key), None)
        if not self._follows and starts is None:
            self._waiting = []
            return None
        if newest.time_us - self._waiting[0].time_us > LATE_US + _SECOND_US / fps:
            # It would take long to decode all of it, and then the next would be late too.
            self._waiting, self._follows = [], False
            return None
        if newest.time_us < self._last_us + _EARLY * _SECOND_US / fps:
            return None
        # A keyframe that came too early to be wanted for itself still spares what lies before it.
        from_keyframe = starts is not None
        frames = tuple(self._waiting[starts or 0 :])
        self._waiting, self._follows = [], True
        return Run(frames, from_keyframe, self._wanted_before(newest.time_us, fps))

    def _passed_over(self, due: Sequence[int]) -> int:
        """Of these keyframes, all but the last that would have been looked at, had they come one by one."""
        pace_us = _EARLY_KEYFRAME * _SECOND_US / MOST_KEYFRAMES_FPS
        count, last_us = 0, self._last_us
        for place in due[:-1]:
            at_us = self._waiting[place].time_us
            if at_us - last_us >= pace_us and self._waiting[due[-1]].time_us - at_us >= pace_us:
                count, last_us = count + 1, at_us
        return count

    def _wanted_before(self, at_us: int, fps: float) -> int:
        if not self._last_us:
            return 0
        since_us = max(self._last_us, self._begun_us or 0)
        return max(0, round((at_us - since_us) * fps / _SECOND_US) - 1)
