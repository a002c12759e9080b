"""The folders that the wizard makes, owned by whom the service will run as."""

import os
from collections.abc import Iterable
from pathlib import Path

from pynvr.base.errors import PyNVRError
from pynvr.base.files import make_folder


def make_folders(folders: Iterable[Path]) -> None:
    """Make what isn't there, 0750; root makes each for the owner of the folder it stands in. Raises PyNVRError."""
    for folder in folders:
        missing = [level for level in (*reversed(folder.parents), folder) if not level.exists()]
        try:
            make_folder(folder)
            for level in missing:
                give_to_owner_of(level.parent, level)
        except OSError as err:
            raise PyNVRError(f"can't make the folder {folder}: {err.strerror or err}") from err


def give_to_owner_of(example: Path, path: Path) -> None:
    """If root runs this, the path gets the owner of the example: the service must be able to use it."""
    if os.geteuid() != 0:
        return
    wanted, present = example.stat(), path.stat()
    if (wanted.st_uid, wanted.st_gid) != (present.st_uid, present.st_gid):
        os.chown(path, wanted.st_uid, wanted.st_gid)
