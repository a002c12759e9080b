"""The two clocks: the wall clock in UTC microseconds for instants, the monotonic one for intervals."""

import time
from typing import Protocol


class Clock(Protocol):
    """What code that depends on time is given; tests pass one that they move by hand."""

    def now_us(self) -> int:
        """The instant now, in microseconds since the Unix epoch, UTC."""

    def monotonic_s(self) -> float:
        """Seconds on a clock that never steps; only differences have a meaning."""


class SystemClock:
    """The machine's clocks."""

    def now_us(self) -> int:
        return time.time_ns() // 1000

    def monotonic_s(self) -> float:
        return time.monotonic()
