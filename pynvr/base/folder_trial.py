"""Whether a folder can be used: it is tried, and nothing is left behind."""

import contextlib
import tempfile
from pathlib import Path

from pynvr.base.files import make_folder


def try_folder(folder: Path) -> None:
    """Make the folder with its parents, as `make_folder` does, and a file in it; then take away what wasn't there.

    Raises OSError if that can't be done.
    """
    missing = [level for level in (folder, *folder.parents) if not level.exists()]
    try:
        make_folder(folder)
        with tempfile.NamedTemporaryFile(prefix=".pynvr-trial-", dir=folder):
            pass
    finally:
        for level in missing:
            with contextlib.suppress(OSError):  # it couldn't be made, or somebody put something into it
                level.rmdir()
