"""An archive of small files in a real tree, a real catalog beside it, on disks whose size a test says."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.marker import create_marker
from pynvr.archive.paths import index_path, preview_path, segment_path, thumbnail_path
from pynvr.model.segment import Segment
from pynvr.model.settings import Camera, ReaperRule, Record, Retention, Retry, Server, Settings, System
from pynvr.model.stamp import day_of, stamp_of, stamp_start_us
from pynvr.reaper.cycle import Reaper
from pynvr.reaper.disk_view import Usage
from pynvr.store.segments import SegmentKey
from pynvr.store.store import Store

UTC = ZoneInfo("UTC")
SIZE = 1000
NOW = "20260201.1200"
DAY_US = 86_400_000_000


class HandClock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.at_us = stamp_start_us(NOW, UTC)
        self.at_s = 1000.0

    def now_us(self) -> int:
        return self.at_us

    def monotonic_s(self) -> float:
        return self.at_s


@dataclass
class PretendedDisks:
    """Each folder of `sizes` is a disk of so many bytes; what lies in it is what is used, and `ballast`."""

    sizes: dict[Path, int]
    ballast: int = 0
    asked: int = 0
    delayed_bytes: int = field(default=0)

    def usage(self, path: Path) -> Usage:
        self.asked += 1
        total = self.sizes[path]
        found = (one for one in path.rglob("*") if one.suffix in {".mp4", ".jpg"})
        files = (one for one in found if one.is_file() and not one.is_symlink())
        used = sum(one.stat().st_size for one in files) + self.ballast + self.delayed_bytes
        return Usage(total, max(0, total - used))

    def device(self, path: Path) -> int:
        path.stat()
        return next(number for number, disk in enumerate(self.sizes) if path == disk or disk in path.parents)


class Archive:
    """Cameras, their files, the rules, and the reaper over all that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.disk = folder / "disk"
        self.clock = HandClock()
        self.disks = PretendedDisks({self.disk: 10**12, folder: 10**12})
        self.cameras: dict[str, Camera] = {}
        self.rules: list[ReaperRule] = []
        self.store = Store.open(f"sqlite:///{folder}/pynvr.db")
        self.jpg, self.exports = self.disk / "jpg", self.disk / "exports"
        for path in (self.jpg, self.exports):
            path.mkdir(parents=True)
        self._reaper: Reaper | None = None

    def camera(self, camera_id: str, dst: Path | None = None, **retention: float) -> Path:
        """A camera with its marked folder."""
        dst = dst or self.disk / camera_id
        self.cameras[camera_id] = Camera(
            camera_id, "", camera_id, "", dst, True, 30, 5, Retry(), "tcp", "auto", Record(), Retention(**retention)
        )
        self.store.disks.remember(dst, create_marker(dst))
        return dst

    def rule(self, disk: Path | None = None, **limits: Any) -> ReaperRule:
        self.rules.append(ReaperRule(disk or self.disk, **limits))
        return self.rules[-1]

    def put(self, camera_id: str, stamp: str, size: int = SIZE, listed: bool = True) -> Path:
        """A segment of a minute with its pictures and its day's index."""
        dst = self.cameras[camera_id].dst
        path = segment_path(dst, camera_id, stamp)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(size))
        index_path(dst, camera_id, day_of(stamp)).touch()
        for picture in self.pictures(camera_id, stamp):
            picture.parent.mkdir(exist_ok=True)
            picture.write_bytes(b"")
        if listed:
            start_us = stamp_start_us(stamp, UTC)
            self.store.segments.add(
                Segment(camera_id, stamp, start_us, start_us + 60_000_000, str(dst), 1500, size, "h264", 64, 48)
            )
        return path

    def put_days(self, camera_id: str, *days_ago: float, **more: Any) -> list[Path]:
        return [self.put(camera_id, self.stamp(days), **more) for days in days_ago]

    def stamp(self, days_ago: float) -> str:
        return stamp_of(self.clock.at_us - int(days_ago * DAY_US), UTC)

    def pictures(self, camera_id: str, stamp: str) -> list[Path]:
        return [preview_path(self.jpg, camera_id, stamp), thumbnail_path(self.jpg, camera_id, stamp)]

    def settings(self) -> Settings:
        system = System(
            "PyNVR", self.folder, self.jpg, self.exports, self.folder, self.folder, UTC, 60, 5,
            f"sqlite:///{self.folder}/pynvr.db", Server(),
        )  # fmt: skip
        return Settings(self.folder / "nvr.json", system, tuple(self.cameras.values()), tuple(self.rules))

    def reaper(self) -> Reaper:
        if self._reaper is None:
            self._reaper = Reaper(self.settings(), self.store, self.disks, self.clock)
        return self._reaper

    def is_listed(self, path: Path) -> bool:
        camera_id, stamp = path.name.split(".", 1)
        key = SegmentKey(str(path.parent.parent), camera_id, stamp.removesuffix(".mp4"))
        return self.store.segments.find_in(key) is not None

    def size(self, total: int) -> None:
        self.disks = replace(self.disks, sizes={self.disk: total, self.folder: 10**12})


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path)
    yield made
    made.store.close()
