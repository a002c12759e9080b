"""The preparation, a child that runs before the others: opens or repairs the database, gives each disk its marker.

Its beats carry what it found, a folder each: `facts` is `{"folder", "marker"}`, or `{"folder", "cause", "problem"}`,
or `{"database"}` (a problem; empty when it is well).
"""

import json
import logging
import select
from dataclasses import dataclass
from pathlib import Path

from pynvr.archive.disk import disk_error
from pynvr.archive.marker import create_marker, read_marker
from pynvr.base.errors import DiskError, StoreError
from pynvr.base.files import write_atomic
from pynvr.base.heart import Beat, Heart

# A database may have to be migrated, or made again from its backup.
DATABASE_WITHIN_S = 600.0
FOLDER_WITHIN_S = 15.0
CACHE_NAME = "markers.json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrepareOrder:
    """What to prepare. `folders`: the cameras' `dst`, those that may not answer last."""

    database: str
    run_dir: Path
    folders: tuple[Path, ...]


def run(heart: Heart, order: PrepareOrder) -> None:
    """Tell the marker of each folder, through beats; every folder is answered for, whatever the database does.

    Folders that the cache knows are told at once, so that a long repair of the database keeps no camera waiting.
    """
    cache = order.run_dir / CACHE_NAME
    markers = read_markers(cache)
    for folder in order.folders:
        if folder in markers:
            _tell(heart, DATABASE_WITHIN_S, folder=str(folder), marker=markers[folder])
    _tell(heart, DATABASE_WITHIN_S)
    before = dict(markers)
    try:
        markers |= _known_markers(order.database)
        problem = ""
    except StoreError as err:
        problem = str(err)
        _log.warning("the database can't be used, recording goes on without it: %s", problem)
    found = {folder: marker for folder in order.folders if (marker := _prepared(heart, folder, markers)) is not None}
    if not problem:
        problem = _remember(order.database, found)
    if before != markers | found:
        _write_markers(cache, markers | found)
    _tell(heart, FOLDER_WITHIN_S, database=problem)


def read_markers(cache: Path) -> dict[Path, str]:
    """The markers that the cache holds; it stands in for a database that is gone or doesn't open."""
    try:
        known = json.loads(cache.read_bytes())
        return {Path(folder): str(marker) for folder, marker in known.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _write_markers(cache: Path, markers: dict[Path, str]) -> None:
    text = json.dumps({str(folder): marker for folder, marker in sorted(markers.items())}, indent=1)
    try:
        write_atomic(cache, text.encode() + b"\n")
    except OSError as err:
        _log.warning("the markers of the disks can't be noted in %s: %s", cache, err.strerror)


def _prepared(heart: Heart, folder: Path, known: dict[Path, str]) -> str | None:
    """The marker that the folder has to carry; None if it has none and can't be given one."""
    marker = known.get(folder)
    if marker is None:
        # Told beforehand, so that the master knows which folder it was if this hangs.
        _tell(heart, FOLDER_WITHIN_S, folder=str(folder))
        try:
            marker = _marker_of(folder)
        except DiskError as err:
            _log.warning("%s", err)
            _tell(heart, FOLDER_WITHIN_S, folder=str(folder), cause=err.cause, problem=str(err))
            return None
    _tell(heart, FOLDER_WITHIN_S, folder=str(folder), marker=marker)
    return marker


def _marker_of(folder: Path) -> str:
    try:
        return read_marker(folder) or create_marker(folder)
    except OSError as err:
        raise disk_error(err, f"use {folder}") from err


def _known_markers(database: str) -> dict[Path, str]:
    from pynvr.store.opening import prepare_or_repair
    from pynvr.store.store import Store

    opening = prepare_or_repair(database)
    if opening.detail:
        _log.info("%s", opening.detail)
    with Store.open(database) as store:
        return store.disks.known()


def _remember(database: str, found: dict[Path, str]) -> str:
    """Note new markers; returns the problem, if there is one."""
    from pynvr.store.store import Store

    try:
        with Store.open(database) as store:
            known = store.disks.known()
            with store.transaction():
                for folder, marker in found.items():
                    if known.get(folder) != marker:
                        store.disks.remember(folder, marker)
    except StoreError as err:
        _log.warning("the markers of the disks can't be noted in the database: %s", err)
        return str(err)
    return ""


def _tell(heart: Heart, within_s: float, **facts: str) -> None:
    """A beat that isn't dropped: the master reads soon, and there is nothing else to do meanwhile."""
    select.select([], [heart], [], within_s)
    heart.beat(Beat("preparing", within_s, facts=facts))
