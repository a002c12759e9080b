"""How the running program stands: the form of `run/status.json`, which the master writes and others read.

docs/status.md explains each field. Readers take what they know and leave the rest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from pynvr.model.cause import Cause

# Its file in `System.run_dir`.
STATUS_NAME = "status.json"
# The master writes it every two seconds; one this old says that the master doesn't come round to it.
STALE_S = 30.0

# What is no reason to call for help: nothing is to be recorded, or the first keyframe is on its way.
_QUIET = frozenset({"", Cause.STARTING, Cause.SCHEDULE, Cause.DISABLED, Cause.UNKNOWN})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProgramStatus:
    """The program as a whole. `state`: starting, running, stopping, stopped; `pid` 0 when stopped.

    `recording_off_us`: since when recording of all cameras is switched off, 0 while it is on.
    """

    name: str
    version: str
    state: str
    pid: int
    since_us: int
    written_us: int
    config: str
    timezone: str = ""
    cameras_recording: int = 0
    cameras_wanted: int = 0
    recording_off_us: int = 0


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process, or the place of one that is to start again (`pid` 0).

    `last_beat_s`: seconds since the last word, None before the first and for those that don't beat.
    `memory_bytes`: proportional set size, 0 = not measured yet.
    """

    name: str
    kind: str
    pid: int
    state: str
    uptime_s: float = 0.0
    restarts: int = 0
    last_beat_s: float | None = None
    memory_bytes: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """One camera. `cause`: value of a `Cause`, why nothing is recorded now, since `since_us`; empty while recording.

    `sub_stream`: while it is taken in, its `state`, `cause`, `detail`, `fps`, `kbps`, `codec`, `size`; else empty.
    """

    id: str
    name: str
    enabled: bool
    state: str
    cause: str
    detail: str
    since_us: int
    figures: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    sub_stream: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DiskStatus:
    """One file system that holds recordings, by its mount point."""

    folder: str
    total_bytes: int
    used_bytes: int
    free_bytes: int
    cameras: tuple[str, ...] = ()

    @property
    def reserved_bytes(self) -> int:
        """What the file system keeps for root: neither used, nor free for anybody else."""
        return max(0, self.total_bytes - self.used_bytes - self.free_bytes)


@dataclass(frozen=True, slots=True)
class Problem:
    """What needs a person. `about`: configuration, database, journal, processes, ..."""

    about: str
    detail: str
    since_us: int


@dataclass(frozen=True, slots=True)
class Status:
    """All of status.json."""

    program: ProgramStatus
    processes: tuple[ProcessStatus, ...] = ()
    cameras: tuple[CameraStatus, ...] = ()
    disks: tuple[DiskStatus, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def in_error(self) -> bool:
        """Whether anything needs a person: a problem, or a camera that should be recorded and isn't."""
        return bool(self.problems) or any(is_trouble(camera.cause) for camera in self.cameras)

    def to_json(self) -> bytes:
        document = {
            "health": "error" if self.in_error else "ok",
            "program": _plain(self.program),
            "processes": [_plain(process) for process in self.processes],
            "cameras": [_plain(camera) for camera in self.cameras],
            "disks": [_plain(disk) for disk in self.disks],
            "problems": [_plain(problem) for problem in self.problems],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"

    @staticmethod
    def from_json(data: bytes) -> "Status":
        """Raises ValueError if it is no status."""
        try:
            document = json.loads(data)
            return Status(
                _read(ProgramStatus, document["program"]),
                tuple(_read(ProcessStatus, item) for item in document["processes"]),
                tuple(_read(CameraStatus, item) for item in document["cameras"]),
                tuple(_read(DiskStatus, item) for item in document["disks"]),
                tuple(_read(Problem, item) for item in document["problems"]),
            )
        except (KeyError, TypeError, AttributeError) as err:
            raise ValueError(f"not a status of PyNVR: {err}") from err


def is_trouble(cause: str) -> bool:
    """Whether a camera with this cause should be recorded and isn't."""
    return cause not in _QUIET


def _plain(value: object) -> dict[str, object]:
    """The fields by name; `asdict` would copy every figure of every camera, each two seconds."""
    return {f.name: getattr(value, f.name) for f in fields(value)}  # type: ignore[arg-type]  # all are dataclasses


def _read(kind: type[T], item: Mapping[str, Any]) -> T:  # Any: JSON of another version, checked by the constructor
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]  # all of them are dataclasses
    return kind(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in item.items() if name in known}
    )
