"""Files as a protocol: written under another name, forced to disk, renamed."""

import os
import shutil
import tempfile
from pathlib import Path

FOLDER_MODE = 0o750
FILE_MODE = 0o640


def sync_folder(folder: Path) -> None:
    """Force the folder's entries to disk, so that a rename or a new name outlives a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_atomic(
    path: Path, data: bytes, mode: int = FILE_MODE, durable: bool = True, owner: tuple[int, int] | None = None
) -> None:
    """Replace the file by `data`; a reader sees the old or the new content whole, at any moment of a crash.

    `durable=False` leaves out the two syncs, for files that can be made again. `owner`: user and group ids of the
    new file, for root who writes in another's place.
    """
    fd, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
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
