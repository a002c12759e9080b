"""The finisher process: `run` is all that the supervisor knows of it."""

import logging
from collections.abc import Iterable
from pathlib import Path

from pynvr.archive.paths import days_of, is_of_a_day
from pynvr.base.clock import Clock, SystemClock
from pynvr.base.counted import counted
from pynvr.base.files import clear_temporaries
from pynvr.base.heart import Beat, Heart
from pynvr.finisher.audit import ingest_audit
from pynvr.finisher.backlog import Backlog, ChunkTask, Urgency
from pynvr.finisher.backup import DailyBackup
from pynvr.finisher.books import Books
from pynvr.finisher.causes import ingest_causes
from pynvr.finisher.comparison import Comparison
from pynvr.finisher.complete import Completer
from pynvr.finisher.detections import forget_detections
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.folders import OpenFolders, folders_of
from pynvr.finisher.forcing import Forcing
from pynvr.finisher.mark import DecodingMark
from pynvr.finisher.omissions import ingest_omissions
from pynvr.finisher.outcome import Busy
from pynvr.finisher.problems import match_problems
from pynvr.finisher.sieve import Sieve
from pynvr.finisher.sight import look_into
from pynvr.finisher.watch import ClosedChunks
from pynvr.finisher.work import Work
from pynvr.model.settings import Settings
from pynvr.model.stamp import recent_days
from pynvr.store.bygone import AT_ONCE
from pynvr.store.database import database_path
from pynvr.store.opening import prepare_or_repair
from pynvr.store.store import Store

logger = logging.getLogger(__name__)

# A slow disk may hold a sync for long; hanging is more than that.
_WITHIN_S = 120.0
# A damaged database may have to be checked and restored.
_OPENING_WITHIN_S = 600.0
_BEAT_EVERY_S = 1.0
_ROWS_EVERY_S = 1.0
_FOLDERS_EVERY_S = 1.0
_CAUSES_EVERY_S = 5.0
_GROWING_EVERY_S = 30.0
_SWEEP_EVERY_S = 600.0
_PRUNE_EVERY_S = 21_600.0
_JOIN_EVERY_S = 3600.0
# While more is left: a year of many cameras that nobody joined yet is millions of rows.
_JOIN_AGAIN_S = 1.0
_TIDY_EVERY_S = 3600.0
_DAY_US = 86_400_000_000
_LONGEST_WAIT_S = 0.5
# More than all cameras of a large site let go of at once.
_MANY_CHUNKS = 200
# Of the ten seconds that stopping may take, the finisher's share.
_STOP_WITHIN_S = 6.0
# MP4s wait for as long as the database is asked, so it is asked briefly.
_BUSY_TIMEOUT_S = 1.0


def run(heart: Heart, settings: Settings) -> None:
    """Finish chunks until `heart.stopping`, and then what has been let go by then."""
    finisher = Finisher(settings, SystemClock(), heart)
    try:
        while not heart.stopping:
            finisher.turn(heart)
        finisher.finish_rest(heart)
    finally:
        finisher.close()


