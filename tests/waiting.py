"""Waiting on a condition instead of on time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], timeout_s: float = 20, what: str | Callable[[], str] = "the condition") -> T:
    """The first true value of `condition`; fails the test with `what` (a callable is asked then) at the deadline."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            text = what if isinstance(what, str) else what()
            raise AssertionError(f"waited {timeout_s:g} s in vain for {text}; last value: {value!r}")
        time.sleep(0.02)
