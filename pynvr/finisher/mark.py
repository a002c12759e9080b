"""What is being decoded just now, in a file: a bitstream that takes the decoder down with it is met only once."""

import os
from pathlib import Path

from pynvr.base.files import FILE_MODE, make_folder


class DecodingMark:
    """A file that names the segment whose picture is being made; empty in between.

    `victim`: what it held when this process began, so the segment on which the one before died; empty if none.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        make_folder(path.parent)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        self.victim = os.pread(self._fd, 8192, 0).decode(errors="replace").strip()
        self.clear()

    def set(self, path: Path) -> None:
        os.pwrite(self._fd, f"{path}\n".encode(), 0)

    def clear(self) -> None:
        os.ftruncate(self._fd, 0)

    def close(self) -> None:
        os.close(self._fd)
