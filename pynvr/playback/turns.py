"""Turns at what only a few may do at a time: the newest who waits is the next, and few may wait.

Who scrubs asks for picture after picture and looks at the last one: it shouldn't wait for those that nobody wants
any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from pynvr.base.errors import PyNVRError


class BusyError(PyNVRError):
    """More is asked for than can be done; try again."""


class Turns:
    """`at_once` at a time; of more than `waiting` others the oldest is sent away, and each after `patience_s`."""

    def __init__(self, at_once: int, waiting: int, patience_s: float) -> None:
        self._free = at_once
        self._most = waiting
        self._patience_s = patience_s
        self._queue: list[object] = []
        self._changed = Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it while the `with` lasts. Raises BusyError."""
        self._wait()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _wait(self) -> None:
        mine = object()
        with self._changed:
            self._queue.append(mine)
            if self._free <= 0 and len(self._queue) > self._most:
                del self._queue[0]
                self._changed.notify_all()
            self._changed.wait_for(
                lambda: mine not in self._queue or (self._free > 0 and self._queue[-1] is mine), self._patience_s
            )
            if mine not in self._queue:
                raise BusyError("newer requests for pictures came before this one; try again")
            mine_is_next = self._free > 0 and self._queue[-1] is mine
            self._queue.remove(mine)
            if not mine_is_next:
                raise BusyError("too many pictures are asked for at once; try again")
            self._free -= 1
            # Another one may be free as well, and another the newest now.
            self._changed.notify_all()
