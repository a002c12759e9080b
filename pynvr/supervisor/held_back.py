"""How much a process ran, and how long it had work to do and the machine didn't let it."""

from pathlib import Path
from typing import NamedTuple

_NANOSECONDS = 1e9


class Scheduled(NamedTuple):
    """Seconds of a process's life: on a CPU, and ready to run while others had them."""

    ran_s: float
    held_back_s: float


def scheduled(pid: int, proc: Path = Path("/proc")) -> Scheduled:
    """Both are 0 if nobody knows.

    The first numbers of /proc/PID/schedstat (the kernel's Documentation/scheduler/sched-stats.rst), of the main thread.
    """
    try:
        ran_ns, waited_ns = map(int, (proc / str(pid) / "schedstat").read_bytes().split()[:2])
    except (OSError, ValueError):
        return Scheduled(0.0, 0.0)
    return Scheduled(ran_ns / _NANOSECONDS, waited_ns / _NANOSECONDS)
