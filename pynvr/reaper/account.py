"""What was deleted, added up for the audit log: one entry per camera and hour."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pynvr.base.counted import counted
from pynvr.model.audit import Entry, Level, Source
from pynvr.model.room import GB

EVERY_S = 3_600.0


@dataclass(slots=True)
class Deleted:
    """Of one camera: how much, and from when to when it was recorded."""

    segments: int = 0
    file_bytes: int = 0
    start_us: int = 1 << 62
    end_us: int = 0

    def add(self, segments: int, file_bytes: int, start_us: int, end_us: int) -> None:
        self.segments += segments
        self.file_bytes += file_bytes
        self.start_us = min(self.start_us, start_us)
        self.end_us = max(self.end_us, end_us)


@dataclass(slots=True)
class Account:
    """By camera, since `since_s` on the monotonic clock."""

    by_camera: dict[str, Deleted] = field(default_factory=dict)
    since_s: float = 0.0

    def add(self, deleted: dict[str, Deleted], now_s: float) -> None:
        """What a cycle deleted."""
        if deleted and not self.by_camera:
            self.since_s = now_s
        for camera_id, one in deleted.items():
            known = self.by_camera.setdefault(camera_id, Deleted())
            known.add(one.segments, one.file_bytes, one.start_us, one.end_us)

    def is_due(self, now_s: float) -> bool:
        """Whether an hour of it is over."""
        return bool(self.by_camera) and now_s - self.since_s >= EVERY_S

    def entries(self, now_us: int, called: Callable[[str], str]) -> list[Entry]:
        """The sums in words. `called`: what people read of a camera, by its id."""
        return [_entry(camera_id, called(camera_id), one, now_us) for camera_id, one in sorted(self.by_camera.items())]


def _entry(camera_id: str, called: str, one: Deleted, now_us: int) -> Entry:
    minutes = counted(one.segments, "recording")
    text = f"deleted {minutes} of camera {called} to make room or for their age, {one.file_bytes / GB:.2f} GB"
    return Entry(
        now_us,
        Level.INFO,
        Source.REAPER,
        "video.delete",
        text,
        camera_id=camera_id,
        detail={
            "segments": one.segments,
            "bytes": one.file_bytes,
            "from": one.start_us / 1e6,
            "to": one.end_us / 1e6,
        },
    )
