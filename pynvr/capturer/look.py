"""One connection's frames: decoded, dated, shown to those who keep the brightest; left out when there is no time."""

from typing import NamedTuple

from pynvr.base.clock import Clock
from pynvr.base.errors import MediaError
from pynvr.capturer.backlog import LATE_S, Backlog
from pynvr.capturer.brightest import Brightest
from pynvr.media.live_decoder import LiveDecoder
from pynvr.media.unit import Sample
from pynvr.model.frame import Track


class Counted(NamedTuple):
    """Frames looked at and left out; the pictures' size with square pixels, 0 before the first."""

    frames: int
    left_out: int
    width: int
    height: int


class Look:
    """All frames as long as that keeps up with the stream, else its keyframes. For one thread."""

    def __init__(self, brightest: Brightest, clock: Clock, scale: int) -> None:
        """`scale`: ticks per second of the samples."""
        self.frames = 0
        self._left_out = 0
        self._size = 0, 0
        self._told = 0, 0
        self._brightest = brightest
        self._clock = clock
        self._scale = scale
        self._backlog = Backlog()
        self._decoder: tuple[Track, LiveDecoder] | None = None
        self._gap = True  # the decoder lacks what came before: the next one has to be a keyframe
        self._anchor: tuple[int, int] | None = None
        self._last_us = 0

    def take(self, sample: Sample, track: Track) -> None:
        """The next one in decode order. Raises OSError."""
        late = self._backlog.late_s(sample.dts / self._scale, self._clock.monotonic_s()) > LATE_S
        at_us = self._time_us(sample.dts)
        if (self._gap or late) and not sample.is_key:
            self._gap = True
            self._left_out += self._decoder is not None
            return
        try:
            picture = self._decoder_of(track).decode(b"".join(sample.payload))
            # While it is late, keyframes alone.
            self._gap = late
            self.frames += 1
            if picture is not None:
                self._size = picture.fitted(None)
                self._brightest.look(picture, at_us)
        except MediaError:
            self._gap = True
            self._left_out += 1

    def counted(self) -> Counted:
        """What was counted since the last call."""
        before, self._told = self._told, (self.frames, self._left_out)
        return Counted(self.frames - before[0], self._left_out - before[1], *self._size)

    def _decoder_of(self, track: Track) -> LiveDecoder:
        if self._decoder is None or self._decoder[0] != track:
            self._decoder = track, LiveDecoder(track.codec, track.sample_entry)
        elif self._gap:
            self._decoder[1].restart()
        return self._decoder[1]

    def _time_us(self, dts: int) -> int:
        """By the stream's own clock, from the first frame's arrival on: a burst's frames aren't of one time."""
        if self._anchor is None:
            self._anchor = dts, self._clock.now_us()
        first, began_us = self._anchor
        self._last_us = max(self._last_us, began_us + (dts - first) * 1_000_000 // self._scale)
        return self._last_us
