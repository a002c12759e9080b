"""What each process of the program uses, at one moment."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Sample:
    """`pss_bytes`: memory, shared pages divided among those who share them; `files`: open descriptors.

    `own_bytes`: what only this process has; more when it writes to a page that it shared until then. `held_bytes`: of
    pages that no file holds, shared or not; only what is allocated makes it more.
    """

    pss_bytes: int
    files: int
    threads: int
    cpu_s: float
    own_bytes: int
    held_bytes: int


def sample(root: int, names: dict[int, str]) -> dict[str, Sample]:
    """By name; of processes whose name isn't given, by what they call themselves."""
    found = {}
    with contextlib.suppress(psutil.NoSuchProcess):
        master = psutil.Process(root)
        for process in [master, *master.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
                name = names.get(process.pid) or ("master" if process.pid == root else _own_name(process))
                times = process.cpu_times()
                pss_bytes, own_bytes, held_bytes = _memory(process.pid)
                while name in found:
                    name += "'"
                found[name] = Sample(
                    pss_bytes,
                    len(os.listdir(f"/proc/{process.pid}/fd")),
                    process.num_threads(),
                    times.user + times.system,
                    own_bytes,
                    held_bytes,
                )
    return found


def _own_name(process: psutil.Process) -> str:
    words = process.cmdline()
    if any("forkserver" in word for word in words):
        return "forkserver"
    if any("resource_tracker" in word for word in words):
        return "resource tracker"
    return " ".join(words)[:60] or process.name()


def _memory(pid: int) -> tuple[int, int, int]:
    """Proportional, private and anonymous bytes (proc(5), `smaps_rollup`)."""
    kib = {
        line.split(":")[0]: int(line.split()[1])
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.endswith(" kB")
    }
    own = kib["Private_Dirty"] + kib["Private_Clean"]
    return kib["Pss"] * 1024, own * 1024, kib["Anonymous"] * 1024
