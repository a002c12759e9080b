"""A forkserver that hangs: who waits for its fork would wait for ever, and the master watches nobody meanwhile."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

# A fork takes milliseconds. The service manager's own patience with the master (WatchdogSec) is longer.
FORK_WITHIN_S = 15.0
# A forkserver loads modules before its first fork, on a busy machine for long. That is longer than WatchdogSec, so the
# service manager is told meanwhile that we are there.
FIRST_FORK_WITHIN_S = 120.0
# Each that is killed before its first fork leaves the next one twice as long: a machine may be slower than we think.
_MOST_FACTOR = 4
# Well within WatchdogSec.
_TOLD_EVERY_S = 5.0

_log = logging.getLogger(__name__)


class ForkLimit:
    """For `with` around each fork: the forkserver is killed if that takes too long. Then the fork fails (EOFError or
    OSError), and the next one is another forkserver's. `pid`: of the present one, 0 if there is none; it must be there
    before `with`, or it is taken for one that has forked. `while_waiting` is called, in another thread, every few
    seconds."""

    def __init__(
        self,
        pid: Callable[[], int],
        while_waiting: Callable[[], None] = lambda: None,
        first_within_s: float = FIRST_FORK_WITHIN_S,
        within_s: float = FORK_WITHIN_S,
        told_every_s: float = _TOLD_EVERY_S,
    ) -> None:
        self._pid = pid
        self._while_waiting = while_waiting
        self._first_within_s, self._within_s = first_within_s, within_s
        self._told_every_s = told_every_s
        self._factor = 1
        self._proven = 0
        self._done = threading.Event()

    @property
    def present_s(self) -> float:
        """How long a fork of the present forkserver may take."""
        is_proven = self._proven != 0 and self._pid() == self._proven
        return self._within_s if is_proven else self._first_within_s * self._factor

    def __enter__(self) -> None:
        self._done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(self._done, self.present_s), daemon=True)
        try:
            watcher.start()
        except RuntimeError as err:
            # A machine that can start no thread must not end all recording: better a fork that nobody watches.
            _log.warning("a fork goes on without a limit of its time: %s", err)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._done.set()
        if kind is None:
            self._proven = self._pid()
            self._factor = 1

    def _watch(self, done: threading.Event, within_s: float) -> None:
        until_s = time.monotonic() + within_s
        while True:
            left_s = until_s - time.monotonic()
            if done.wait(max(0.0, min(left_s, self._told_every_s))):
                return
            if left_s <= self._told_every_s:
                self._kill()
                return
            self._while_waiting()

    def _kill(self) -> None:
        pid = self._pid()
        if pid:
            if pid != self._proven:
                self._factor = min(2 * self._factor, _MOST_FACTOR)
            _log.error("the forkserver (process %d) hangs, and is killed: another takes its place", pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
