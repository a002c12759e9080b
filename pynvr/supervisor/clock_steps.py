"""Time that the wall clock skipped: somebody set it forward, or the machine slept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pynvr.base.clock import Clock
from pynvr.model.cause import Cause
from pynvr.model.ticks import MICROSECONDS

# Less than this is the time service at work; recorders notice steps of this size too.
LEAST_STEP_US = 2_000_000


@dataclass(frozen=True, slots=True)
class Skipped:
    """`[from_us, to_us)` by the wall clock, in which nothing can have been recorded."""

    from_us: int
    to_us: int
    cause: Cause
    detail: str


def since_boot_s() -> float:
    """Seconds since the machine was started, those included in which it slept (proc_uptime(5))."""
    return float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])


class ClockSteps:
    """Compares the clocks each time it is asked. `boot_s`: the clock that goes on while the machine sleeps; may raise
    OSError."""

    def __init__(self, clock: Clock, boot_s: Callable[[], float] = since_boot_s) -> None:
        self._clock = clock
        self._boot_s = boot_s
        self._beyond_s = 0.0  # what the boot clock was ahead of the monotonic one when it was last read
        self._last = self._now()

    def skipped(self) -> Skipped | None:
        """What was skipped since the last call. A clock that was set back skipped nothing."""
        last_us, last_s, last_boot_s = self._last
        self._last = now_us, now_s, boot_s = self._now()
        expected_us = last_us + round((now_s - last_s) * MICROSECONDS)
        if now_us - expected_us < LEAST_STEP_US:
            return None
        slept_us = round((boot_s - last_boot_s - (now_s - last_s)) * MICROSECONDS)
        if slept_us >= LEAST_STEP_US:
            return Skipped(expected_us, now_us, Cause.NOT_RUNNING, "the machine slept")
        ahead_s = (now_us - expected_us) / MICROSECONDS
        return Skipped(expected_us, now_us, Cause.CLOCK, f"the machine's clock was set {ahead_s:.0f} s forward")

    def _now(self) -> tuple[int, float, float]:
        now_us, now_s = self._clock.now_us(), self._clock.monotonic_s()
        try:
            self._beyond_s = self._boot_s() - now_s
        except OSError:
            pass  # no descriptor is left, say: nobody stops recording for that, and a sleep is told as a step
        return now_us, now_s, now_s + self._beyond_s
