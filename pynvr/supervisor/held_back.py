"""How long a process had work to do and the machine didn't let it."""

from pathlib import Path

_NANOSECONDS = 1e9


def held_back_s(pid: int, proc: Path = Path("/proc")) -> float:
    """Seconds of its life in which the process was ready to run and others had the CPUs; 0 if nobody knows.

    The second number of /proc/PID/schedstat (the kernel's Documentation/scheduler/sched-stats.rst), of the main thread.
    """
    try:
        waited_ns = int((proc / str(pid) / "schedstat").read_bytes().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return waited_ns / _NANOSECONDS
