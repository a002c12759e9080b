"""The folders that the wizard asks for and makes, owned by whom the service will run as."""

import os
from collections.abc import Iterable
from pathlib import Path

from pynvr.base.errors import PyNVRError
from pynvr.base.files import make_folder
from pynvr.base.folder_trial import try_folder
from pynvr.config.kinds import Kind, NotOfKindError, folder


class FolderError(PyNVRError):
    """`folder` can't be made."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"can't make the folder {folder}: {reason}")
        self.folder = folder


def usable_folder(base: Path, now: Path | None) -> Kind[Path]:
    """As `folder`, tried unless it is the one of `now`, whose disk may be away for a moment."""
    plain = folder(base)

    def read(value: object) -> Path:
        path = plain.read(value)
        if path != now:
            try:
                try_folder(path)
            except OSError as err:
                reason = err.strerror or str(err)
                raise NotOfKindError(f"a folder that can be made and written into; {path}: {reason}") from err
        return path

    return Kind(plain.expected, read)


def make_folders(folders: Iterable[Path]) -> None:
    """Make what isn't there, 0750; root makes each for the owner of the folder it stands in. Raises FolderError."""
    for path in folders:
        try:
            missing = [level for level in (*reversed(path.parents), path) if not level.exists()]
            make_folder(path)
            for level in missing:
                give_to_owner_of(level.parent, level)
        except OSError as err:
            raise FolderError(path, err.strerror or str(err)) from err


def give_to_owner_of(example: Path, path: Path) -> None:
    """If root runs this, the path gets the owner of the example: the service must be able to use it."""
    if os.geteuid() != 0:
        return
    wanted, present = example.stat(), path.stat()
    if (wanted.st_uid, wanted.st_gid) != (present.st_uid, present.st_gid):
        os.chown(path, wanted.st_uid, wanted.st_gid)
