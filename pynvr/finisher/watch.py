"""Who let go of a chunk just now, from the kernel: one event when a file is closed, none for what is written to it."""

import errno
import logging
from collections import deque
from pathlib import Path

from pynvr.archive.paths import CHUNK_SUFFIX, NEW_SUFFIX
from pynvr.finisher.inotify import ClosedFiles

logger = logging.getLogger(__name__)

# What of the kernel refuses with these errors.
_LIMITS = {
    errno.ENOSPC: "fs.inotify.max_user_watches",
    errno.EMFILE: "fs.inotify.max_user_instances, or this process's limit of open files (ulimit -n)",
}


class ClosedChunks:
    """Watches day folders, which change at midnight. A chunk's name comes out when its last writer closes it."""

    def __init__(self) -> None:
        self._files = ClosedFiles()
        self._closed: deque[Path] = deque()
        self._refused: set[Path] = set()

    def follow(self, folders: set[Path]) -> list[Path]:
        """Watch just these folders; gives those that are new, for they may hold chunks that were closed before.

        A folder that isn't there, or whose disk fails to tell, is left out, to be asked for again. One that can't be
        watched (the kernel's limit) is given each time, so that it is read instead; so are all when the kernel had more
        to tell than it could hold.
        """
        self._take(0)
        overflowed, self._files.overflowed = self._files.overflowed, False
        for folder in self._files.folders - folders:
            self._files.forget(folder)
        new = [folder for folder in sorted(folders - self._files.folders) if _is_there(folder)]
        for folder in new:
            self._watch(folder)
        return sorted(filter(_is_there, folders)) if overflowed else new

    def next_closed(self, timeout_s: float) -> Path | None:
        """The next chunk that was closed, waiting for up to `timeout_s`."""
        if not self._closed:
            self._take(timeout_s)
        return self._closed.popleft() if self._closed else None

    def close(self) -> None:
        self._files.close()

    def _take(self, timeout_s: float) -> None:
        for path in self._files.read(timeout_s):
            name = str(path)
            if name.endswith(NEW_SUFFIX):
                # The kernel says the name under which the writer opened it; it may have its final one since.
                self._closed.append(Path(name.removesuffix(NEW_SUFFIX) + CHUNK_SUFFIX))
            if name.endswith((CHUNK_SUFFIX, NEW_SUFFIX)):
                self._closed.append(path)

    def _watch(self, folder: Path) -> None:
        try:
            self._files.watch(folder)
            self._refused.discard(folder)
        except OSError as err:
            if folder not in self._refused:
                self._refused.add(folder)
                limit = _LIMITS.get(err.errno or 0, "")
                logger.warning(
                    "%s can't be watched (%s): it is read each second instead%s",
                    folder,
                    err.strerror or err,
                    f"; raise {limit}" if limit else "",
                )


def _is_there(folder: Path) -> bool:
    """One disk that fails is no reason to leave those of other cameras alone."""
    try:
        return folder.is_dir()
    except OSError:
        return False
