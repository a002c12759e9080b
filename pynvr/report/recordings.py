"""Disks, what was recorded and why not, and whether what is there is whole."""

import dataclasses
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from pynvr.archive.marker import read_marker
from pynvr.archive.paths import days_of
from pynvr.base.errors import DiskError
from pynvr.catalog.folders import all_folders
from pynvr.catalog.verify import Counts, Finding, Verifier
from pynvr.model.cause import Cause, gap_name
from pynvr.model.settings import Settings
from pynvr.model.stamp import local
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.growing import Growing
from pynvr.store.accounting import coverage_of
from pynvr.store.coverage import Coverage
from pynvr.store.store import Store

_DAY_US = 86_400 * MICROSECONDS
_WEEK_US = 7 * _DAY_US
_MOST_GAPS = 100
_MOST_FINDINGS = 200
_CHUNKS = frozenset({"being recorded", "unfinished"})


def disks(settings: Settings, store: Store | None) -> dict[str, object]:
    """Each folder that PyNVR writes to: its file system, room in bytes, and whether it is the disk that is expected."""
    system = settings.system
    known = store.disks.known() if store else {}
    mounts = {Path(part.mountpoint): (part.fstype, part.opts) for part in psutil.disk_partitions(all=True)}
    of_cameras = all_folders(settings, store) if store else [camera.dst for camera in settings.cameras]
    folders = [system.data_dir, system.jpg_cache_dir, system.mp4_cache_dir, system.log_dir, *of_cameras]
    return {
        "folders": [
            _folder(folder, mounts, known.get(folder), is_recorded_to=folder in of_cameras) for folder in folders
        ],
        "reaper": [dataclasses.asdict(rule) | {"disk": str(rule.disk)} for rule in settings.reaper],
        "held": [total._asdict() for total in store.totals.cameras()] if store else None,
    }


def _folder(
    folder: Path, mounts: Mapping[Path, tuple[str, str]], expected: str | None, *, is_recorded_to: bool
) -> dict[str, object]:
    """`mounts`: type and options of each file system, by where it is mounted."""
    told: dict[str, object] = {"folder": str(folder)}
    try:
        room = os.statvfs(folder)
        mount = next((place for place in [folder.resolve(), *folder.resolve().parents] if place in mounts), None)
        told |= {
            "total": room.f_blocks * room.f_frsize,
            "free": room.f_bavail * room.f_frsize,
            "files_free": room.f_favail,
            "writable": os.access(folder, os.W_OK),
        }
        if mount is not None:
            kind, options = mounts[mount]
            told |= {"mounted_at": str(mount), "type": kind, "options": options}
        if is_recorded_to:
            marker, days = read_marker(folder), days_of(folder)
            told |= {"marker": "none" if marker is None else "right" if marker == expected else "another"}
            told |= {"days": len(days), "first_day": min(days, default=""), "last_day": max(days, default="")}
    except DiskError as err:
        told["problem"] = str(err)
    except OSError as err:
        told["problem"] = err.strerror or str(err)
    return told


def coverage(settings: Settings, store: Store, now_us: int) -> dict[str, object]:
    """By camera, seconds of each cause over the last day and the last week, and the last day's gaps."""
    ids = [camera.id for camera in settings.cameras]
    growing = Growing().spans(settings.cameras, settings.system.timezone, now_us, store.segments.known)
    day, week = (
        coverage_of(store, ids, now_us - length_us, now_us, now_us=now_us, growing=growing)
        for length_us in (_DAY_US, _WEEK_US)
    )
    return {
        camera_id: {
            "last_day": _sums(day[camera_id]),
            "last_week": _sums(week[camera_id]),
            "gaps_of_the_last_day": list(_gaps(day[camera_id]))[-_MOST_GAPS:],
        }
        for camera_id in ids
    }


def _sums(covered: Coverage) -> dict[str, float]:
    return {gap_name(cause): round(length_us / 1e6, 3) for cause, length_us in covered.sums_us.items()}


def _gaps(covered: Coverage) -> Iterator[dict[str, object]]:
    for account in covered.accounts:
        if account.cause is not Cause.RECORDED:
            start, length_us = time.gmtime(account.start_us // MICROSECONDS), account.end_us - account.start_us
            yield {
                "from": time.strftime("%Y-%m-%dT%H:%M:%SZ", start),
                "seconds": round(length_us / 1e6, 3),
                "cause": gap_name(account.cause),
                "detail": account.detail,
            }


def verified(settings: Settings, store: Store, now_us: int, settled_s: float, within_s: float) -> dict[str, object]:
    """What `pynvr verify` says of today and yesterday, as far as it gets in that time."""
    zone = settings.system.timezone
    deadline_s = time.monotonic() + within_s
    counts = Counts()
    verifier = Verifier(
        store,
        zone,
        settings.system.jpg_cache_dir,
        settled_s,
        first_day=f"{local(now_us - _DAY_US, zone):%Y%m%d}",
        goes_on=lambda: time.monotonic() < deadline_s,
    )
    findings: list[Finding] = []
    unfinished: list[str] = []
    for finding in verifier.verify(all_folders(settings, store), counts):
        if finding.kind in _CHUNKS:
            unfinished.append(str(finding.path))
        elif len(findings) < _MOST_FINDINGS:
            findings.append(finding)
    return {
        "days_from": verifier.first_day,
        "day_folders_left_out": counts.folders_left_out,
        "segments": counts.segments,
        "bytes": counts.file_bytes,
        "pictures": counts.pictures,
        "too_new": counts.too_new,
        "faults": counts.faults,
        "counts": {kind: count for kind, count in counts.found.items() if kind not in _CHUNKS},
        "findings": [{"kind": one.kind, "path": str(one.path), "detail": one.detail} for one in findings],
        # Nothing is wrong with them: each camera that is recorded has one.
        "being_recorded_or_waiting_for_the_finisher": unfinished[:_MOST_FINDINGS],
        "set_aside": [
            {"path": str(problem.path), "reason": problem.reason, "bytes": problem.file_bytes}
            for problem in store.problems.all()[:_MOST_FINDINGS]
        ],
    }
