"""The finisher's work, one short turn at a time: what the process's loop calls, and `pynvr recover` too."""

import logging
from pathlib import Path

from pynvr.archive.index import IndexRecord, read_records
from pynvr.archive.paths import index_path
from pynvr.base.clock import Clock
from pynvr.base.errors import BoxError, DiskError
from pynvr.catalog.entry import entry_of
from pynvr.finisher.backlog import Backlog, ChunkTask, SegmentTask, Task
from pynvr.finisher.books import Books
from pynvr.finisher.complete import Completer
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.left_behind import LeftBehind
from pynvr.finisher.outcome import Busy, Finished, Outcome, Postponed, Removed, SetAside, Sifted, Undecided
from pynvr.finisher.sieve import Sieve
from pynvr.finisher.sight import Sight, is_orphaned, look_into, pictured, torn_from
from pynvr.store.problems import Problem

logger = logging.getLogger(__name__)

# A writer's death closes the file a moment before it gives back the lock; a follower's question takes it for a moment.
_BUSY_DELAYS_S = (0.05, 0.3, 1.0)
_DISK_DELAYS_S = (5.0, 30.0, 120.0, 600.0)
# The analyser's next word comes two seconds after its last one.
_UNDECIDED_S = 1.0
# Beyond this many waiting segments their records are read again from the MP4s, for they take 15 kB each.
_RECORDS_KEPT = 256


