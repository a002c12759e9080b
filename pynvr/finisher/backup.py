"""The database's daily backup, beside the work: copying a large one takes seconds, and no MP4 waits for it."""

import logging
import threading
from pathlib import Path

from pynvr.base.clock import Clock
from pynvr.base.errors import StoreError
from pynvr.store.backup import is_backup_due, make_backup

logger = logging.getLogger(__name__)

_CHECK_EVERY_S = 600.0


class DailyBackup:
    """Call `tend` now and then; it returns at once."""

    def __init__(self, database: Path, clock: Clock) -> None:
        self.failure = ""
        self._database = database
        self._clock = clock
        self._next_s = 0.0
        self._thread: threading.Thread | None = None

    def tend(self) -> None:
        """Begin a backup if one is due and none is being made."""
        now_s = self._clock.monotonic_s()
        if now_s < self._next_s or (self._thread is not None and self._thread.is_alive()):
            return
        self._next_s = now_s + _CHECK_EVERY_S
        try:
            is_due = is_backup_due(self._database, self._clock.now_us())
        except OSError as err:
            self._fail(f"{err.filename}: the backups of the database can't be looked at: {err.strerror}")
            return
        if is_due:
            thread = threading.Thread(target=self._make, name="backup", daemon=True)
            try:
                thread.start()
            except RuntimeError as err:
                self._fail(str(err))
                return
            self._thread = thread

    def _make(self) -> None:
        try:
            copy = make_backup(self._database, self._clock.now_us())
        except StoreError as err:
            self._fail(str(err))
        else:
            self.failure = ""
            logger.info("the database is backed up as %s", copy)

    def _fail(self, reason: str) -> None:
        if reason != self.failure:
            logger.error("%s", reason)
        self.failure = reason
