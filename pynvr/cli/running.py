"""Finds the PyNVR that runs with a configuration, even while a mistake in the file keeps it from being read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from pynvr.base.errors import ConfigError, PyNVRError
from pynvr.base.single import owner_of
from pynvr.config.load import read_document
from pynvr.config.schema import data_dir_in, default_data_dir
from pynvr.model.status import STATUS_NAME, Status
from pynvr.supervisor.program import LOCK_NAME, PROCESS_TITLE


@dataclass(frozen=True, slots=True)
class Running:
    """A master that runs. `pid` 0: it has just taken its lock and not yet said who it is."""

    run_dir: Path
    pid: int


def find_running(config: Path) -> Running | None:
    """What runs with this configuration (absolute path), None if nothing does.

    It is looked for in the data directory that the file names, whatever else is wrong in it, then among the processes:
    a file that isn't JSON names none, and one that was changed names where the next start would record.
    Raises PyNVRError if the folder can't be looked at.
    """
    try:
        run_dir = data_dir_in(read_document(config), config) / "run"
    except ConfigError:
        places = [default_data_dir(config) / "run"]
    else:
        pid = owner_in(run_dir)
        if pid is not None:
            return Running(run_dir, pid)
        places = []
    for found in [*_in_places(places), *_among_processes()]:
        if _runs_with(found, config):
            return found
    return None


def owner_in(run_dir: Path) -> int | None:
    """The process id of the master that holds the folder, None if none does; raises PyNVRError if it can't be told."""
    path = run_dir / LOCK_NAME
    try:
        return owner_of(path)
    except OSError as err:
        raise PyNVRError(f"can't look at {path}: {err.strerror} (another user's service?)") from err


def _in_places(run_dirs: list[Path]) -> Iterator[Running]:
    for run_dir in run_dirs:
        try:
            pid = owner_of(run_dir / LOCK_NAME)
        except OSError:
            continue
        if pid is not None:
            yield Running(run_dir, pid)


def _among_processes() -> Iterator[Running]:
    """The masters whose open files may be seen: this user's, or all for root."""
    for process in psutil.process_iter():
        try:
            if process.cmdline()[:1] != [PROCESS_TITLE]:
                continue
            files = [Path(file.path) for file in process.open_files()]
        except (psutil.Error, OSError):
            continue
        for found in _in_places([file.parent for file in files if file.name == LOCK_NAME]):
            # Another pid is that of a container, whose folders are others.
            if found.pid == process.pid:
                yield found


def _runs_with(found: Running, config: Path) -> bool:
    """Whether its own status says that it was started with this file."""
    try:
        status = Status.from_json((found.run_dir / STATUS_NAME).read_bytes())
    except (OSError, ValueError):
        return False
    return status.program.pid == found.pid and Path(status.program.config).resolve() == config.resolve()
