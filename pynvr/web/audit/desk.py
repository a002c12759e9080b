"""Files the web process's entries, so that no request waits for the database, or fails, for its entry's sake.

A thread, there while there is something to do, writes what waits: into the database; while that is locked or away into
the journal, from which the finisher copies it; while the disk takes that neither, it waits here.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from pynvr.archive.audit_journal import append_entries
from pynvr.base.clock import Clock
from pynvr.base.errors import StoreError
from pynvr.model.audit import Entry, Level, Source
from pynvr.store.audit import Audit
from pynvr.web.audit.sums import Sums

WRITER = "web"
# About 10 MB; what is more is lost, and told when there is room again.
MOST_WAITING = 10_000
_AT_ONCE = 500
_RETRY_EVERY_S = 2.0

_log = logging.getLogger(__name__)


class Desk:
    """For all threads of the process. `run_dir()`: the folder of the journal."""

    def __init__(
        self, audit: Audit, run_dir: Callable[[], Path], clock: Clock, most_waiting: int = MOST_WAITING
    ) -> None:
        self._audit = audit
        self._run_dir = run_dir
        self._clock = clock
        self._most_waiting = most_waiting
        self._changed = threading.Condition()
        self._waiting: deque[Entry] = deque()
        self._sums = Sums()
        self._lost = 0
        self._is_troubled = False
        self._closing = False
        self._thread: threading.Thread | None = None

    def file(self, entry: Entry, often: bool = False) -> None:
        """Take an entry; never waits. `often`: of those alike within a minute only the first, then their number."""
        with self._changed:
            if not often or self._sums.is_first(entry, self._clock.monotonic_s()):
                self._put(entry)

    def tend(self) -> None:
        """Now and then: sums whose minute is over are told."""
        with self._changed:
            for entry in self._sums.take(self._clock.monotonic_s()):
                self._put(entry)
            self._start()

    def settle(self, within_s: float) -> bool:
        """Wait until all that was taken is written, not for sums that still grow; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, within_s)

    def close(self, within_s: float) -> None:
        """The last entries, also of sums; what can't be written within the time is named in the log."""
        with self._changed:
            self._closing = True
            for entry in self._sums.take(float("inf")):
                self._put(entry)
            self._start()
            self._changed.notify_all()
        if not self.settle(within_s):
            with self._changed:
                for entry in self._waiting:
                    _log.warning("not in the audit log: %s %s %s", entry.actor, entry.address, entry.text)

    def _put(self, entry: Entry) -> None:
        if len(self._waiting) >= self._most_waiting:
            self._lost += 1
            return
        if self._lost:
            text = f"{self._lost} entries were lost: they couldn't be written, and there were too many to wait"
            self._waiting.append(Entry(entry.at_us, Level.ERROR, Source.WEB, "audit.lost", text))
            self._lost = 0
        self._waiting.append(entry)
        self._start()

    def _start(self) -> None:
        if self._thread is not None or not self._waiting:
            return
        thread = threading.Thread(target=self._work, name="audit", daemon=True)
        try:
            thread.start()
        except RuntimeError as err:
            self._settle_trouble(f"entries of the audit log wait: {err}")
            return  # the next entry tries again, and who tends this
        self._thread = thread

    def _work(self) -> None:
        while True:
            with self._changed:
                batch = [self._waiting[number] for number in range(min(_AT_ONCE, len(self._waiting)))]
                if not batch:
                    self._thread = None
                    return
            is_written = self._write(batch)
            with self._changed:
                if is_written:
                    for _entry in batch:
                        self._waiting.popleft()
                    self._changed.notify_all()
                elif self._closing:
                    self._thread = None
                    return
                else:
                    self._changed.wait_for(lambda: self._closing, _RETRY_EVERY_S)

    def _write(self, batch: list[Entry]) -> bool:
        try:
            self._audit.add(*batch)
        except StoreError as err:
            return self._write_down(batch, str(err))
        except Exception:  # whatever it is, it must not end the only thread that writes
            _log.exception("entries of the audit log can't be written")
            return False
        self._settle_trouble("")
        return True

    def _write_down(self, batch: list[Entry], reason: str) -> bool:
        try:
            append_entries(self._run_dir(), WRITER, batch, self._clock.now_us())
        except OSError as err:
            self._settle_trouble(f"entries of the audit log wait: {reason}; {err.strerror or err}")
            return False
        return True

    def _settle_trouble(self, trouble: str) -> None:
        if trouble and not self._is_troubled:
            _log.warning("%s", trouble)
        self._is_troubled = bool(trouble)
