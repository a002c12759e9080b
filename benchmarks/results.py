"""What was measured, kept in a folder, so that a run that was broken off goes on where it was."""

import json
import os
import platform
import subprocess
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.table import Row


@dataclass(frozen=True)
class Result:
    """One question's answer. `load`: processes that waited for the cores before it began (one minute's mean)."""

    name: str
    commit: str
    machine: str
    measured_at: str
    took_s: float
    load: float
    rows: list[Row]


class Results:
    """Of one commit, on one machine; what another one left is overwritten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._commit = commit()
        self._machine = machine()

    def find(self, name: str) -> Result | None:
        try:
            found = json.loads((self._folder / f"{name}.json").read_text())
        except FileNotFoundError:
            return None
        result = Result(**{**found, "rows": [Row(**row) for row in found["rows"]]})
        return result if (result.commit, result.machine) == (self._commit, self._machine) else None

    def keep(self, name: str, began_s: float, load: float, rows: list[Row]) -> Result:
        """`began_s`: by the monotonic clock."""
        took_s = round(time.monotonic() - began_s, 1)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        result = Result(name, self._commit, self._machine, at, took_s, round(load, 1), rows)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{name}.json").write_text(json.dumps(asdict(result), indent=1))
        return result


def load() -> float:
    return os.getloadavg()[0]


def commit() -> str:
    """Of the code that is measured; `+` = with changes."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "no commit"


def machine() -> str:
    """CPU, kernel and the versions that matter, also of the peers."""
    words = Path("/proc/cpuinfo").read_text().splitlines()
    models = sorted({line.split(":")[1].strip() for line in words if "model name" in line})
    cores = sum(line.startswith("processor") for line in words)
    programs = [_version("ffmpeg", "-version"), _version("gst-launch-1.0", "--version"), _version("motion", "-h")]
    own = f"Python {platform.python_version()}, PyAV {version('av')}"
    return f"{cores} cores {', '.join(models)}, Linux {platform.release()}, {own}; {'; '.join(filter(None, programs))}"


def _version(program: str, argument: str) -> str:
    try:
        found = subprocess.run([program, argument], capture_output=True, text=True, check=False, timeout=20)
    except OSError:
        return ""
    lines = (found.stdout + found.stderr).splitlines()
    return lines[0].split(" Copyright")[0].split(",")[0].strip() if lines else ""
