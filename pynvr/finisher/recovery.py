"""Finishing everything that was left, once: what `pynvr recover` does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.archive.paths import days_of
from pynvr.base.clock import Clock
from pynvr.finisher.backlog import Backlog, ChunkTask, SegmentTask
from pynvr.finisher.books import Books
from pynvr.finisher.complete import Completer
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.folders import folders_of
from pynvr.finisher.mark import DecodingMark
from pynvr.finisher.outcome import Busy, Finished, Postponed, Removed, SetAside, Sifted, Undecided
from pynvr.finisher.sight import look_into
from pynvr.finisher.work import Work
from pynvr.model.settings import System
from pynvr.model.stamp import recent_days
from pynvr.store.store import Store

# Midnight may have come between the death's folder and the last one.
_LAST_DAYS = 2


@dataclass(slots=True)
class Recovered:
    """What became of the chunks.

    `in_use`: of a recorder that runs (or of the finisher); `entered`: segments that were there and had no record in
    their day index, and have now; `postponed`: chunks that are still some, segments that still have no record, and
    folders that can't be read, with the reason; `rows_waiting`: not in the catalog, because of `database_failure`.
    """

    finished: list[Path] = field(default_factory=list)
    entered: list[Path] = field(default_factory=list)
    set_aside: dict[Path, str] = field(default_factory=dict)
    removed: list[Path] = field(default_factory=list)
    postponed: dict[Path, str] = field(default_factory=dict)
    in_use: list[Path] = field(default_factory=list)
    rows_waiting: int = 0
    database_failure: str = ""


def left_chunks(dsts: list[Path]) -> list[Path]:
    """All chunks of the folders, growing ones included, newest first. Raises OSError."""
    found = [path for dst in dsts for day in days_of(dst) for path in look_into(dst / day).chunks]
    return sorted(found, key=lambda path: path.name.partition(".")[2], reverse=True)


def last_folders(dsts: list[Path], now_us: int, system: System) -> list[Path]:
    """The day folders in which a death may have left segments without pictures or record: those of yesterday, today and
    tomorrow, as at a start, and the last ones that there are, however long ago. Raises OSError."""
    last = {dst / day for dst in dsts for day in sorted(days_of(dst))[-_LAST_DAYS:]}
    return sorted(last | folders_of(dsts, recent_days(now_us, system.timezone)))


def recover(
    chunks: list[Path],
    system: System,
    clock: Clock,
    open_store: Callable[[], Store],
    *,
    progress: Callable[[], None],
    folders: Iterable[Path] = (),
) -> Recovered:
    """Finish these chunks, MP4s first, then pictures and records, also those that segments of these day `folders` lack.

    `progress` is called once per chunk.
    """
    recovered = Recovered()
    mark = DecodingMark(system.run_dir / "recover.decoding")
    books = Books(open_store)
    backlog = Backlog()
    completer = Completer(system.jpg_cache_dir, system.timezone, mark)
    work = Work(backlog, completer, books, clock, system.jpg_cache_dir)
    try:
        for path in chunks:
            outcome = finish_chunk(path)
            match outcome:
                case Finished():
                    recovered.finished.append(outcome.path)
                case Sifted():
                    recovered.finished.extend(part.path for part in outcome.parts)
                case SetAside():
                    recovered.set_aside[outcome.path] = outcome.reason
                case Removed():
                    recovered.removed.append(path)
                case Postponed():
                    recovered.postponed[path] = outcome.reason
                case Busy() | Undecided():
                    recovered.in_use.append(path)
            if not isinstance(outcome, Busy | Postponed):
                work.settle(ChunkTask(path), outcome)
            progress()
        fresh = set(recovered.finished)
        recovered.postponed.update(_look_for_incomplete(work, folders))
        while (task := backlog.take(clock.monotonic_s())) is not None:
            failure = work.do(task)
            if isinstance(task, SegmentTask):
                _note(recovered, task, failure, is_fresh=task.path in fresh)
        books.write(clock.monotonic_s())
        recovered.rows_waiting, recovered.database_failure = books.waiting, books.failure
    finally:
        books.close()
        mark.close()
    return recovered


def _note(recovered: Recovered, task: SegmentTask, failure: str, *, is_fresh: bool) -> None:
    """What became of a segment; one that failed may have been tried again."""
    recovered.postponed.pop(task.path, None)
    if not failure:
        if not (task.is_indexed or is_fresh):
            recovered.entered.append(task.path)
    elif task.path.exists():
        recovered.postponed[task.path] = failure


def _look_for_incomplete(work: Work, folders: Iterable[Path]) -> dict[Path, str]:
    """Queue what the folders' segments lack; those that can't be read, and why."""
    unreadable = {}
    for folder in folders:
        try:
            work.look_for_incomplete(folder)
        except OSError as err:
            unreadable[folder] = f"{folder}: {err.strerror or err}"
    return unreadable
