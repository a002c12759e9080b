"""Forcing to disk what a killed recorder left: it won't do that any more, and the kernel takes up to a minute over it.

Whoever comes first does it, the camera's next recorder or the finisher: the one may be long in coming, the other busy,
killed too, or at a disk that doesn't answer.
"""

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from pynvr.archive.paths import CHUNK_SUFFIX, SegmentName, parse_name
from pynvr.archive.seal import FORCED_BYTES, read_forced
from pynvr.base.files import sync_folder

# Of a camera. Of thousands that were left the others were forced by who met them before, or by the kernel.
_NEWEST = 16

_log = logging.getLogger(__name__)


def left_chunks(folders: Iterable[Path], camera_id: str = "") -> list[Path]:
    """The newest chunks of each camera (or of this one) in these day folders, growing or left.

    A folder that isn't there or can't be read counts as empty.
    """
    found: dict[str, list[tuple[int, Path]]] = {}
    for folder in folders:
        for name in _chunks_in(folder, camera_id):
            path = folder / f"{name.camera_id}.{name.stamp}{CHUNK_SUFFIX}"
            try:
                found.setdefault(name.camera_id, []).append((os.stat(path).st_mtime_ns, path))
            except OSError:
                continue  # it was finished a moment ago
    return [path for chunks in found.values() for _, path in sorted(chunks, reverse=True)[:_NEWEST]]


def force_chunks(paths: Iterable[Path]) -> int:
    """Force them and their names to disk, as far as they don't say themselves that they are; how many that were.

    Waits for the disk. One that refuses is told in the log.
    """
    folders: dict[Path, None] = {}
    forced = 0
    for path in paths:
        try:
            if _force(path):
                forced += 1
                # Its first sync would have forced its name, and that of a folder that was new.
                folders |= {path.parent: None, path.parent.parent: None}
        except FileNotFoundError:
            continue  # it was finished, and so forced
        except OSError as err:
            _log.warning("%s was left, and can't be forced to disk: %s", path, err.strerror or err)
    for folder in folders:
        try:
            sync_folder(folder)
        except OSError as err:
            _log.warning("%s can't be forced to disk: %s", folder, err.strerror or err)
    return forced


def _chunks_in(folder: Path, camera_id: str) -> list[SegmentName]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    parsed = (parse_name(name) for name in names if name.endswith(CHUNK_SUFFIX) and name.startswith(camera_id))
    return [one[0] for one in parsed if one is not None and camera_id in ("", one[0].camera_id)]


def _force(path: Path) -> bool:
    """Whether there was need to. Raises OSError."""
    # Closing what was open for writing would look like the end of a recording.
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        last = os.fstat(fd).st_size - FORCED_BYTES
        if last > 0 and read_forced(os.pread(fd, FORCED_BYTES, last)) == last:
            return False  # let go of in order
        os.fdatasync(fd)
        return True
    finally:
        os.close(fd)
