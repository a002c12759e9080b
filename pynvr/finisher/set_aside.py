"""A chunk that can't be finished: kept under another name with its reason beside it, never tried again by itself."""

import re
from pathlib import Path

from pynvr.archive.paths import BAD_SUFFIX, REASON_SUFFIX, SegmentName, bad_path, reason_path
from pynvr.base.files import sync_folder, write_atomic
from pynvr.finisher.outcome import SetAside

_STAMP = re.compile(r"(?P<minute>\d{8}\.\d{4})\d*(?P<fold>b?)", re.ASCII)
_SECONDS = 60


def set_aside(path: Path, name: SegmentName, reason: str) -> SetAside:
    """Rename to `.bad`; the reason is on disk before that, so no `.bad` lacks one. Raises OSError."""
    dst = path.parent.parent
    stamp = free_name(bad_path(dst, name.camera_id, name.stamp), name.stamp)
    target = bad_path(dst, name.camera_id, stamp)
    file_bytes = path.stat().st_size
    write_atomic(reason_path(dst, name.camera_id, stamp), f"{path.name}: {reason}\n".encode())
    path.rename(target)
    sync_folder(target.parent)
    return SetAside(target, SegmentName(name.camera_id, stamp), reason, file_bytes)


def free_name(wanted: Path, stamp: str) -> str:
    """The stamp if `wanted` doesn't exist, else one with the first second of the minute whose name is free.

    Raises FileExistsError if all are taken.
    """
    if not wanted.exists():
        return stamp
    match = _STAMP.fullmatch(stamp)
    if match is not None:
        for second in range(_SECONDS):
            other = f"{match['minute']}{second:02d}{match['fold']}"
            if not wanted.with_name(wanted.name.replace(stamp, other)).exists():
                return other
    raise FileExistsError(f"{wanted} and all names for it are taken")


def reason_of(bad: Path) -> str:
    """Why a `.bad` file was set aside, as the file beside it says."""
    beside = bad.with_name(bad.name.removesuffix(BAD_SUFFIX) + REASON_SUFFIX)
    try:
        return beside.read_text(encoding="utf-8").strip().partition(": ")[2]
    except (OSError, ValueError):
        return "unknown: the file with the reason can't be read"
