"""What is written down by the way for people who only look, who aren't to wait for it."""

import logging
import threading
from collections.abc import Callable

from pynvr.base.errors import StoreError

# None of it is needed at once: a session lasts 30 days after its last use, a camera's dates follow with the next look,
# a day of the time axis is made again.
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

    def note(self, what: str, write: Callable[[], bool | None]) -> bool:
        """Whether it was written. `write` says False if nothing had to be; what it raises of StoreError is logged."""
        if self._monotonic_s() < self._again_s or not self._writing.acquire(blocking=False):
            return False
        try:
            return write() is not False
        except StoreError as err:
            self._again_s = self._monotonic_s() + LEFT_ALONE_S
            _log.warning("can't note %s: %s", what, err)
            return False
        finally:
            self._writing.release()
