"""The reaper: does a look at the limits cost more in a large archive, and how fast does it delete?

The catalogs are real databases of made-up rows; the files that are deleted are real, small ones.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from benchmarks.table import Row
from pynvr.archive.marker import create_marker
from pynvr.archive.paths import index_path, preview_path, segment_path, thumbnail_path
from pynvr.base.clock import SystemClock
from pynvr.model.segment import Segment
from pynvr.model.settings import Camera, ReaperRule, Record, Retention, Retry, Server, Settings, System
from pynvr.model.stamp import stamp_of
from pynvr.reaper.cycle import Reaper
from pynvr.reaper.disk_view import Usage
from pynvr.reaper.limits import slack_bytes
from pynvr.store.store import Store

CAMERAS = 16
SMALL, LARGE = 2_000, 1_000_000
DELETED, FEW = 4_000, 32
SEGMENT_BYTES = 30_000_000
CYCLES = 20
FILES_PER_S = 2_000
# A cycle is to take the same at five hundred times the rows; timers and caches aren't that exact.
SAME = 1.5
_MINUTE_US = 60_000_000
_UTC = ZoneInfo("UTC")


class Disks:
    """A disk as full as wanted."""

    def __init__(self) -> None:
        self.total_bytes = 10**13
        self.used_bytes = self.total_bytes // 2

    def usage(self, path: Path) -> Usage:
        return Usage(self.total_bytes, self.total_bytes - self.used_bytes)

    def device(self, path: Path) -> int:
        return 1


def rows() -> list[Row]:
    """All that is measured here."""
    with _archive(SMALL) as small, _archive(LARGE) as large:
        result = []
        for what, cycle in (
            ("nothing to do, all limits", lambda archive: archive.reaper.cycle()),
            (f"disk full, {FEW} segments deleted", lambda archive: archive.free_a_little()),
        ):
            small_s, large_s = _beside_each_other(cycle, small, large)
            ratio = large_s / small_s
            result.append(
                Row(
                    f"cycle with {LARGE:,} segments, {what}",
                    f"{large_s * 1000:.1f} ms, {ratio:.2f} × that of {SMALL:,} ({small_s * 1000:.1f} ms)",
                    f"≤ {SAME} ×",
                    ratio <= SAME,
                )
            )
        files_per_s, segments_per_s = large.delete_many(DELETED)
        result.append(
            Row(
                f"deleting from {LARGE:,} segments",
                f"{files_per_s:,.0f} files/s ({segments_per_s:,.0f} segments/s with their pictures and rows)",
                f"≥ {FILES_PER_S:,} files/s",
                files_per_s >= FILES_PER_S,
            )
        )
    return result


class _Archive:
    """`segments` rows, spread over the cameras, minute by minute up to now; files only where they get deleted."""

    def __init__(self, folder: Path, segments: int) -> None:
        self.disks = Disks()
        self._folder = folder
        self.store = Store.open(f"sqlite:///{folder}/pynvr.db")
        self.cameras = tuple(_camera(folder, number) for number in range(CAMERAS))
        self.system = System(
            "bench", folder, folder / "jpg", folder / "exports", folder, folder, _UTC, 60, 5, "", Server()
        )
        self.system.mp4_cache_dir.mkdir()
        for camera in self.cameras:
            self.store.disks.remember(camera.dst, create_marker(camera.dst))
        first_us = SystemClock().now_us() - segments // CAMERAS * _MINUTE_US
        self._rows = [
            _segment(camera, first_us, number) for number in range(segments // CAMERAS) for camera in self.cameras
        ]
        for start in range(0, len(self._rows), 5000):
            self.store.segments.add(*self._rows[start : start + 5000])
        del self._rows[DELETED + CYCLES * FEW :]
        self._with_files = 0
        rule = ReaperRule(folder, percent=90, max_days=3650, max_gb=10**6)
        settings = Settings(folder / "nvr.json", self.system, self.cameras, (rule,))
        self.reaper = Reaper(settings, self.store, self.disks, SystemClock())
        self.reaper.cycle()

    def free_a_little(self) -> None:
        """A disk that is a little too full."""
        self.make_files(FEW)
        started = time.perf_counter()
        self._free(FEW)
        self.spent_s = time.perf_counter() - started

    def delete_many(self, count: int) -> tuple[float, float]:
        """Files and segments deleted per second."""
        self.make_files(count)
        started = time.perf_counter()
        tally = self._free(count)
        taken_s = time.perf_counter() - started
        assert tally >= count * 3
        return tally / taken_s, tally / 3 / taken_s

    def make_files(self, count: int) -> None:
        """MP4, preview and thumbnail of the oldest segments that have none yet."""
        for row in self._rows[self._with_files : self._with_files + count]:
            dst = Path(row.dst)
            paths = [segment_path(dst, row.camera_id, row.stamp), index_path(dst, row.camera_id, row.stamp[:8])]
            paths += [
                path_of(self.system.jpg_cache_dir, row.camera_id, row.stamp)
                for path_of in (preview_path, thumbnail_path)
            ]
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(bytes(4096))
        self._with_files += count

    def _free(self, count: int) -> int:
        # The rows' sizes are made up, so the disk's usage is too: as much over its 90 % as these hold, and no more.
        slack = slack_bytes(self.disks.usage(self._folder))
        wanted = count * SEGMENT_BYTES - SEGMENT_BYTES // 2
        self.disks.used_bytes = self.disks.total_bytes * 9 // 10 + wanted - slack
        self.reaper._pressure._freed.clear()
        tally = self.reaper.cycle(only_sizes=True)
        self.disks.used_bytes = self.disks.total_bytes // 2
        assert tally.segments == count
        return tally.files


def _camera(folder: Path, number: int) -> Camera:
    name = f"camera-{number}"
    retention = Retention(max_days=3650, max_gb=10**5, min_days=0.01)
    dst = folder / "cameras" / name
    return Camera(name, "", name, "", dst, True, 30, 5, Retry(), "tcp", "auto", Record(), retention)


def _segment(camera: Camera, first_us: int, number: int) -> Segment:
    start_us = first_us + number * _MINUTE_US
    return Segment(
        camera.id, stamp_of(start_us, _UTC), start_us, start_us + _MINUTE_US, str(camera.dst), 1800, SEGMENT_BYTES,
        "h264", 1920, 1080, activity=bytes(60),
    )  # fmt: skip


@contextmanager
def _archive(segments: int) -> Iterator[_Archive]:
    folder = Path(tempfile.mkdtemp(prefix="pynvr-reaper-"))
    try:
        archive = _Archive(folder, segments)
        yield archive
        archive.store.close()
    finally:
        shutil.rmtree(folder)


def _beside_each_other(cycle: Callable[[_Archive], object], *archives: _Archive) -> list[float]:
    """The median of each archive's cycles, taken in turns."""
    taken: list[list[float]] = [[] for _ in archives]
    for _ in range(CYCLES):
        for times, archive in zip(taken, archives, strict=True):
            archive.spent_s = 0.0
            started = time.perf_counter()
            cycle(archive)
            times.append(archive.spent_s or time.perf_counter() - started)
    return [median(times) for times in taken]
