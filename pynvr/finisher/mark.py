"""What is being decoded just now, in a file: a bitstream that takes the decoder down with it is met only once."""

import contextlib
import logging
import os
from pathlib import Path

from pynvr.base.files import FILE_MODE, make_folder

logger = logging.getLogger(__name__)

_MOST_VICTIMS = 1000
_LONGEST_BYTES = 1 << 20


class DecodingMark:
    """A file that names the segment whose picture is being made, below those on which that ended in death.

    `victims`: segments on which this process's predecessors died or hung. A disk that refuses the file (recordings may
    lie on others) is no reason not to work: then a death isn't remembered.
    """

    def __init__(self, path: Path) -> None:
        self.victims: frozenset[Path] = frozenset()
        self._fd = -1
        self._end = 0
        try:
            make_folder(path.parent)
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
            self._begin()
        except OSError as err:
            logger.warning("what is decoded can't be noted in %s: %s", path, err.strerror or err)

    def _begin(self) -> None:
        lines = os.pread(self._fd, _LONGEST_BYTES, 0).decode(errors="replace").splitlines()
        kept = list(dict.fromkeys(line for line in lines if line))[-_MOST_VICTIMS:]
        self.victims = frozenset(Path(line) for line in kept)
        text = "".join(f"{line}\n" for line in kept).encode()
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, text, 0)
        self._end = len(text)

    def set(self, path: Path) -> None:
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.pwrite(self._fd, f"{path}\n".encode(), self._end)

    def clear(self) -> None:
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self._end)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
