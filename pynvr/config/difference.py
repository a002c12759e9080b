"""What has to be restarted when one configuration follows another."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pynvr.model.settings import Camera, Delivery, Detect, IncidentSettings, Live, Record, Retention, Settings

Process = Literal["finisher", "reaper", "notifier", "web"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Between two configurations.

    `added`, `removed`, `changed`: ids of cameras, in the order of the file; `changed` are those whose recorder has to
    restart (a new name, retention, detection, sub-stream or what is for incidents alone stops no recording).
    `processes`: the other processes that have to restart.
    `shown`: something else changed, which whoever shows settings reads anew; nothing has to restart for it.
    `needs_restart`: keys that only a restart of all of PyNVR can change.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    processes: frozenset[Process] = frozenset()
    needs_restart: tuple[str, ...] = ()
    shown: bool = False

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.changed, self.processes, self.needs_restart, self.shown))

    def words(self, called: Callable[[str], str] = str) -> str:
        """What happens for it, for the log: `camera office starts anew; camera hall was removed`.

        `called`: what people read of a camera, by its id.
        """
        happenings = (
            (self.changed, "starts anew", "start anew"),
            (self.added, "was added", "were added"),
            (self.removed, "was removed", "were removed"),
        )
        parts = [
            f"camera {called(ids[0])} {one}" if len(ids) == 1 else f"cameras {', '.join(map(called, ids))} {many}"
            for ids, one, many in happenings
            if ids
        ]
        parts += [f"the {process} starts anew" for process in sorted(self.processes)]
        return "; ".join(parts) or "no recording has to start anew"


def difference(old: Settings, new: Settings) -> Difference:
    """What follows from replacing `old` by `new`; false (as a bool) when nothing does."""
    before = {camera.id: camera for camera in old.cameras}
    after = {camera.id: camera for camera in new.cameras}
    everywhere = _of_recorders(old) != _of_recorders(new)
    return Difference(
        added=tuple(camera_id for camera_id in after if camera_id not in before),
        removed=tuple(camera_id for camera_id in before if camera_id not in after),
        changed=tuple(
            camera_id
            for camera_id, camera in after.items()
            if camera_id in before and (everywhere or _recorded(before[camera_id]) != _recorded(camera))
        ),
        processes=_processes(old, new),
        needs_restart=_needs_restart(old, new),
        shown=old != new,
    )


def _recorded(camera: Camera) -> Camera:
    """The camera without what its recorder doesn't look at."""
    plain = Record()
    record = replace(camera.record, pre_s=plain.pre_s, post_s=plain.post_s)
    return replace(
        camera,
        name="",
        description="",
        retention=Retention(),
        detect=Detect(),
        live=Live(),
        record=record,
        delivery=Delivery(),
        incident=IncidentSettings(),
    )


def _of_recorders(settings: Settings) -> tuple[object, ...]:
    system = settings.system
    return system.timezone.key, system.segment_s, system.durability_s, system.camera_log_dir


def _processes(old: Settings, new: Settings) -> frozenset[Process]:
    views: dict[Process, Callable[[Settings], object]] = {
        "finisher": _of_finisher,
        "reaper": _of_reaper,
        "notifier": _of_notifier,
        "web": _of_web,
    }
    return frozenset(process for process, view in views.items() if view(old) != view(new))


def _of_finisher(settings: Settings) -> tuple[object, ...]:
    system = settings.system
    cameras = tuple((camera.id, camera.dst, _sifted(camera.record)) for camera in settings.cameras)
    return (
        system.timezone.key,
        system.jpg_cache_dir,
        system.segment_s,
        system.detection_days,
        system.audit_days,
        cameras,
    )


def _sifted(record: Record) -> object:
    return (record.pre_s, record.post_s) if record.mode == "motion" else None


def _of_reaper(settings: Settings) -> tuple[object, ...]:
    system = settings.system
    cameras = tuple((camera.id, camera.dst, camera.retention) for camera in settings.cameras)
    return system.timezone.key, system.jpg_cache_dir, system.mp4_cache_dir, settings.reaper, cameras


def _of_notifier(settings: Settings) -> tuple[object, ...]:
    if not settings.notify:
        return ()
    system = settings.system
    cameras = tuple((camera.id, camera.name, camera.dst, camera.detect) for camera in settings.cameras)
    return settings.notify, system.name, system.timezone.key, system.jpg_cache_dir, cameras


def _of_web(settings: Settings) -> object:
    """All else it reads anew by itself, so that no download breaks off for another camera's name."""
    return settings.system.server


def _needs_restart(old: Settings, new: Settings) -> tuple[str, ...]:
    keys = ("data_dir", "database", "log_dir")
    return tuple(f"system.{key}" for key in keys if getattr(old.system, key) != getattr(new.system, key))
