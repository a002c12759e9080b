"""The brightest pictures so far: few of them, on disk, so that neither a long capture nor its sudden end costs any."""

from pynvr.archive.capture_folder import APART_US, SHOWN, CaptureFolder, Shot
from pynvr.base.errors import MediaError
from pynvr.media.jpeg import to_jpeg
from pynvr.media.still import Picture
from pynvr.vision.best import best
from pynvr.vision.measures import brightness

# Of each quarter of a second the brightest picture counts: it is stored when that is over.
EACH_US = 250_000
# Each one that is shown forbids those of less than two seconds: among so many, all that are to be shown are found.
MOST = SHOWN * (2 * APART_US // EACH_US + 1)
LARGEST_WIDTH = 1920


class Brightest:
    """For one thread. Begins with what an earlier process of the same capture left."""

    def __init__(self, folder: CaptureFolder) -> None:
        self._folder = folder
        self._kept = folder.shots()
        self._best: tuple[Shot, Picture] | None = None

    def look(self, picture: Picture, at_us: int) -> None:
        """Times don't run back. Raises MediaError, OSError."""
        if self._best is not None and self._best[0].at_us // EACH_US != at_us // EACH_US:
            self.store()
        score = brightness(picture)
        if self._best is None or score > self._best[0].score:
            self._best = Shot(at_us, score), picture

    def store(self) -> None:
        """Write down what is only in memory. Raises MediaError, OSError."""
        if self._best is None:
            return
        (shot, picture), self._best = self._best, None
        dullest = min(self._kept, key=_rank) if len(self._kept) >= MOST else None
        if dullest is not None and _rank(shot) <= _rank(dullest):
            return
        self._folder.add(shot, to_jpeg(picture, LARGEST_WIDTH))
        self._kept.append(shot)
        if dullest is not None:
            self._kept.remove(dullest)
            self._folder.remove(dullest)

    def end(self) -> None:
        """Leave what is shown alone. Raises OSError."""
        try:
            self.store()
        except MediaError:
            pass  # one picture less
        shown = best(self._folder.shots(), SHOWN, APART_US)
        for shot in self._folder.shots():
            if shot not in shown:
                self._folder.remove(shot)


def _rank(shot: Shot) -> tuple[float, int]:
    """Of two that are as bright, the earlier counts more."""
    return shot.score, -shot.at_us
