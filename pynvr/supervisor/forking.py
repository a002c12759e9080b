"""A forkserver that hangs: who waits for its fork would wait for ever, and the master watches nobody meanwhile."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

# A fork takes milliseconds. The service manager's own patience with the master (WatchdogSec) is longer.
FORK_WITHIN_S = 15.0
# A forkserver loads modules before its first fork, on a busy machine for long.
FIRST_FORK_WITHIN_S = 120.0

_log = logging.getLogger(__name__)


class ForkLimit:
    """For `with` around each fork: the forkserver is killed if that takes too long. Then the fork fails (EOFError or
    OSError), and the next one is another forkserver's. `pid`: of the present one, 0 if there is none."""

    def __init__(
        self, pid: Callable[[], int], first_within_s: float = FIRST_FORK_WITHIN_S, within_s: float = FORK_WITHIN_S
    ) -> None:
        self._pid = pid
        self._first_within_s, self._within_s = first_within_s, within_s
        self._proven = 0
        self._timer: threading.Timer | None = None

    def __enter__(self) -> None:
        is_proven = self._proven != 0 and self._pid() == self._proven
        self._timer = threading.Timer(self._within_s if is_proven else self._first_within_s, self._kill)
        self._timer.daemon = True
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _t: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if kind is None:
            self._proven = self._pid()

    def _kill(self) -> None:
        pid = self._pid()
        if pid:
            _log.error("the forkserver (process %d) hangs, and is killed: another takes its place", pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
