"""The disks of the status with what is known of their cameras: what they hold, usually add, and will keep."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pynvr.model.settings import ReaperRule, Settings
from pynvr.model.stamp import local
from pynvr.model.status import DiskStatus
from pynvr.store.store import Store
from pynvr.web.forecast import DAY_US, Forecast, Load, forecast, usual_bytes_per_day

# A week has each of its days once, whatever a schedule says.
_DAYS_LOOKED_AT = 8


@dataclass(frozen=True, slots=True)
class Outlook:
    """One disk. `since_us`: by camera, the start of the oldest recording there.

    `is_always`: what is recorded on it is recorded all day.
    """

    disk: DiskStatus
    loads: tuple[Load, ...]
    forecast: Forecast
    since_us: dict[str, int]
    is_always: bool

    @property
    def bytes_per_day(self) -> float:
        return sum(load.bytes_per_day for load in self.loads)


@dataclass(frozen=True, slots=True)
class _Known:
    """By camera: its last days, what it holds, where its oldest recording starts."""

    today: str
    days: dict[str, list[tuple[str, int, int]]]
    held_bytes: dict[str, int]
    since_us: dict[str, int]


def outlooks(disks: Iterable[DiskStatus], settings: Settings, store: Store, now_us: int) -> list[Outlook]:
    """Of all disks; a few quick questions to the database. Raises StoreError."""
    zone = settings.system.timezone
    known = _Known(f"{local(now_us, zone):%Y%m%d}", {}, {}, {})
    first = f"{local(now_us - _DAYS_LOOKED_AT * DAY_US, zone):%Y%m%d}"
    for total in store.totals.days(first=first, last=known.today):
        known.days.setdefault(total.camera_id, []).append((total.day, total.file_bytes, total.recorded_us))
    for whole in store.totals.cameras():
        name = whole.camera_id
        known.held_bytes[name] = known.held_bytes.get(name, 0) + whole.file_bytes
    for name in known.held_bytes:
        first_us, _ = store.axis.extent(name)
        if first_us:
            known.since_us[name] = first_us
    return [_outlook(disk, settings, known) for disk in disks]


def _outlook(disk: DiskStatus, settings: Settings, known: _Known) -> Outlook:
    cameras = [camera for camera in settings.cameras if camera.id in disk.cameras]
    loads = tuple(
        Load(
            camera.id,
            usual_bytes_per_day(known.days.get(camera.id, []), known.today) if camera.enabled else 0.0,
            known.held_bytes.get(camera.id, 0),
            camera.retention,
        )
        for camera in cameras
    )
    rules = [rule for rule in settings.reaper if "mp4" in rule.extensions and _lies_on(rule, disk)]
    here = {camera.id: known.since_us[camera.id] for camera in cameras if camera.id in known.since_us}
    is_always = all(camera.record.mode in {"always", "never"} for camera in cameras if camera.enabled)
    return Outlook(disk, loads, forecast(disk, loads, rules), here, is_always)


def _lies_on(rule: ReaperRule, disk: DiskStatus) -> bool:
    try:
        return os.stat(rule.disk).st_dev == os.stat(Path(disk.folder)).st_dev
    except OSError:
        return False
