"""Waiting on a condition instead of on time."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Nobody waits less: on a machine that is busy with other tests everything may take long, and a condition that comes
# true ends the wait at once, so patience costs nothing but where a test fails.
PATIENCE_S = 120.0
_LOOK_EVERY_S = 0.02
_LOOK_AT_LEAST_EVERY_S = 1.0
# Where this many want each CPU, no program keeps a promise in seconds.
_CROWD = 4.0
_YARDSTICK_S = 0.2


def is_overwhelmed() -> bool:
    """Whether the machine has far more to do than it can: what is promised in seconds can't be proved on it now."""
    return os.getloadavg()[0] > _CROWD * (os.cpu_count() or 1)


def slowness() -> float:
    """How many times longer than alone a computation takes now: on an idle machine 1."""
    began_s, used_s = time.monotonic(), time.thread_time()
    while time.thread_time() - used_s < _YARDSTICK_S:
        pass
    return max(1.0, (time.monotonic() - began_s) / _YARDSTICK_S)


def wait_until(
    condition: Callable[[], T], timeout_s: float = PATIENCE_S, what: str | Callable[[], str] = "the condition"
) -> T:
    """The first true value of `condition`; fails the test with `what` (a callable is asked then) at the deadline.

    One that costs much, as a command, is asked less often: who waits leaves the machine to what he waits for.
    """
    timeout_s = max(timeout_s, PATIENCE_S)
    deadline = time.monotonic() + timeout_s
    while True:
        asked = time.monotonic()
        value = condition()
        if value:
            return value
        now = time.monotonic()
        if now > deadline:
            text = what if isinstance(what, str) else what()
            raise AssertionError(f"waited {timeout_s:g} s in vain for {text}; last value: {value!r}")
        time.sleep(min(max(_LOOK_EVERY_S, now - asked), _LOOK_AT_LEAST_EVERY_S))
