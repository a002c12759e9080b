"""Files as a protocol: written under another name, forced to disk, renamed."""

import contextlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOLDER_MODE = 0o750
FILE_MODE = 0o640

# The name of a file that `write_atomic` is at, which nobody else gives: the final one, letters of `mkstemp`, and this.
_UNFINISHED = ".pynvr-new"
_TEMPORARY = re.compile(rf"\.(?P<name>.+)\.[a-z0-9_]{{8}}{re.escape(_UNFINISHED)}", re.ASCII)
# Longer than any such write takes, also of a process that stands still for a moment.
_LEFT_AFTER_S = 600.0


def sync_folder(folder: Path) -> None:
    """Force the folder's entries to disk, so that a rename or a new name outlives a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_all(fd: int, data: bytes, position: int) -> None:
    """Write all of `data` at `position`, or raise OSError."""
    while data:
        count = os.pwrite(fd, data, position)
        data, position = data[count:], position + count


def write_atomic(
    path: Path, data: bytes, mode: int = FILE_MODE, durable: bool = True, owner: tuple[int, int] | None = None
) -> None:
    """Replace the file by `data`; a reader sees the old or the new content whole, at any moment of a crash.

    `durable=False` leaves out the two syncs, for files that can be made again. `owner`: user and group ids of the
    new file, for root who writes in another's place.
    """
    fd, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(fd, "wb") as file:
            if owner is not None:
                os.fchown(file.fileno(), *owner)
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    if durable:
        sync_folder(path.parent)


def clear_temporaries(folder: Path, is_ours: Callable[[str], bool] = lambda _name: True) -> int:
    """Delete what `write_atomic` left in the folder because its process was killed; how many files that were.

    `is_ours`: whether files of this final name are written there by us. One that was changed in the last ten minutes
    may still be written. What can't be deleted stays, and a folder that can't be read counts as empty.
    """
    deleted = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _TEMPORARY.fullmatch(entry.name) if entry.name.startswith(".") else None
            if found is None or not is_ours(found["name"]):
                continue
            with contextlib.suppress(OSError):
                facts = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(facts.st_mode) and facts.st_mtime < time.time() - _LEFT_AFTER_S:
                    os.unlink(entry.path)
                    deleted += 1
    return deleted


def make_folder(path: Path) -> None:
    """Make the folder and its parents, 0750 whatever the umask; an existing one is left as it is."""
    if path.is_dir():
        return
    make_folder(path.parent)
    try:
        path.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        return
    path.chmod(FOLDER_MODE)


def clear_away(folder: Path) -> None:
    """Delete the folder with all that is in it, as far as it can be; it may not be there at all."""
    shutil.rmtree(folder, ignore_errors=True)
