"""multiprocessing's temporary folder, which holds the forkserver's socket.

A master that is killed leaves it. In PyNVR's own folder the next one clears it away; among the system's temporary files
nobody could tell whose it was.
"""

import socket
import tempfile
from contextlib import suppress
from multiprocessing import util
from pathlib import Path

from pynvr.base.files import clear_away

# As multiprocessing names it.
_PREFIX = "pymp-"
_LONGEST_NAME = f"{_PREFIX}12345678/listener-12345678"


def use_folder_in(run_dir: Path) -> None:
    """To be called before anything of multiprocessing is, by the only one in `run_dir`.

    Where no socket can be made there (the file system has none, its path is too long) the system's temporary folder
    stays in use.
    """
    for left in run_dir.glob(f"{_PREFIX}*"):
        clear_away(left)
        with suppress(OSError):
            left.unlink()
    if not _takes_sockets(run_dir):
        return
    usual = tempfile.tempdir
    tempfile.tempdir = str(run_dir)
    try:
        with suppress(OSError):
            util.get_temp_dir()
    finally:
        tempfile.tempdir = usual


def _takes_sockets(run_dir: Path) -> bool:
    place = run_dir / _LONGEST_NAME.replace("/", "-")
    try:
        with socket.socket(socket.AF_UNIX) as tried:
            tried.bind(str(place))
    except OSError:
        return False
    place.unlink(missing_ok=True)
    return True
