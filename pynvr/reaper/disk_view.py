"""What the reaper sees of disks; tests give it disks of their own."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil


@dataclass(frozen=True, slots=True)
class Usage:
    """`free_bytes`: what PyNVR may still write; `total_bytes`: that and what is used, so a full disk is at 100 %."""

    total_bytes: int
    free_bytes: int

    @property
    def used_bytes(self) -> int:
        return self.total_bytes - self.free_bytes


class DiskView(Protocol):
    """Raises OSError for a path that isn't there."""

    def usage(self, path: Path) -> Usage: ...

    def device(self, path: Path) -> int:
        """The same number for all paths on one disk."""


class SystemDisks:
    """The machine's disks."""

    def usage(self, path: Path) -> Usage:
        # Blocks reserved for root are neither used nor free (as in df); psutil says so too.
        figures = psutil.disk_usage(str(path))
        return Usage(figures.used + figures.free, figures.free)

    def device(self, path: Path) -> int:
        return os.stat(path).st_dev
