"""Whether a camera's disk can be recorded on now."""

import os
from pathlib import Path

from pynvr.archive.disk import disk_error
from pynvr.archive.marker import check_marker
from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause

# A chunk isn't begun with less room than this besides its reserve: it would be torn off in its first second.
LEAST_FREE_BYTES = 8 << 20
_MB = 1_000_000


def check_disk(dst: Path, marker: str, needed_bytes: int) -> None:
    """Raise DiskError if the folder is missing or another disk's, read-only, or has less room than needed."""
    check_marker(dst, marker)
    try:
        found = os.statvfs(dst)
    except OSError as err:
        raise disk_error(err, f"look at {dst}") from err
    if found.f_flag & os.ST_RDONLY:
        raise DiskError(f"{dst} is read-only", Cause.DISK_MISSING)
    free_bytes = found.f_bavail * found.f_frsize
    needed_bytes += LEAST_FREE_BYTES
    if free_bytes < needed_bytes:
        # Not how much is left: that changes with each look, and each change would be news.
        raise DiskError(f"{dst} is full: less than {needed_bytes / _MB:.0f} MB left", Cause.DISK_FULL)
