"""A capture on disk: a folder with its state and its brightest pictures, whole at any moment.

```
<data_dir>/captures/<id>/state.json
<data_dir>/captures/<id>/<time in µs>.<brightness in 1/10000>.jpg
```

The names say all that has to be known to choose: a capture whose process was killed is shown like any other.
"""

import json
import re
import shutil
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from pynvr.base.files import make_folder, write_atomic
from pynvr.model.settings import System

Standing = Literal["connecting", "capturing", "waiting", "ended"]

# How many are shown, and how far apart they are.
SHOWN = 9
APART_US = 1_000_000
_STATE = "state.json"
_SHOT = re.compile(r"(?P<at_us>[0-9]{1,18})\.(?P<score>[0-9]{1,5})\.jpg")
_ID = re.compile(r"[0-9]{1,20}")
_SCORES = 10_000


@dataclass(frozen=True, slots=True)
class CaptureState:
    """How a capture stands. `url`: as it may be shown. `detail`: why it waits, or has ended, in words.

    `frames`: looked at; `left_out`: those for which there was no time. `width`, `height`: of the pictures, with square
    pixels; 0 before the first. `ended_us` 0: it hasn't.
    """

    url: str
    started_us: int
    state: Standing = "connecting"
    detail: str = ""
    ended_us: int = 0
    frames: int = 0
    left_out: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Shot:
    """A stored picture. `score`: its brightness, 0 to 1."""

    at_us: int
    score: float

    @property
    def name(self) -> str:
        return f"{self.at_us}.{round(self.score * _SCORES)}.jpg"


class CaptureFolder:
    """One capture. Its process writes, others read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def id(self) -> str:
        return self.path.name

    def write(self, state: CaptureState) -> None:
        """Raises OSError."""
        make_folder(self.path)
        write_atomic(self.path / _STATE, json.dumps(asdict(state)).encode(), durable=state.state == "ended")

    def read(self) -> CaptureState | None:
        """None if there is none that can be read."""
        known = {field.name for field in fields(CaptureState)}
        try:
            found = json.loads((self.path / _STATE).read_bytes())
            return CaptureState(**{name: value for name, value in found.items() if name in known})
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def shots(self) -> list[Shot]:
        """All that is stored."""
        try:
            names = [_SHOT.fullmatch(path.name) for path in self.path.iterdir()]
        except OSError:
            return []
        return [Shot(int(found["at_us"]), int(found["score"]) / _SCORES) for found in names if found is not None]

    def add(self, shot: Shot, jpeg: bytes) -> None:
        """Raises OSError."""
        write_atomic(self.path / shot.name, jpeg, durable=False)

    def remove(self, shot: Shot) -> None:
        """Raises OSError."""
        (self.path / shot.name).unlink(missing_ok=True)

    def jpeg(self, shot: Shot) -> bytes | None:
        """None if it is gone."""
        try:
            return (self.path / shot.name).read_bytes()
        except OSError:
            return None


def captures_dir(system: System) -> Path:
    """Where captures lie."""
    return system.data_dir / "captures"


def captures_in(folder: Path) -> list[CaptureFolder]:
    """All of them, newest first."""
    try:
        found = [path for path in folder.iterdir() if _ID.fullmatch(path.name)]
    except OSError:
        return []
    return [CaptureFolder(path) for path in sorted(found, key=lambda path: int(path.name), reverse=True)]


def remove_oldest(folder: Path, keep: int, running: frozenset[str]) -> None:
    """Keep so many, and those that run; what can't be removed stays."""
    for capture in captures_in(folder)[keep:]:
        if capture.id not in running:
            shutil.rmtree(capture.path, ignore_errors=True)
