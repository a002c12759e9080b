"""What requests that only look write down by the way, which nobody is to wait for."""

import logging
import threading
from collections.abc import Callable

from pynvr.base.errors import StoreError

# None of it is needed at once: a session lasts 30 days after its last use, a camera's dates follow with the next look.
LEFT_ALONE_S = 60.0

_log = logging.getLogger(__name__)


class ByTheWay:
    """One per process, for all its threads.

    A database that is locked makes each writer wait for seconds. So one request at a time tries, the others go on
    without, and after a failure all do for a while.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._writing = threading.Lock()
        self._again_s = float("-inf")

    def note(self, what: str, write: Callable[[], bool]) -> bool:
        """Whether `write` was called, and wrote; it may raise StoreError, which is logged with `what` it was."""
        if self._monotonic_s() < self._again_s or not self._writing.acquire(blocking=False):
            return False
        try:
            return write()
        except StoreError as err:
            self._again_s = self._monotonic_s() + LEFT_ALONE_S
            _log.warning("can't note %s: %s", what, err)
            return False
        finally:
            self._writing.release()
