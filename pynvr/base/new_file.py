"""A file too large for the memory, written as `write_atomic` writes small ones."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pynvr.base.files import FILE_MODE, sync_folder


@contextlib.contextmanager
def new_file(path: Path, *, overwrite: bool = False, mode: int = FILE_MODE) -> Iterator[int]:
    """A descriptor to write to; when the `with` ends, all of it is on disk and has its name.

    When it ends by an exception, nothing is left. Raises FileExistsError unless `overwrite`, OSError.
    """
    fd, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        try:
            yield fd
            os.fchmod(fd, mode)
            os.fsync(fd)
        finally:
            os.close(fd)
        _give_name(temporary, path, overwrite)
        sync_folder(path.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _give_name(temporary: str, path: Path, overwrite: bool) -> None:
    if overwrite:
        os.replace(temporary, path)
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links.
        if path.exists():
            raise FileExistsError(path) from None
        os.rename(temporary, path)
