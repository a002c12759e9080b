"""What a tree of processes has used: CPU, memory, bytes written. Linux."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Usage:
    """`cpu_s`: user and system seconds since the processes began, ended children included.

    `pss_bytes`: memory with shared pages divided among those who share them. `written_bytes`: what the processes
    caused to be written to storage (proc(5), `write_bytes`).
    """

    cpu_s: float
    pss_bytes: int
    written_bytes: int
    processes: int


def usage_of(*roots: int) -> Usage:
    """Of the processes and all below them."""
    cpu_s, pss, written, count = 0.0, 0, 0, 0
    for root in roots:
        process = psutil.Process(root)
        for member in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
                times = member.cpu_times()
                cpu_s += times.user + times.system + times.children_user + times.children_system
                pss += _pss_bytes(member.pid)
                written += member.io_counters().write_bytes
                count += 1
    return Usage(cpu_s, pss, written, count)


def _pss_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