class Finisher:
    """Everything that the process holds, and what it does at which times.

    `heart`: hears that it gets on while it looks for what was left, which may be much.
    """

    def __init__(self, settings: Settings, clock: Clock, heart: Heart | None = None) -> None:
        system = settings.system
        self._system = system
        self._clock = clock
        self._heart = heart
        self._dsts = sorted({camera.dst for camera in settings.cameras})
        self._called = settings.called
        self._open_folders = OpenFolders(self._dsts, system.timezone)
        self._backlog = Backlog()
        self._mark = DecodingMark(system.run_dir / "finisher.decoding")
        self._books = Books(self._open_store)
        completer = Completer(system.jpg_cache_dir, system.timezone, self._mark)
        self._completer = completer
        self._sieve = Sieve(settings, self._books, clock)
        self._work = Work(self._backlog, completer, self._books, clock, system.jpg_cache_dir, sieve=self._sieve)
        self._watch = ClosedChunks()
        self._forcing = Forcing()
        self._backup = DailyBackup(database_path(system.database), clock)
        self._comparison = Comparison(self._open_store, self._dsts, system.timezone)
        self._is_compared = False
        self._due_s: dict[str, float] = {}
        self._seen: set[Path] = set()
        self._unseen: list[Path] = []
        self._are_problems_matched = False
        self._look_everywhere()

    def turn(self, heart: Heart) -> None:
        """At most one task, and whatever is due; waits a little if there is nothing to do."""
        self._heart = heart
        self._tend()
        self._beat(heart)
        self._take_closed(0)
        now_s = self._clock.monotonic_s()
        task = self._backlog.take(now_s, Urgency.FRESH_SEGMENT)
        if task is None and self._unseen:
            self._look(self._unseen.pop())
            return
        if not self._are_problems_matched:
            self._are_problems_matched = self._books.use(self._match_problems, now_s)
        task = task or self._backlog.take(now_s)
        if task is not None:
            self._work.do(task)
            return
        due_s = self._backlog.next_due_s()
        wait_s = _LONGEST_WAIT_S if due_s is None else min(_LONGEST_WAIT_S, max(due_s - now_s, 0.001))
        self._take_closed(wait_s)

    def finish_rest(self, heart: Heart) -> None:
        """Make MP4s of all chunks that nobody holds, newest first, as far as the time to stop allows; no pictures.

        Nobody waits now for a word on what moves: all of them is kept.
        """
        until_s = self._clock.monotonic_s() + _STOP_WITHIN_S
        left = {*self._backlog.chunk_paths(), *self._work.growing}
        recent = folders_of(self._dsts, recent_days(self._clock.now_us(), self._system.timezone))
        for folder in recent | self._still_open():
            try:
                left.update(look_into(folder).chunks)
            except OSError as err:
                logger.warning("%s can't be read: %s", folder, err.strerror or err)
        for path in sorted(left, key=lambda path: path.name.partition(".")[2], reverse=True):
            if self._clock.monotonic_s() > until_s:
                logger.info("the time to stop is over: what is left is finished at the next start")
                break
            outcome = finish_chunk(path)
            if not isinstance(outcome, Busy):
                self._work.settle(ChunkTask(path), outcome)
            self._beat(heart)
        self._work.left_behind.tell(self._system.timezone, self._called)
        self._work.index_rest(until_s)
        self._books.write(self._clock.monotonic_s())
        self._books.use(self._ingest, self._clock.monotonic_s())

    def close(self) -> None:
        self._comparison.stop()
        self._watch.close()
        self._books.close()
        self._mark.close()

    def _look_everywhere(self) -> None:
        """Recent folders at once, all others one by one, newest first, between the tasks."""
        zone = self._system.timezone
        recent = folders_of(self._dsts, recent_days(self._clock.now_us(), zone))
        self._watch.follow(self._still_open())
        self._forcing.look_into(recent)
        for folder in sorted(recent):
            self._look(folder, complete=True)
        self._seen.update(recent)
        self._find_folders()
        self._due_s["sweep"] = self._clock.monotonic_s() + _SWEEP_EVERY_S

    def _look(self, folder: Path, complete: bool = False) -> None:
        if self._heart is not None:
            self._beat(self._heart)
        if self._work.look(folder, complete):
            self._open_folders.note(folder, self._clock.monotonic_s())

    def _still_open(self) -> set[Path]:
        return self._open_folders.at(self._clock.now_us(), self._clock.monotonic_s())

    def _find_folders(self) -> None:
        """Folders that were never looked into: all at the start, later those of a disk that was mounted since."""
        found = {dst / day for dst in self._dsts for day in _days(dst)} - self._seen
        self._seen.update(found)
        self._unseen = sorted({*self._unseen, *found}, key=lambda folder: folder.name)

    def _tend(self) -> None:
        now_us = self._clock.now_us()
        zone = self._system.timezone
        if self._is_due("folders", _FOLDERS_EVERY_S):
            for folder in self._watch.follow(self._still_open()):
                self._look(folder)
        if self._is_due("growing", _GROWING_EVERY_S):
            self._work.look_at_growing()
        if self._is_due("rows", _ROWS_EVERY_S):
            self._books.write(self._clock.monotonic_s())
        if self._is_due("causes", _CAUSES_EVERY_S):
            self._books.use(self._ingest, self._clock.monotonic_s())
        if self._books.lost_rows and not self._books.failure:
            self._books.lost_rows = self._is_compared = False
        if not (self._is_compared or self._books.failure):
            self._is_compared = self._comparison.begin()
        if self._is_due("sweep", _SWEEP_EVERY_S):
            self._is_compared = self._is_compared and not self._comparison.has_failed
            for folder in sorted(folders_of(self._dsts, recent_days(now_us, zone)) | self._still_open()):
                self._look(folder)
            self._find_folders()
        self._tend_old_rows()
        if not (self._backlog.chunks or self._unseen):
            self._work.left_behind.tell(zone, self._called)
        if self._is_due("tidy", _TIDY_EVERY_S):
            self._tidy(recent_days(now_us, zone))
        self._backup.tend()

    def _tend_old_rows(self) -> None:
        if self._is_due("prune", _PRUNE_EVERY_S):
            self._books.use(self._prune, self._clock.monotonic_s())
        # Of a catalog that is still being filled the oldest recording isn't known.
        if self._is_compared and self._comparison.is_done and self._is_due("join", _JOIN_EVERY_S):
            self._books.use(self._join_bygone, self._clock.monotonic_s())

    def _tidy(self, days: Iterable[str]) -> None:
        """Delete what killed processes left half written of these days; older ones are tidied when they are emptied."""
        for folder in folders_of([*self._dsts, self._system.jpg_cache_dir], days):
            deleted = clear_temporaries(folder, is_of_a_day)
            if deleted:
                logger.info(
                    "%s: what killed processes left half written is deleted: %s", folder, counted(deleted, "file")
                )

    def _ingest(self, store: Store) -> None:
        run_dir, ingestion = self._system.run_dir, self._books.ingestion
        try:
            for ingest in (ingest_causes, ingest_omissions, ingest_audit):
                ingest(store, run_dir, ingestion)
        except OSError as err:
            # The recordings may lie on other disks.
            ingestion.refused(run_dir, "read", err)
        else:
            ingestion.done(run_dir, "read")

    def _prune(self, store: Store) -> None:
        store.causes.prune()
        system = self._system
        now_us, days = self._clock.now_us(), system.detection_days
        deleted = forget_detections(store, system.jpg_cache_dir, days, now_us, system.timezone)
        store.audit.prune(now_us - round(system.audit_days * _DAY_US))
        if deleted:
            logger.info("deleted %s older than %g days", counted(deleted, "detection"), days)

    def _join_bygone(self, store: Store) -> None:
        if store.bygone.join(AT_ONCE) >= AT_ONCE:
            self._due_s["join"] = self._clock.monotonic_s() + _JOIN_AGAIN_S

    def _match_problems(self, store: Store) -> None:
        try:
            match_problems(store, {path for paths in self._work.bad.values() for path in paths})
        except OSError as err:
            logger.warning("%s can't be read: %s", err.filename, err.strerror or err)

    def _open_store(self) -> Store:
        """Raises StoreError. A database that isn't the one that was there is compared with the tree once more."""
        if self._heart is not None:
            self._heart.beat(self._said(_OPENING_WITHIN_S))
        if prepare_or_repair(self._system.database, _BUSY_TIMEOUT_S, attempts=1).outcome != "sound":
            self._is_compared = False
        return Store.open(self._system.database, busy_timeout_s=_BUSY_TIMEOUT_S)

    def _take_closed(self, wait_s: float) -> None:
        path = self._watch.next_closed(wait_s)
        while path is not None:
            self._forcing.closed(path)
            self._backlog.add(ChunkTask(path), fresh=True)
            path = self._watch.next_closed(0)

    def _is_due(self, duty: str, every_s: float) -> bool:
        now_s = self._clock.monotonic_s()
        if now_s < self._due_s.get(duty, 0.0):
            return False
        self._due_s[duty] = now_s + every_s
        return True

    def _beat(self, heart: Heart) -> None:
        if self._is_due("beat", _BEAT_EVERY_S):
            heart.beat(self._said(_WITHIN_S))

    def _said(self, within_s: float) -> Beat:
        bad, chunks, segments = self._work.bad_count, self._backlog.chunks, self._backlog.segments
        state = "finishing" if chunks or segments else "waiting"
        sayings = (
            f"{counted(bad, 'chunk')} couldn't be finished, kept as .bad" if bad else "",
            f"rows wait for the database: {self._books.failure}" if self._books.failure else "",
            self._work.trouble,
            *self._sieve.troubles.values(),
            f"no backup: {self._backup.failure}" if self._backup.failure else "",
        )
        figures = {
            "finished": self._work.finished,
            "bad": bad,
            "chunks_left": chunks,
            "chunks_put_off": self._backlog.put_off_count,
            "pictures_left": segments,
            "without_picture": self._completer.without_picture,
            "folders_unseen": len(self._unseen),
            "rows_waiting": self._books.waiting,
        }
        # Not in the detail, which says what needs a person.
        many = f"{chunks} chunks that were left are still to be finished" if chunks > _MANY_CHUNKS else ""
        doing = "; ".join(filter(None, (many, self._comparison.progress)))
        facts = {"doing": doing} if doing else {}
        return Beat(state, within_s, detail="; ".join(filter(None, sayings)), figures=figures, facts=facts)


def _days(dst: Path) -> list[str]:
    try:
        return days_of(dst)
    except OSError as err:
        logger.warning("%s can't be read: %s", dst, err.strerror or err)
        return []
