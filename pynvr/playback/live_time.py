"""Where a live stream's frames lie on the time line of its viewers: without holes and never backwards.

The line begins at 0 with the first frame and runs on with the camera's own clock. Where that breaks (the camera was
connected anew, its clock jumped) the next frame follows the last one; what wall time the line stands for is said anew.
"""

from collections import deque
from collections.abc import Iterable
from itertools import pairwise

from pynvr.archive.chunk import BlockFrame
from pynvr.model.frame import VIDEO_TRACK
from pynvr.model.ticks import MICROSECONDS

# A clock that goes on after a longer silence counts as another.
_LONGEST_PAUSE_S = 10
# Sound further than this from its pictures is put back to them.
_SOUND_OFF_US = 120_000
_LONGEST_STEP_S = 1
_USUAL_FRAMES_A_SECOND = 25
# Over so many frames steps that come now and then are seen: those between B-frames, or where frames are missing.
_STEPS = 64


class TrackTime:
    """One track's ticks on the line."""

    def __init__(self, timescale: int, usual_step: int = 0) -> None:
        self.timescale = timescale
        self._step = usual_step or max(1, timescale // _USUAL_FRAMES_A_SECOND)
        self._offset = 0
        self._last: int | None = None
        self._steps: deque[int] = deque(maxlen=_STEPS)
        self.end = 0

    def follows(self, dts: int) -> bool:
        """Whether the frame belongs to the clock of the one before it."""
        return self._last is not None and 0 < dts - self._last <= _LONGEST_PAUSE_S * self.timescale

    def set(self, dts: int, at: int) -> None:
        """The clock is another: this decode time lies at `at` on the line, or as early as nothing overlaps."""
        self._offset = max(at, self.end) - dts
        self._last = None

    def at(self, ticks: int) -> int:
        return ticks + self._offset

    def take(self, dts: int, duration: int) -> tuple[int, int]:
        """Where the frame begins and how long it lasts, as far as that is known before the next one comes."""
        if self._last is not None and dts - self._last <= _LONGEST_STEP_S * self.timescale:
            self._step = dts - self._last
            self._steps.append(self._step)
        self._last = dts
        begin = dts + self._offset
        lasts = duration or self._step
        # A browser takes a step of more than two durations for a hole, and drops all up to the next keyframe (Media
        # Source Extensions §3.5.7): where such steps come, a frame is said to last as long as the longest of them.
        longest = max(self._steps, default=0)
        if longest >= 2 * lasts:
            lasts = longest
        self.end = begin + lasts
        return begin, lasts

    def foresee(self, dts: Iterable[int]) -> None:
        """These come next, in their order; what is known of their steps counts before the first of them is taken."""
        longest = _LONGEST_STEP_S * self.timescale
        self._steps.extend(two - one for one, two in pairwise(dts) if 0 < two - one <= longest)


class LiveTime:
    """The line of one stream: its video, and its sound if it has one.

    `origin_us`: the wall time of 0 on the line, as the last video frame has it.
    """

    def __init__(self, video: TrackTime, audio: TrackTime | None) -> None:
        self.origin_us = 0
        self._video = video
        self._audio = audio
        self._begun = False

    def foresee(self, frames: Iterable[BlockFrame]) -> None:
        """These come next."""
        self._video.foresee(frame.dts for frame in frames if frame.track == VIDEO_TRACK)

    def video(self, frame: BlockFrame) -> tuple[int, int]:
        """Decode time and duration of a video frame, in its ticks."""
        track = self._video
        if not track.follows(frame.dts):
            track.set(frame.dts, track.end)
        begin, duration = track.take(frame.dts, frame.duration)
        self.origin_us = frame.time_us - track.at(frame.pts) * MICROSECONDS // track.timescale
        self._begun = True
        return begin, duration

    def audio(self, frame: BlockFrame) -> tuple[int, int] | None:
        """The same of sound; None for what was heard before the first picture, or has no place any more."""
        track = self._audio
        if track is None or not self._begun:
            return None
        wanted_us = frame.time_us - self.origin_us
        wanted = wanted_us * track.timescale // MICROSECONDS
        off_us = (track.at(frame.dts) - wanted) * MICROSECONDS // track.timescale
        if not track.follows(frame.dts) or abs(off_us) > _SOUND_OFF_US:
            if wanted < track.end:
                return None
            track.set(frame.dts, wanted)
        return track.take(frame.dts, frame.duration)
