"""What a master may have written, for tests of those who read it."""

from typing import Any

from pynvr.model.status import CameraStatus, DiskStatus, Problem, ProcessStatus, ProgramStatus, Status
from tests.web.making import NOW_US


def status(*cameras: CameraStatus, problems: tuple[Problem, ...] = (), folder: str = "/", **program: Any) -> Status:
    recording = sum(camera.enabled and camera.cause == "" for camera in cameras)
    known = {
        "name": "Barn",
        "version": "0.1.0",
        "state": "running",
        "pid": 7,
        "since_us": NOW_US - 3_600_000_000,
        "written_us": NOW_US - 1_000_000,
        "config": "/etc/nvr.json",
        "timezone": "Europe/Berlin",
        "cameras_recording": recording,
        "cameras_wanted": sum(camera.enabled for camera in cameras),
    }
    processes = (
        ProcessStatus("master", "master", 7, "running", 3600.0, memory_bytes=20_000_000),
        ProcessStatus("finisher", "finisher", 9, "running", 3500.0, 2, 0.5, 30_000_000, "no backup"),
    )
    disks = (DiskStatus(folder, 1000 * 10**9, 400 * 10**9, 600 * 10**9, tuple(camera.id for camera in cameras)),)
    return Status(ProgramStatus(**{**known, **program}), processes, cameras, disks, problems)


def camera(name: str = "gate", cause: str = "", **figures: float) -> CameraStatus:
    state = "waiting" if cause else "recording"
    detail = "no answer from 192.0.2.10" if cause else ""
    return CameraStatus(
        name, name.capitalize(), cause != "disabled", state, cause, detail, NOW_US - 60_000_000, figures
    )
