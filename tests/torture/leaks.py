"""Processes that stay, and what they take more and more of."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import psutil

# Nothing is fitted to less.
_LEAST_SAMPLES = 8
_LEAST_S = 240.0
# What it needs is loaded by then, also on a busy machine.
_WARM_AFTER_S = 120.0
_MUCH_MEMORY_BYTES = 12_000_000
_MANY_DESCRIPTORS = 12


@dataclass(frozen=True, slots=True)
class Sample:
    at_s: float
    memory_bytes: int
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True)
class Slope:
    """Of a straight line through samples: so much a second, with the standard error of that."""

    per_s: float
    error_per_s: float


def slope_of(points: list[tuple[float, float]]) -> Slope:
    """Least squares; at least three points."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if not spread:
        return Slope(0, 0)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return Slope(slope, sqrt(rest / (count - 2) / spread))


class Meter:
    """Samples of each process by its name and id; the longest lives tell."""

    def __init__(self) -> None:
        self.lives: dict[tuple[str, int], list[Sample]] = {}

    def sample(self, pids: Mapping[str, int], at_s: float) -> None:
        for name, pid in pids.items():
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                memory = process.memory_full_info().uss
                sample = Sample(at_s, memory, process.num_fds(), process.num_threads())
                self.lives.setdefault((name, pid), []).append(sample)

    def wrong(self) -> list[str]:
        """What grew more than noise explains, in lives that are long enough; they warm up first."""
        found = []
        for (name, pid), samples in self.lives.items():
            later = samples[len(samples) // 3 :]
            warm = [one for one in later if one.at_s - samples[0].at_s >= _WARM_AFTER_S]
            if len(warm) < _LEAST_SAMPLES or warm[-1].at_s - warm[0].at_s < _LEAST_S:
                continue
            for what, much in (("memory_bytes", _MUCH_MEMORY_BYTES), ("descriptors", _MANY_DESCRIPTORS)):
                slope = slope_of([(one.at_s, getattr(one, what)) for one in warm])
                grown = slope.per_s * (warm[-1].at_s - warm[0].at_s)
                if grown > much and slope.per_s > 3 * slope.error_per_s:
                    found.append(f"{name} ({pid}): {what} grew by {grown:.0f} in {len(warm)} samples")
        return found

    def longest(self) -> dict[str, list[Sample]]:
        """By kind of process (`recorder`, `web`, …), the life with the most samples."""
        found: dict[str, list[Sample]] = {}
        for (name, _pid), samples in self.lives.items():
            kind = name.split()[0]
            if len(samples) > len(found.get(kind, [])):
                found[kind] = samples
        return found


def below(folder: Path) -> set[int]:
    """All processes that work in the folder, whoever their parents are: PyNVR stays where it was started."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if os.readlink(entry / "cwd") == str(folder):
                    found.add(int(entry.name))
    return found


def zombies(pids: set[int]) -> set[int]:
    found = set()
    for pid in pids:
        with suppress(psutil.Error):
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                found.add(pid)
    return found
