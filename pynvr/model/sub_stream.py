"""A camera's sub-stream (`live.url`): a camera of its own, recorded into a folder of the running program."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.model.settings import Camera, Detect, Live, Record, Retention, System

# Its chunks' names: local time would repeat an hour in autumn, and no person reads them.
ZONE = ZoneInfo("UTC")
# How long a chunk is. Two of them are there, so that whoever is late still finds the older one.
CHUNK_S = 10


def folder_of(system: System, camera_id: str) -> Path:
    """Where its day folders lie."""
    return system.live_dir / camera_id


def name_of(camera_id: str) -> str:
    """The name of the process that takes it in, by which it is wanted (`base.wishes`)."""
    return f"live {camera_id}"


def is_there(camera: Camera) -> bool:
    """Whether the camera has one that may be opened."""
    return camera.enabled and bool(camera.live.url)


def as_camera(camera: Camera, system: System) -> tuple[Camera, System]:
    """What its recorder is told: as the camera, but always, and as it comes. Equal until some of that changes."""
    sub = replace(
        camera,
        url=camera.live.url,
        name="",
        description="",
        dst=folder_of(system, camera.id),
        record=Record(),
        retention=Retention(),
        detect=Detect(),
        live=Live(),
    )
    return sub, replace(system, timezone=ZONE, segment_s=CHUNK_S)
