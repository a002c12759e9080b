"""The ends of the logs."""

import os
from collections.abc import Iterator
from pathlib import Path

from pynvr.model.settings import Settings

MAIN_BYTES = 512_000
CAMERA_BYTES = 64_000


def log_files(settings: Settings) -> Iterator[tuple[str, Path, int]]:
    """Each log's name in the report, its file, and how much of its end is taken."""
    system = settings.system
    yield "logs/pynvr.log", system.log_dir / "pynvr.log", MAIN_BYTES
    # A file with mistakes may name a camera twice.
    for camera_id in dict.fromkeys(camera.id for camera in settings.cameras):
        yield f"logs/cameras/{camera_id}.log", system.camera_log_dir / f"{camera_id}.log", CAMERA_BYTES


def log_end(path: Path, most_bytes: int) -> str:
    """The last whole lines of the log, beginning in the file before it if that was just begun; raises OSError."""
    data = _end(path, most_bytes)
    older = path.with_name(f"{path.name}.1")
    if len(data) < most_bytes and older.exists():
        data = _end(older, most_bytes - len(data)) + data
    return data.decode("utf-8", "replace")


def _end(path: Path, most_bytes: int) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - most_bytes))
        data = file.read(most_bytes)
    return data if size <= most_bytes else data.partition(b"\n")[2]