class Work:
    """Tasks of all folders, done one by one.

    `finished`: chunks made MP4s since the start. `bad`: files set aside, per day folder, as far as folders were seen.
    `left_behind`: what was recovered, to be told.
    `growing`: chunks whose recorder didn't let go of them while they were asked for; their folder may be one that
    nobody watches, if the clock was set.
    """

    def __init__(
        self,
        backlog: Backlog,
        completer: Completer,
        books: Books,
        clock: Clock,
        jpg_cache_dir: Path,
        *,
        sieve: Sieve | None = None,
    ) -> None:
        self.finished = 0
        self.bad: dict[Path, set[Path]] = {}
        self.growing: set[Path] = set()
        self.left_behind = LeftBehind()
        self._troubles: dict[Path, str] = {}
        self._backlog = backlog
        self._completer = completer
        self._books = books
        self._clock = clock
        self._jpg_cache_dir = jpg_cache_dir
        self._sieve = sieve

    @property
    def bad_count(self) -> int:
        return sum(len(paths) for paths in self.bad.values())

    @property
    def trouble(self) -> str:
        """What a disk doesn't let be done, the newest of it; empty while there is nothing."""
        if not self._troubles:
            return ""
        more = len(self._troubles) - 1
        return next(reversed(self._troubles.values())) + (f" (and {more} more)" if more else "")

    def look(self, folder: Path, complete: bool, fresh: bool = False) -> bool:
        """Queue the chunks of a day folder; with `complete` also the MP4s that a death left without pictures.

        Whether there were chunks in it.
        """
        try:
            sight = look_into(folder)
            self.bad[folder] = set(sight.bad.values())
            for path in sight.chunks:
                self._backlog.add(ChunkTask(path), fresh)
            for path in filter(is_orphaned, sight.orphaned_parts):
                logger.info("%s is removed: whoever wrote it died, and the video was finished otherwise since", path)
                path.unlink(missing_ok=True)
            if complete:
                self._queue_incomplete(folder, sight)
        except OSError as err:
            logger.warning("%s can't be read: %s; it is tried again", folder, err.strerror or err)
            return False
        return bool(sight.chunks)

    def look_for_incomplete(self, folder: Path) -> None:
        """Queue the MP4s of a day folder that a death left without pictures or record. Raises OSError."""
        self._queue_incomplete(folder, look_into(folder))

    def look_at_growing(self) -> None:
        """Ask again for the chunks that were still growing, as a net for those whose end nobody told."""
        for path in self.growing:
            self._backlog.add(ChunkTask(path, len(_BUSY_DELAYS_S)), fresh=False)
        self.growing.clear()

    def do(self, task: Task) -> str:
        """One task; failures are logged, put off or set aside, never raised.

        Why a segment didn't get its record; empty if it did, and for chunks.
        """
        if isinstance(task, ChunkTask):
            is_early = self._sieve is not None and self._sieve.waits(task.path)
            if is_early:
                self.settle(task, Undecided(task.path))
            else:
                self.settle(task, finish_chunk(task.path, sieve=self._sieve))
            return ""
        return self._complete(task)

    def index_rest(self, until_s: float) -> None:
        """Give the segments that wait for pictures at least record and row: what a stop has time for."""
        while (
            self._clock.monotonic_s() < until_s and (task := self._backlog.take(self._clock.monotonic_s())) is not None
        ):
            if isinstance(task, SegmentTask) and not task.is_indexed:
                try:
                    self._completer.index(task, self._recorded(task))
                except (OSError, BoxError, DiskError) as err:
                    self._complain(task.path, f"{task.path}: {err}")

    def settle(self, task: ChunkTask, outcome: Outcome) -> None:
        """Draw the consequences of what became of a chunk."""
        self.growing.discard(task.path)
        is_again = isinstance(outcome, Postponed) and outcome.path == task.path
        if not is_again:
            self._troubles.pop(task.path, None)
        if self._sieve is not None and not (is_again or isinstance(outcome, Undecided)):
            self._sieve.forget(task.path)
        self.left_behind.note(outcome)
        match outcome:
            case Finished():
                self._finished(outcome)
            case Sifted():
                for part in outcome.parts:
                    self._finished(part)
                # At once: what lies between the parts is accounted for already.
                self._books.write(self._clock.monotonic_s())
            case Undecided():
                self._backlog.put_off(task, self._clock.monotonic_s() + _UNDECIDED_S)
            case SetAside():
                logger.error("%s can't be finished and is kept as %s: %s", task.path, outcome.path.name, outcome.reason)
                self.bad.setdefault(outcome.path.parent, set()).add(outcome.path)
                self._books.note_problem(
                    Problem(
                        outcome.path,
                        outcome.name.camera_id,
                        outcome.name.stamp,
                        outcome.reason,
                        outcome.file_bytes,
                        self._clock.now_us(),
                    )
                )
            case Removed():
                logger.info("%s held no video at all and is removed", task.path)
            case Postponed():
                self._complain(outcome.path, outcome.reason)
                self._put_off(task, ChunkTask(outcome.path, task.tries + 1), _DISK_DELAYS_S, forever=True)
            case Busy() if _may_be_there(task.path):
                if task.tries >= len(_BUSY_DELAYS_S):
                    self.growing.add(task.path)
                self._put_off(task, ChunkTask(task.path, task.tries + 1), _BUSY_DELAYS_S, forever=False)

    def _finished(self, outcome: Finished) -> None:
        self.finished += 1
        if outcome.dropped_bytes:
            logger.warning("%s: %d torn or damaged bytes at its end are no frames", outcome.path, outcome.dropped_bytes)
        task = SegmentTask(outcome.path, outcome.name, outcome.record)
        record = self._completer.record_of(task)
        self._books.note_segment(outcome.path, entry_of(outcome.path.parent.parent, outcome.name.camera_id, record))
        keep = self._backlog.segments < _RECORDS_KEPT
        self._backlog.add(SegmentTask(outcome.path, outcome.name, record if keep else None), fresh=keep)

    def _complete(self, task: SegmentTask) -> str:
        try:
            self._completer.complete(task, self._recorded(task))
            self._troubles.pop(task.path, None)
        except FileNotFoundError:
            self._troubles.pop(task.path, None)
            failure = f"{task.path} is gone before its pictures were made"
            logger.info("%s", failure)
        except BoxError as err:
            failure = f"{task.path} gets no pictures and no row: {err}"
            logger.error("%s", failure)
        except (OSError, DiskError) as err:
            failure = f"{task.path}: {err}"
            self._complain(task.path, failure)
            later = SegmentTask(task.path, task.name, None, task.tries + 1, task.is_indexed)
            self._put_off(task, later, _DISK_DELAYS_S, forever=True)
        else:
            return ""
        return failure

    def _recorded(self, task: SegmentTask) -> IndexRecord:
        """The task's record; one that isn't known is read from the MP4, and the row noted. Raises BoxError, OSError."""
        if task.record is not None:
            return task.record
        record = self._completer.record_of(task)
        self._books.note_segment(task.path, entry_of(task.path.parent.parent, task.name.camera_id, record))
        return record

    def _put_off(self, task: Task, later: Task, delays_s: tuple[float, ...], forever: bool) -> None:
        if task.tries < len(delays_s) or forever:
            delay_s = delays_s[min(task.tries, len(delays_s) - 1)]
            self._backlog.put_off(later, self._clock.monotonic_s() + delay_s)

    def _queue_incomplete(self, folder: Path, sight: Sight) -> None:
        pictured_ones = pictured(self._jpg_cache_dir / folder.name)
        without = {
            name: path
            for name, path in sight.segments.items()
            if name not in pictured_ones or path in self._completer.victims
        }
        # The youngest of the others may lack what a power cut took from behind their pictures' names.
        for name in torn_from(folder, self._jpg_cache_dir, sight.segments.keys() - without.keys()):
            self._backlog.add(SegmentTask(sight.segments[name], name), fresh=False)
        for camera_id in {name.camera_id for name in without}:
            records = read_records(index_path(folder.parent, camera_id, folder.name))
            signed = {record.stamp: bool(record.signature) for record in records}
            for name, path in without.items():
                if name.camera_id == camera_id and not signed.get(name.stamp):
                    self._backlog.add(SegmentTask(path, name, is_indexed=name.stamp in signed), fresh=False)

    def _complain(self, path: Path, trouble: str) -> None:
        """Log what a disk does with this file, once until it changes."""
        if self._troubles.pop(path, "") != trouble:
            logger.warning("%s; it is tried again", trouble)
        self._troubles[path] = trouble


def _may_be_there(path: Path) -> bool:
    """A disk that fails to tell may have it."""
    try:
        return path.exists()
    except OSError:
        return True
