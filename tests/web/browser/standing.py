"""status.json as a master that goes on running would write it, and a site of its own that a test may change."""

import dataclasses
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pynvr.config.load import load
from pynvr.model.status import CameraStatus, DiskStatus, Problem, ProcessStatus, ProgramStatus, Status

_HOUR_US = 3_600_000_000


@contextmanager
def running_master(config: Path, troubled: Mapping[str, tuple[str, str]], *problems: Problem) -> Iterator[None]:
    """While it lasts, the master seems to write each moment; `troubled`: cause and detail by camera."""
    path = load(config).system.run_dir / "status.json"
    before = path.read_bytes()
    status = Status.from_json(before)
    now_us = time.time_ns() // 1000
    cameras = tuple(
        dataclasses.replace(camera, state="waiting", cause=cause, detail=detail, since_us=now_us - 330_000_000)
        if (cause := troubled.get(camera.id, ("", ""))[0]) and (detail := troubled[camera.id][1])
        else camera
        for camera in status.cameras
    )
    recording = sum(camera.cause == "" for camera in cameras)
    program = dataclasses.replace(status.program, written_us=now_us + _HOUR_US, cameras_recording=recording)
    path.write_bytes(dataclasses.replace(status, program=program, cameras=cameras, problems=problems).to_json())
    try:
        yield
    finally:
        path.write_bytes(before)


def make_bare_site(folder: Path, cameras: list[dict[str, Any]]) -> Path:
    """nvr.json and a status without any recording; gives the configuration's path."""
    config = folder / "nvr.json"
    config.write_text(
        json.dumps({"system": {"data_dir": str(folder), "timezone": "Europe/Vienna"}, "cameras": cameras})
    )
    config.chmod(0o600)
    settings = load(config)
    now_us = time.time_ns() // 1000
    names = [camera.id for camera in settings.cameras]
    status = Status(
        ProgramStatus(
            "PyNVR", "1", "running", 1, now_us, now_us + _HOUR_US, str(config), "Europe/Vienna", len(names), len(names)
        ),
        (ProcessStatus("web", "web", 7, "running", 60.0, 0, 0.2, 30_000_000),),
        tuple(CameraStatus(name, name, True, "recording", "", "", now_us) for name in names),
        (DiskStatus(str(folder), 4 * 10**12, 10**12, 3 * 10**12, tuple(names)),),
    )
    settings.system.run_dir.mkdir(parents=True, exist_ok=True)
    (settings.system.run_dir / "status.json").write_bytes(status.to_json())
    return config
