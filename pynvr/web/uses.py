"""Noting that sessions are used, which nobody who looks on is to wait for."""

import logging
import threading
from collections.abc import Callable

from pynvr.base.errors import StoreError

# A session lasts 30 days after its last use: a note that comes a little later costs nobody anything.
LEFT_ALONE_S = 60.0

_log = logging.getLogger(__name__)


class Uses:
    """One per process, for all its threads.

    A database that is locked makes each writer wait for seconds. So one request at a time tries, the others go on
    without, and after a failure all do for a while.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._writing = threading.Lock()
        self._again_s = float("-inf")

    def note(self, write: Callable[[], bool]) -> bool:
        """Whether `write` was called, and wrote; it may raise StoreError, which is logged."""
        if self._monotonic_s() < self._again_s or not self._writing.acquire(blocking=False):
            return False
        try:
            return write()
        except StoreError as err:
            self._again_s = self._monotonic_s() + LEFT_ALONE_S
            _log.warning("can't note that a session is used: %s", err)
            return False
        finally:
            self._writing.release()
