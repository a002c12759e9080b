"""What a recorder counts for its beats."""

from pynvr.model.cause import DELAYED, PAUSED

_WINDOW_S = 5.0


class Tally:
    """Counts since the process began, and rates over the last seconds.

    `pause_us`: the last time, from a frame to the next one, in which the camera sent none while one chunk ended and the
    next began: nobody else knows that none was lost there. `delay_us`: likewise, but the camera sent all along, and the
    second chunk is dated later than the first for the way from the camera became longer. One of the two, the newer.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.bytes = 0
        self.keyframes = 0
        self.last_frame_us = 0
        self.reconnects = 0
        self.fps = 0.0
        self.skipped_frames = 0  # before the first keyframe of a connection, or outside the schedule
        self.pause_us: tuple[int, int] | None = None
        self.delay_us: tuple[int, int] | None = None
        self._marks: list[tuple[float, int, int]] = []

    def figures(self, at_s: float) -> dict[str, float]:
        """All counts, the rates, a pause or delay; `at_s` is monotonic. To be called about each second."""
        self._marks.append((at_s, self.frames, self.bytes))
        while len(self._marks) > 2 and at_s - self._marks[1][0] >= _WINDOW_S:
            del self._marks[0]
        since_s, frames, size = self._marks[0]
        seconds = max(at_s - since_s, 1e-3)
        self.fps = round((self.frames - frames) / seconds, 2)
        holes: dict[str, float] = {}
        for names, hole_us in ((PAUSED, self.pause_us), (DELAYED, self.delay_us)):
            holes |= {} if hole_us is None else dict(zip(names, hole_us, strict=True))
        return holes | {
            "frames": self.frames,
            "bytes": self.bytes,
            "keyframes": self.keyframes,
            "last_frame_us": self.last_frame_us,
            "reconnects": self.reconnects,
            "skipped_frames": self.skipped_frames,
            "fps": self.fps,
            "kbps": round((self.bytes - size) * 8 / seconds / 1000, 1),
        }

    def begin_connection(self) -> None:
        """Rates of the connection before say nothing of this one."""
        self._marks.clear()
