"""Signals as a queue: the handlers do nothing but put the number where the loop finds it."""

import os
import signal
from collections.abc import Iterable


class SignalQueue:
    """Readable when a signal came; of the main thread only."""

    def __init__(self, numbers: Iterable[signal.Signals]) -> None:
        self._readable, self._writable = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._writable, warn_on_full_buffer=False)
        self._numbers = frozenset(numbers)
        for number in self._numbers:
            # A handler has to be there, or the signal would have its default effect and never reach the descriptor.
            signal.signal(number, lambda *_: None)

    def fileno(self) -> int:
        return self._readable

    def take(self) -> list[signal.Signals]:
        """The signals since the last call, in order."""
        try:
            data = os.read(self._readable, 4096)
        except BlockingIOError:
            return []
        return [signal.Signals(number) for number in data if number in self._numbers]
