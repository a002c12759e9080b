"""status.json as the master wrote it last, read again only when it has changed."""

import os
import threading
from pathlib import Path

from pynvr.model.status import Status


class StatusFile:
    """For all threads. Called, it gives the status, None if there is none that can be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._status: Status | None = None

    def __call__(self) -> Status | None:
        with self._lock:
            try:
                found = os.stat(self._path)
                seen = (found.st_ino, found.st_mtime_ns)
                if seen != self._seen:
                    self._status = Status.from_json(self._path.read_bytes())
                    self._seen = seen
            except (OSError, ValueError):
                self._status, self._seen = None, None
            return self._status
