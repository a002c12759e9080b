"""Keeps account of what was watched of a camera of mode `motion`; docs/decisions/017-recording-what-moves.md."""

import logging
from pathlib import Path

from pynvr.archive.vigil import VigilWriter, Watched

# Whatever comes and goes between two pictures isn't seen. Pictures further apart than this aren't watching.
LONGEST_BLIND_US = 5_000_000
# A slow pace was asked for, and may be kept with some room.
_ROOM = 1.5
# A detector sees its first picture without knowing what is usual, and the next one while it settles.
_BLIND_LOOKS = 2
# A line each so often: the finisher waits for it, and the file grows by it.
_LINE_US = 2_000_000
# So many breaks one after the other are no accident.
_MANY_BREAKS = 3

_log = logging.getLogger(__name__)


class Vigil:
    """Of one camera. `trouble`: why all of its video is kept, empty while there is no reason."""

    def __init__(self, run_dir: Path, camera_id: str) -> None:
        self.trouble = ""
        self._camera_id = camera_id
        self._writer = VigilWriter(run_dir, camera_id)
        self._last_us = 0
        self._size = (0, 0)
        self._blind = _BLIND_LOOKS
        self._moving = False
        self._breaks = 0
        self._line: Watched | None = None
        self._failure = ""

    def looked(self, chunk_us: int, at_us: int, size: tuple[int, int], moved: bool, fps: float) -> None:
        """A picture of this chunk was looked at; `fps`: how often one was wanted, 0 = keyframes."""
        before_us = self._last_us
        apart_us = at_us - before_us
        longest_us = max(LONGEST_BLIND_US, round(_ROOM * 1_000_000 / fps)) if fps else LONGEST_BLIND_US
        if not before_us or size != self._size or not 0 < apart_us <= longest_us:
            self._broken(apart_us if before_us and apart_us > longest_us else 0)
        else:
            self._breaks = 0
        self._last_us, self._size = at_us, size
        if self._blind:
            self._blind -= 1
            return
        self.trouble = ""
        # Between two pictures with motion there was motion.
        first_us = (before_us if self._moving else at_us) if moved else 0
        self._take(Watched(chunk_us, before_us, at_us, first_us, at_us if moved else 0))
        self._moving = moved

    def saw_nothing(self, at_us: int, size: tuple[int, int]) -> None:
        """A picture was looked at of which the detector could tell nothing; with the next one it may."""
        self._write()
        self._blind = max(0, self._blind - 1)
        self._moving = False
        self._last_us, self._size = at_us, size

    def interrupt(self) -> None:
        """The detector failed, and a new one has to settle; or the camera isn't watched for a while."""
        self._broken(0)
        self._last_us = 0

    def close(self) -> None:
        self._write()

    def _broken(self, apart_us: int) -> None:
        self._write()
        self._blind = _BLIND_LOOKS
        self._moving = False
        if apart_us:
            self._breaks += 1
            if self._breaks >= _MANY_BREAKS:
                self.trouble = (
                    f"camera {self._camera_id}: pictures to look at lie {apart_us / 1e6:.0f} s apart, too far to see "
                    "what moves, so all of it is kept; more keyframes, or detect.motion.fps, would help"
                )

    def _take(self, new: Watched) -> None:
        line = self._line
        if line is not None:
            goes_on = (line.chunk_us, line.to_us, line.moved) == (new.chunk_us, new.from_us, new.moved)
            if goes_on:
                new = Watched(new.chunk_us, line.from_us, new.to_us, line.first_us, new.last_us)
            else:
                self._write()
        self._line = new
        if new.to_us - new.from_us >= _LINE_US:
            self._write()

    def _write(self) -> None:
        """What can't be written wasn't watched."""
        line, self._line = self._line, None
        if line is None:
            return
        failure = ""
        try:
            self._writer.append(line)
        except OSError as err:
            failure = err.strerror or str(err)
        if failure and failure != self._failure:
            _log.warning("camera %s: what was watched can't be noted, so all is kept: %s", self._camera_id, failure)
        self._failure = failure
