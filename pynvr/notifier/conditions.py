"""What is well and what is in trouble: the program's status, read with the eyes of who wants to be told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from pynvr.model.camera_name import named
from pynvr.model.cause import Cause
from pynvr.model.settings import Settings
from pynvr.model.status import CameraStatus, Status, is_trouble

# The notifier's own trouble isn't told by the notifier; a recorder's is its camera's.
_OWN = "notifier"
_RECORDER = "recorder "
_RECORDING = "recording"
_RUNNING = "running"
_DISK = frozenset({Cause.DISK_FULL, Cause.DISK_MISSING})
# Nothing is known of the camera then: what was said of it before stands.
_UNKNOWN = frozenset({Cause.STARTING, Cause.UNKNOWN, Cause.NOT_RUNNING, Cause.CLOCK, *_DISK})


class Standing(Enum):
    """How it is with a thing."""

    WELL = "well"
    TROUBLED = "troubled"
    UNKNOWN = "unknown"
    UNWANTED = "unwanted"  # nobody wants it to be well now: a camera that was switched off


@dataclass(frozen=True, slots=True)
class Condition:
    """A camera, disk (by the folder on it) or part of the program. `cameras`: ids of those that it concerns.

    `called`: of a disk, what people read of them. `died`: the trouble is a process of ours that ended or hung.
    """

    event: Literal["camera", "disk", "system"]
    id: str
    name: str
    standing: Standing
    cause: str = ""
    detail: str = ""
    since_us: int = 0
    cameras: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    died: bool = False

    @property
    def subject(self) -> str:
        """Its key in what was told."""
        return f"{self.event} {self.id}"


def conditions_of(status: Status, settings: Settings) -> dict[str, Condition]:
    """By subject. A part of the program that has no problem isn't among them: then it is well."""
    found = [*map(_camera, status.cameras), *_disks(status, settings), *_parts(status), *_recording(status)]
    return {condition.subject: condition for condition in found}


def _camera(camera: CameraStatus) -> Condition:
    return Condition(
        "camera",
        camera.id,
        camera.name,
        _standing(camera.cause),
        camera.cause,
        camera.detail,
        camera.since_us,
        (camera.id,),
        died=camera.cause == Cause.FAULT,
    )


def _standing(cause: str) -> Standing:
    if not cause:
        return Standing.WELL
    if cause in _UNKNOWN:
        return Standing.UNKNOWN
    return Standing.TROUBLED if is_trouble(cause) else Standing.UNWANTED


def _disks(status: Status, settings: Settings) -> list[Condition]:
    """A folder in which recordings can't be written; cameras may share one."""
    by_folder: dict[str, list[CameraStatus]] = {}
    folders: Mapping[str, str] = {camera.id: str(camera.dst) for camera in settings.cameras}
    for camera in status.cameras:
        if camera.id in folders:
            by_folder.setdefault(folders[camera.id], []).append(camera)
    found = []
    for folder, cameras in by_folder.items():
        stopped = [camera for camera in cameras if camera.cause in _DISK]
        if stopped:
            first = min(stopped, key=lambda camera: camera.since_us)
            standing, cause, detail, since_us = Standing.TROUBLED, first.cause, first.detail, first.since_us
        else:
            written = any(not camera.cause for camera in cameras)
            standing, cause, detail, since_us = Standing.WELL if written else Standing.UNKNOWN, "", "", 0
        concerned = stopped or cameras
        ids = tuple(camera.id for camera in concerned)
        called = tuple(named(camera.id, camera.name) for camera in concerned)
        found.append(Condition("disk", folder, folder, standing, cause, detail, since_us, ids, called))
    return found


def _recording(status: Status) -> list[Condition]:
    """Switched off for all cameras: each of them is unwanted then, and yet somebody may want to know."""
    off_us = status.program.recording_off_us
    words = "Recording of all cameras is switched off"
    return [Condition("system", _RECORDING, _RECORDING, Standing.TROUBLED, "", words, off_us)] if off_us else []


def _parts(status: Status) -> list[Condition]:
    down = {process.name for process in status.processes if process.state != _RUNNING}
    return [
        Condition(
            "system",
            problem.about,
            problem.about,
            Standing.TROUBLED,
            detail=problem.detail,
            since_us=problem.since_us,
            died=problem.about in down,
        )
        for problem in status.problems
        if problem.about != _OWN and not problem.about.startswith(_RECORDER)
    ]
