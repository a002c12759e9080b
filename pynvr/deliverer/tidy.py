"""Rows of incidents and files of clips held against each other, and what has been kept for long enough let go."""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from pynvr.base.errors import IncidentStateError
from pynvr.model.incident import Incident, IncidentStatus, clip_path, clips_dir
from pynvr.model.settings import Settings, System
from pynvr.store.store import Store

_DAY_US = 86_400_000_000
_AT_ONCE = 200
# A clip without a row is one whose row was deleted just when the program died; or the database is an older copy, and
# then somebody may still want it.
_STRAY_US = _DAY_US
_KEY = re.compile(r"(?P<key>[A-Za-z0-9_-]{1,64})\.mp4", re.ASCII)
_GONE = "its clip was deleted from the disk; it is cut again"
_log = logging.getLogger(__name__)


def reconcile(store: Store, settings: Settings, now_us: int) -> None:
    """At start, when nobody cuts: half-made files go, and so does what no row wants; what rows miss is cut again.

    Raises StoreError; files that refuse are left for the next time.
    """
    system = settings.system
    for part in _parts(clips_dir(system)):
        _remove(part)
    for incident in store.incidents.with_clip():
        if _size(clip_path(system, incident)) != incident.clip_bytes:
            called = settings.called(incident.camera_id)
            _log.warning("incident %d of camera %s: the clip isn't there as it was", incident.id, called)
            store.incidents.write(_without_file(incident))
    wanted = {incident.key for incident in store.incidents.with_clip()}
    known = store.incidents.keys()
    for path, key, changed_us in _clips(clips_dir(system)):
        if key not in wanted and (key in known or changed_us < now_us - _STRAY_US):
            _remove(path)


def let_go(store: Store, system: System, now_us: int) -> None:
    """Delete delivered clips and forgotten incidents that were kept for as long as nvr.json says. Raises StoreError."""
    keeping = system.incidents
    delivered_us = now_us - round(keeping.keep_delivered_days * _DAY_US)
    for incident in store.incidents.delivered_with_clip(delivered_us + 1, _AT_ONCE):
        if store.incidents.write(incident.without_clip()) is not None:
            _remove(clip_path(system, incident))
    ended_us = now_us - round(keeping.keep_days * _DAY_US)
    for incident in store.incidents.ended_before(ended_us, _AT_ONCE):
        if store.incidents.remove(incident.id):
            _remove(clip_path(system, incident))


def _without_file(incident: Incident) -> Incident:
    if incident.status in (IncidentStatus.UPLOADED, IncidentStatus.FAILED):
        return incident.without_clip()
    try:
        return incident.recut(_GONE)
    except IncidentStateError:
        return incident.without_clip()


def _clips(folder: Path) -> Iterator[tuple[Path, str, int]]:
    """Each clip's path and key, and when it was written."""
    for entry in _entries(folder):
        match = _KEY.fullmatch(entry.name)
        if match is None:
            continue
        try:
            changed_us = entry.stat(follow_symlinks=False).st_mtime_ns // 1000
        except OSError:
            continue  # somebody deleted its incident just now
        yield Path(entry.path), match["key"], changed_us


def _parts(folder: Path) -> list[Path]:
    return [Path(entry.path) for entry in _entries(folder) if entry.name[:1] == "." and entry.name.endswith(".part")]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as err:
        _log.warning("%s can't be deleted: %s", path, err.strerror)
