"""Which frames of a chunk are kept: all, but of cameras of mode `motion`, whose chunks wait for the analyser's word."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.chunk import BlockFrame, ChunkContents
from pynvr.archive.omitted import append_omissions
from pynvr.archive.vigil import newest_watched, read_watched, vigil_path
from pynvr.base.clock import Clock
from pynvr.finisher.books import Books
from pynvr.finisher.keeping import ChunkTimes, Margins, Period, is_told, merged, periods_to_keep, runs_to_keep
from pynvr.finisher.omissions import ingest_omissions
from pynvr.finisher.wanted import NOTHING, Wanted, wanted_of
from pynvr.model.frame import VIDEO_TRACK
from pynvr.model.settings import Camera, Settings
from pynvr.model.ticks import MICROSECONDS
from pynvr.store.deletions import DeletedSpan
from pynvr.store.store import Store

# The analyser lies some seconds behind at most, for it leaves out what it doesn't come to. So long after that nobody
# waits for it any more.
PATIENCE_S = 60.0
# Nor for somebody who downloads it.
READ_FOR_S = 900.0
# Somebody may download the last quarter of an hour of many cameras, and each question reads the whole chunk. It is
# longer than a detector that the database turned away takes to come again.
ASKED_AGAIN_S = 10.0
# What a disk refuses so often it won't take; with the delays between the tries that is some minutes.
MOST_FAILURES = 4

logger = logging.getLogger(__name__)


class Keep(Enum):
    """`LATER`: it isn't known yet."""

    ALL = "all"
    LATER = "later"


# Runs of video frames, `[first, behind)`, in order, none touching another.
Runs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    camera: Camera
    chunk: ChunkTimes
    since_s: float
    again_s: float = 0.0  # not before
    # By which it was judged; None: the database couldn't be asked.
    wanted: Wanted | None = NOTHING
    failures: int = 0


