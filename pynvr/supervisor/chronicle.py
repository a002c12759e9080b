"""What the master leaves behind on disk: journal, alive mark, status.json. None of them may stop it."""

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from pynvr.archive.audit_journal import append_entries
from pynvr.archive.journal import AliveMark, JournalWriter, read_alive, remove_alive, touch_alive, write_alive
from pynvr.base.files import write_atomic
from pynvr.model.audit import Entry
from pynvr.model.status import STATUS_NAME, Problem, Status
from pynvr.supervisor.causes import CauseBook

AUDIT_WRITER = "master"
# So far the log may date the end of a master that was killed too early.
ALIVE_EVERY_S = 1.0
# In between the mark is only touched: each file that is replaced goes to the disk (an SD card, maybe) at once.
_WRITTEN_EVERY_S = 5.0
STATUS_EVERY_S = 2.0
# At most this many unwritten transitions are kept while the disk takes none.
_LONGEST_BACKLOG = 10_000

_log = logging.getLogger(__name__)


class Chronicle:
    """Writes into the run folder what is due; a failure becomes a problem, told once, and is tried again."""

    def __init__(self, run_dir: Path, problems: "Problems") -> None:
        self._run_dir = run_dir
        self._problems = problems
        self._journal = JournalWriter(run_dir)
        self._alive_due_s = self._written_due_s = 0.0
        self._marked: tuple[str, ...] | None = None
        self._retry_s = 0.0
        self._entries_retry_s = 0.0

    def write_entries(self, entries: list[Entry], now_us: int, now_s: float) -> None:
        """Move what is to be told into the audit log's journal."""
        if not entries or now_s < self._entries_retry_s:
            return
        if self._try("audit journal", lambda: append_entries(self._run_dir, AUDIT_WRITER, entries, now_us), now_us):
            entries.clear()
        else:
            self._entries_retry_s = now_s + 1
            del entries[:-_LONGEST_BACKLOG]

    def left_by_the_last(self) -> AliveMark | None:
        """The mark of a master that didn't stop in order."""
        return read_alive(self._run_dir)

    def write_causes(self, book: CauseBook, now_us: int, now_s: float) -> None:
        """Move what is pending into the journal."""
        if not book.pending or now_s < self._retry_s:
            return
        if self._try("journal", lambda: self._journal.append(book.pending, now_us), now_us):
            book.pending.clear()
        else:
            self._retry_s = now_s + 1
            del book.pending[:-_LONGEST_BACKLOG]

    def mark_alive(self, camera_ids: tuple[str, ...], now_us: int, now_s: float) -> None:
        if now_s >= self._alive_due_s:
            self._alive_due_s = now_s + ALIVE_EVERY_S
            self._try("alive mark", lambda: self._mark(camera_ids, now_us, now_s), now_us)

    def _mark(self, camera_ids: tuple[str, ...], now_us: int, now_s: float) -> None:
        if camera_ids == self._marked and now_s < self._written_due_s:
            with contextlib.suppress(FileNotFoundError):
                return touch_alive(self._run_dir, now_us)
        self._marked = None  # until it is there
        write_alive(self._run_dir, AliveMark(now_us, camera_ids))
        self._marked, self._written_due_s = camera_ids, now_s + _WRITTEN_EVERY_S

    def close(self, book: CauseBook, now_us: int) -> None:
        """The last words of a master that stops in order; if they can't be written, the mark stays and speaks."""
        if not book.pending or self._try("journal", lambda: self._journal.append(book.pending, now_us), now_us):
            book.pending.clear()
            self._try("alive mark", lambda: remove_alive(self._run_dir), now_us)

    def write_status(self, status: Status, now_us: int) -> None:
        path = self._run_dir / STATUS_NAME
        self._try("status", lambda: write_atomic(path, status.to_json(), durable=False), now_us)

    def _try(self, about: str, effect: Callable[[], None], now_us: int) -> bool:
        try:
            effect()
        except OSError as err:
            reason = os.strerror(err.errno) if err.errno else str(err)
            self._problems.set(about, f"the {about} can't be written in {self._run_dir}: {reason}", now_us)
            return False
        self._problems.set(about, "", now_us)
        return True


class Problems:
    """What needs a person now; each is logged when it comes and when it goes."""

    def __init__(self) -> None:
        self._known: dict[str, Problem] = {}

    def set(self, about: str, detail: str, now_us: int, log: bool = True) -> None:
        """The problem with this subject, or an empty detail: there is none (any more). `log=False`: others log it."""
        known = self._known.get(about)
        if not detail:
            if known is not None:
                del self._known[about]
                if log:
                    _log.info("no longer: %s", known.detail)
        elif known is None:
            if log:
                _log.warning("%s", detail)
            self._known[about] = Problem(about, detail, now_us)
        elif known.detail != detail:
            self._known[about] = Problem(about, detail, known.since_us)

    @property
    def all(self) -> tuple[Problem, ...]:
        return tuple(self._known.values())
