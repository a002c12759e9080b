"""The reaper process: `run` is all that the supervisor knows of it."""

import logging
import select

from pynvr.base.clock import Clock, SystemClock
from pynvr.base.errors import StoreError
from pynvr.base.heart import Beat, Heart
from pynvr.model.settings import Settings
from pynvr.reaper.account import Account
from pynvr.reaper.cycle import Reaper
from pynvr.reaper.deletion import Tally
from pynvr.reaper.disk_view import DiskView, SystemDisks
from pynvr.store.store import Store, open_or_repair

_WITHIN_S = 60.0
# A database that is being opened elsewhere, locked, damaged or restored takes its time.
_OPENING_WITHIN_S = 600.0
_BEAT_EVERY_S = 1.0
# Asking a disk how full it is costs microseconds, so that is done often; ages and camera totals can wait.
_DISKS_EVERY_S = 2.0
_ALL_EVERY_S = 60.0
_BUSY_TIMEOUT_S = 10.0
_log = logging.getLogger(__name__)


def run(heart: Heart, settings: Settings) -> None:
    """Keep disks and cameras within their limits until `heart.stopping`."""
    process = ReaperProcess(settings, SystemDisks(), SystemClock(), heart)
    try:
        while not heart.stopping:
            process.turn()
            select.select([heart.fileno()], [], [], _BEAT_EVERY_S)
    finally:
        process.end()


class ReaperProcess:
    """What is due when, and the words about it."""

    def __init__(self, settings: Settings, disks: DiskView, clock: Clock, heart: Heart) -> None:
        self._settings = settings
        self._disks = disks
        self._clock = clock
        self._heart = heart
        self._store: Store | None = None
        self._reaper: Reaper | None = None
        self._due_s = {"disks": 0.0, "all": 0.0}
        self._figures = {"segments": 0, "files": 0, "bytes": 0}
        self._account = Account()
        self._trouble = ""

    def turn(self) -> None:
        """One beat, and a cycle if it is time for one."""
        self._beat("watching" if self._trouble == "" else "waiting")
        try:
            reaper = self._opened()
            if self._is_due("all", _ALL_EVERY_S):
                self._note(reaper.cycle())
            elif self._is_due("disks", _DISKS_EVERY_S) and reaper.full_disks():
                self._note(reaper.cycle(only_sizes=True))
            self._settle("")
            if self._account.is_due(self._clock.monotonic_s()):
                self._tell()
        except StoreError as err:
            # Whatever is wrong with it, opening it anew is what helps; what was deleted meanwhile is found again.
            self._settle(str(err))
            self.close()

    def end(self) -> None:
        """The last words, and the end."""
        try:
            self._tell()
        except StoreError as err:
            _log.warning("what was deleted isn't in the audit log: %s", err)
        self.close()

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = self._reaper = None

    def _opened(self) -> Reaper:
        if self._reaper is None:
            self._beat("opening", _OPENING_WITHIN_S)
            self._store = open_or_repair(self._settings.system.database, _BUSY_TIMEOUT_S)
            self._reaper = Reaper(self._settings, self._store, self._disks, self._clock, alive=self._go_on)
            self._due_s = dict.fromkeys(self._due_s, 0.0)
        return self._reaper

    def _go_on(self) -> bool:
        self._beat("deleting")
        return not self._heart.stopping

    def _is_due(self, what: str, every_s: float) -> bool:
        now_s = self._clock.monotonic_s()
        if now_s < self._due_s[what]:
            return False
        self._due_s[what] = now_s + every_s
        return True

    def _tell(self) -> None:
        """Put into the audit log what was deleted since the last time. Raises StoreError."""
        if self._store is not None and self._account.by_camera:
            self._store.audit.add(*self._account.entries(self._clock.now_us(), self._settings.called))
            self._account = Account()

    def _note(self, tally: Tally) -> None:
        self._account.add(tally.cameras, self._clock.monotonic_s())
        if not tally.files and not tally.segments:
            return
        self._figures["segments"] += tally.segments
        self._figures["files"] += tally.files
        self._figures["bytes"] += tally.freed_bytes
        days = sorted({day for _folder, day in tally.days})
        of_days = f" of {days[0]} to {days[-1]}" if days else ""
        _log.info(
            "deleted %d segments%s: %.3f GB, %d files", tally.segments, of_days, tally.freed_bytes / 1e9, tally.files
        )

    def _settle(self, trouble: str) -> None:
        """One word in the log per change."""
        if trouble and not self._trouble:
            _log.warning("nothing is deleted until the database can be used: %s", trouble)
        elif self._trouble and not trouble:
            _log.info("the database can be used again")
        self._trouble = trouble

    def _beat(self, state: str, within_s: float = _WITHIN_S) -> None:
        notices = [self._trouble] if self._trouble else self._reaper.notices if self._reaper else []
        detail = "; ".join(notices)
        self._heart.beat(Beat(state, within_s, detail=detail, figures=dict(self._figures)))
