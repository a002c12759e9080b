"""The marker of a disk: a random id in each camera's folder, so that an empty mount point isn't taken for the disk."""

import contextlib
import os
import secrets
from pathlib import Path

from pynvr.archive.disk import disk_error
from pynvr.base.errors import DiskError
from pynvr.base.files import FILE_MODE, make_folder, sync_folder
from pynvr.model.cause import Cause

MARKER_NAME = ".pynvr-disk"
_LONGEST = 200


def read_marker(dst: Path) -> str | None:
    """The id of the disk; None if the folder or its marker isn't there. Raises DiskError if it can't be read."""
    path = dst / MARKER_NAME
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("ascii", "replace").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as err:
        raise disk_error(err, f"read {path}") from err


def create_marker(dst: Path) -> str:
    """Give the folder (made if needed) a marker; one that is there already is kept and returned."""
    path = dst / MARKER_NAME
    marker = secrets.token_hex(16)
    temporary = dst / f"{MARKER_NAME}.{marker}"
    try:
        make_folder(dst)
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
        try:
            os.write(fd, f"{marker}\n".encode())
            os.fsync(fd)
        finally:
            os.close(fd)
        there = read_marker(dst)
        if there is not None:
            temporary.unlink()
            return there
        temporary.replace(path)
        sync_folder(dst)
    except OSError as err:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise disk_error(err, f"write {path}") from err
    return marker


def check_marker(dst: Path, expected: str) -> None:
    """Raise DiskError (cause `disk missing`) unless the folder carries just this marker."""
    found = read_marker(dst)
    if found is None:
        raise DiskError(f"{dst} has no {MARKER_NAME}: is the disk mounted?", Cause.DISK_MISSING)
    if found != expected:
        raise DiskError(
            f"{dst} belongs to another disk ({MARKER_NAME} says {found}, expected {expected}): is it mounted?",
            Cause.DISK_MISSING,
        )
