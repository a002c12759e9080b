"""The server's threads: as many as are needed at once, up to a limit, and each for many jobs."""

import logging
import threading
from collections import deque
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Threads:
    """A job waits while all are taken, and where the machine gives no other thread for those that there are.

    `concurrent.futures` raises in the latter case with the job in its queue, and from then on counts one idle thread
    too many.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._changed = threading.Condition()
        self._jobs: deque[Callable[[], None]] = deque()
        self._started = 0
        self._idle = 0  # those that are only starting too
        self._closed = False
        self._is_refused = False

    def employ(self, job: Callable[[], None]) -> None:
        """Have it done soon, by a thread of its own while it lasts. The job raises nothing."""
        with self._changed:
            self._jobs.append(job)
            self._start_wanted()
            self._changed.notify()

    def tend(self) -> None:
        """Now and then: a machine that refused a thread may give it now, to jobs after which no other one comes."""
        with self._changed:
            self._start_wanted()

    def close(self) -> None:
        """What isn't begun isn't done any more; threads end with the jobs that they are at."""
        with self._changed:
            self._closed = True
            self._jobs.clear()
            self._changed.notify_all()

    def _start_wanted(self) -> None:
        while self._idle < len(self._jobs) and self._started < self._most and self._start_one():
            pass

    def _start_one(self) -> bool:
        # A daemon: one that hangs in a disk doesn't keep the process.
        thread = threading.Thread(target=self._work, name=f"{self._name}_{self._started}", daemon=True)
        try:
            thread.start()
        except RuntimeError as err:
            if not self._is_refused:
                _log.warning("what is asked for waits for the %d threads that there are: %s", self._started, err)
            self._is_refused = True
            return False
        self._is_refused = False
        self._started += 1
        self._idle += 1
        return True

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()
            with self._changed:
                self._idle += 1

    def _next(self) -> Callable[[], None] | None:
        """Waits for it; None when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            self._idle -= 1
            return self._jobs.popleft() if self._jobs else None
