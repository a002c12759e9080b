"""Whether the machine leaves anybody enough time for what is promised in seconds."""

import os
import time
from pathlib import Path
from statistics import median

from tests.waiting import is_overwhelmed

# So many want each processor right now. The load is a mean of the last minute, and late to tell.
_CROWD = 3.0
_SAMPLES = 9
_EVERY_S = 0.02


def is_starved() -> bool:
    """Takes a fifth of a second."""
    return is_overwhelmed() or _wanting() > _CROWD * (os.cpu_count() or 1)


def _wanting() -> float:
    """Processes that run or could (proc_loadavg(5)), but for this one."""
    counts = []
    for _ in range(_SAMPLES):
        running = Path("/proc/loadavg").read_text(encoding="ascii").split()[3]
        counts.append(int(running.partition("/")[0]) - 1)
        time.sleep(_EVERY_S)
    return median(counts)
