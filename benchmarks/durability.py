"""What forcing recordings to disk costs: one `fdatasync` per file against one `syncfs` per disk, 64 growing files.

The rate is that of 64 cameras of 4 Mbit/s. What matters is what the writers feel: an append that waits, waits before a
camera's socket.
"""

import ctypes
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.table import Row

FILES = 64
FRAMES_A_SECOND = 30
FRAME_BYTES = 16_600
EVERY_S = 5.0
SECONDS = 30
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Felt:
    """`append_ms`: longest append, and the one that 99.9 % stay below. `flush_s`: longest sync. `cpu_s`: system."""

    longest_ms: float
    p999_ms: float
    flush_s: float
    cpu_s: float


def run() -> list[Row]:
    """Both ways, and none, one after the other."""
    rows = []
    for what, start in (("never", _never), ("fdatasync of each file", _each_file), ("syncfs of the disk", _whole_disk)):
        with tempfile.TemporaryDirectory(dir=".", prefix="bench-") as place:
            felt = _write(Path(place), start)
        rows.append(
            Row(
                f"{what}, each {EVERY_S:g} s",
                f"append p99.9 {felt.p999_ms:.2f} ms, longest {felt.longest_ms:.1f} ms; "
                f"longest sync {felt.flush_s:.2f} s; {felt.cpu_s:.2f} s system time in {SECONDS:g} s",
            )
        )
    return rows


Start = Callable[[list[int], threading.Event, list[float]], list[threading.Thread]]


def _write(folder: Path, start: Start) -> Felt:
    files = [os.open(folder / str(number), os.O_WRONLY | os.O_CREAT) for number in range(FILES)]
    stop = threading.Event()
    flushes = [0.0]
    threads = start(files, stop, flushes)
    frame = os.urandom(FRAME_BYTES)
    took_ms = []
    began_s = time.monotonic()
    cpu_s = os.times().system
    for tick in range(int(SECONDS * FRAMES_A_SECOND)):
        for fd in files:
            before_s = time.perf_counter()
            os.write(fd, frame)
            took_ms.append((time.perf_counter() - before_s) * 1000)
        time.sleep(max(0.0, began_s + (tick + 1) / FRAMES_A_SECOND - time.monotonic()))
    cpu_s = os.times().system - cpu_s
    stop.set()
    for thread in threads:
        thread.join()
    for fd in files:
        os.close(fd)
    took_ms.sort()
    return Felt(took_ms[-1], took_ms[int(len(took_ms) * 0.999)], max(flushes), cpu_s)


def _never(_files: list[int], _stop: threading.Event, _flushes: list[float]) -> list[threading.Thread]:
    return []


def _each_file(files: list[int], stop: threading.Event, flushes: list[float]) -> list[threading.Thread]:
    """As the recorders do: each has a thread, and they don't act at the same instant."""

    def follow(number: int, fd: int) -> None:
        stop.wait(EVERY_S * number / len(files))
        while not stop.wait(EVERY_S):
            _timed(lambda: os.fdatasync(fd), flushes)

    return _started([partial(follow, number, fd) for number, fd in enumerate(files)])


def _whole_disk(files: list[int], stop: threading.Event, flushes: list[float]) -> list[threading.Thread]:
    def follow() -> None:
        while not stop.wait(EVERY_S):
            _timed(lambda: _libc.syncfs(files[0]), flushes)

    return _started([follow])


def _timed(work: Callable[[], object], flushes: list[float]) -> None:
    before_s = time.perf_counter()
    work()
    flushes.append(time.perf_counter() - before_s)


def _started(works: list[Callable[[], None]]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    return threads