class Sieve:
    """Of one process; remembers the chunks that wait. `troubles`: why all of a camera's video is kept, by its id."""

    def __init__(self, settings: Settings, books: Books, clock: Clock) -> None:
        self.zone: ZoneInfo = settings.system.timezone
        self._run_dir = settings.system.run_dir
        self._called = settings.called
        self._cameras = {
            (camera.dst, camera.id): camera for camera in settings.cameras if camera.record.mode == "motion"
        }
        self.troubles: dict[str, str] = {}
        self._books = books
        self._clock = clock
        self._waiting: dict[Path, _Waiting] = {}
        self._unwatched: set[str] = set()

    def waits(self, path: Path) -> bool:
        """Whether the chunk was asked for before and nothing is known yet; costs one short read."""
        waiting = self._waiting.get(path)
        if waiting is None:
            return False
        is_early = self._clock.monotonic_s() < waiting.again_s
        return is_early or not (self._is_told(waiting) or self._is_over(waiting))

    def judge(self, path: Path, camera_id: str, contents: ChunkContents, period: Period) -> Keep | Runs:
        """What is kept of the chunk, which shows its video in `period`."""
        camera = self._cameras.get((path.parent.parent, camera_id))
        if camera is None:
            return Keep.ALL
        chunk = ChunkTimes(contents.anchor_us, *period)
        waiting = self._waiting.setdefault(path, _Waiting(camera, chunk, self._clock.monotonic_s()))
        if waiting.chunk != chunk:
            waiting = self._waiting[path] = _Waiting(camera, chunk, self._clock.monotonic_s())
        is_told, is_over = self._is_told(waiting), self._is_over(waiting)
        if not (is_told or is_over):
            return Keep.LATER
        before, wanted = waiting.wanted, self._ask(waiting)
        waiting = self._waiting[path] = replace(waiting, wanted=wanted)
        if wanted is None and is_over:
            return Keep.ALL
        # Where the database couldn't be asked, it couldn't be told either.
        if wanted is None or before is None or self._is_read(waiting, wanted):
            return self._later(path, waiting)
        self._say_whether_watched(camera, is_told)
        margins = _margins(camera)
        watched = read_watched(vigil_path(self._run_dir, camera.id), chunk.start_us - margins.post_us)
        periods = merged([*periods_to_keep(chunk, watched, margins), *wanted.periods])
        frames = video_of(contents)
        runs = runs_to_keep(frames, [one for one in periods if one[0] < chunk.end_us and one[1] > chunk.start_us])
        return Keep.ALL if runs == [(0, len(frames))] else runs

    def account(self, camera_id: str, omitted: Iterable[Period]) -> None:
        """These periods are about to be deleted: that is on disk when this returns. Raises OSError."""
        spans = [DeletedSpan(camera_id, start_us, end_us) for start_us, end_us in omitted]
        append_omissions(self._run_dir, spans, self._clock.now_us())

        def ingest(store: Store) -> None:
            ingest_omissions(store, self._run_dir, self._books.ingestion)

        # At once if the database can be used, so that no time axis shows a fault in between.
        self._books.use(ingest, self._clock.monotonic_s())

    def let_go(self, path: Path, act: Callable[[], None]) -> bool:
        """`act`, which deletes what isn't kept, unless more of the chunk is wanted now than when it was judged.

        Nobody can put a wish into the database meanwhile. False if nothing was done: it is to be judged anew. Raises
        what `act` does.
        """
        waiting = self._waiting[path]
        done: list[bool] = []

        def unless_wanted(store: Store) -> None:
            with store.transaction():
                wanted = self._wanted(store, waiting)
                known = frozenset() if waiting.wanted is None else waiting.wanted.periods
                if wanted.periods <= known and not self._is_read(waiting, wanted):
                    act()
                    done.append(True)

        self._books.use(unless_wanted, self._clock.monotonic_s())
        if done:
            self.troubles.pop(waiting.camera.id, None)
        return bool(done)

    def gives_up(self, path: Path, err: OSError) -> bool:
        """The disk didn't take what is kept of the chunk: whether that was tried often enough, and all is kept."""
        waiting = self._waiting[path]
        waiting = self._waiting[path] = replace(waiting, failures=waiting.failures + 1)
        if waiting.failures < MOST_FAILURES:
            return False
        camera_id = waiting.camera.id
        called = self._called(camera_id)
        words = f"camera {called}: what moved can't be cut out, so all of it is kept: {err.strerror or err}"
        if self.troubles.get(camera_id) != words:
            logger.warning("%s", words)
        self.troubles[camera_id] = words
        return True

    def forget(self, path: Path) -> None:
        """Nothing more will be asked about this chunk."""
        self._waiting.pop(path, None)

    def _is_told(self, waiting: _Waiting) -> bool:
        newest = newest_watched(vigil_path(self._run_dir, waiting.camera.id))
        return is_told(waiting.chunk, newest, _margins(waiting.camera))

    def _is_over(self, waiting: _Waiting) -> bool:
        patience_s = waiting.camera.record.pre_s + PATIENCE_S
        return self._clock.monotonic_s() - waiting.since_s >= patience_s

    def _ask(self, waiting: _Waiting) -> Wanted | None:
        """What of the chunk is wanted; None if the database can't be asked."""
        found: list[Wanted] = []
        self._books.use(lambda store: found.append(self._wanted(store, waiting)), self._clock.monotonic_s())
        return found[0] if found else None

    def _wanted(self, store: Store, waiting: _Waiting) -> Wanted:
        camera, chunk = waiting.camera, waiting.chunk
        return wanted_of(store, camera.id, (chunk.start_us, chunk.end_us), _margins(camera), self._clock.now_us())

    def _is_read(self, waiting: _Waiting, wanted: Wanted) -> bool:
        return wanted.is_read and self._clock.monotonic_s() - waiting.since_s < READ_FOR_S

    def _later(self, path: Path, waiting: _Waiting) -> Keep:
        self._waiting[path] = replace(waiting, again_s=self._clock.monotonic_s() + ASKED_AGAIN_S)
        return Keep.LATER

    def _say_whether_watched(self, camera: Camera, is_watched: bool) -> None:
        """Once, until it changes."""
        if is_watched:
            if camera.id in self._unwatched:
                logger.info("camera %s: what moves is watched again", self._called(camera.id))
            self._unwatched.discard(camera.id)
        elif camera.id not in self._unwatched:
            self._unwatched.add(camera.id)
            called = self._called(camera.id)
            logger.warning("camera %s: nobody watches what moves, so what wasn't watched is kept", called)


def video_of(contents: ChunkContents) -> list[BlockFrame]:
    """The video frames, in the order of the file."""
    return [frame for frame in contents.frames if frame.track == VIDEO_TRACK]


def _margins(camera: Camera) -> Margins:
    return Margins(round(camera.record.pre_s * MICROSECONDS), round(camera.record.post_s * MICROSECONDS))
