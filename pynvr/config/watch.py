"""Notices that nvr.json was changed, however it was done: renamed over, written in place, a link turned elsewhere."""

import os
import threading
from pathlib import Path

from watchdog.events import FileClosedEvent, FileCreatedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

# The file counts as written when it has looked the same for this long.
SETTLED_S = 0.3

# Only what ends a change: these become the inotify mask, so reads and half writes in the folder wake nobody.
_EVENTS: list[type[FileSystemEvent]] = [FileClosedEvent, FileCreatedEvent, FileMovedEvent]


class ConfigWatch:
    """Tells a select loop that the file changed and has settled.

    `fileno()` becomes readable then; `take()` says whether it changed since the last call and clears that. Callers
    that call `take()` now and then need not select at all, and see changes that the kernel doesn't report (a network
    file system, a file mounted alone into a container).
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._lock = threading.Lock()
        self._taken = _signature(self._path)
        self._seen = self._taken
        self._changed = False
        self._timer: threading.Timer | None = None
        self._readable, self._writable = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._observer = Observer()
        self._observer.daemon = True

    def start(self) -> None:
        """Watch the file's folder, and that of the file a link points to; raises OSError if it can't be watched."""
        handler = _Handler(self)
        for folder in {self._path.parent, self._path.resolve().parent}:
            self._observer.schedule(handler, str(folder), event_filter=_EVENTS)
        self._observer.start()

    def stop(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        os.close(self._readable)
        os.close(self._writable)

    def fileno(self) -> int:
        return self._readable

    def take(self) -> bool:
        """Whether the file has changed, and settled, since the last time this was true."""
        self.look()
        with self._lock:
            changed, self._changed = self._changed, False
            if changed:
                os.read(self._readable, 1)
            return changed

    def look(self) -> None:
        """Start to wait for the file to settle, if it isn't as it was."""
        with self._lock:
            if self._timer is None and _signature(self._path) != self._taken:
                self._wait()

    def _wait(self) -> None:
        self._seen = _signature(self._path)
        timer = threading.Timer(SETTLED_S, self._settle)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:
            return  # the machine can start no thread now; the next look tries again
        self._timer = timer

    def _settle(self) -> None:
        with self._lock:
            self._timer = None
            now = _signature(self._path)
            if now != self._seen:
                self._wait()
            elif now != self._taken:
                self._taken = now
                if not self._changed:
                    self._changed = True
                    os.write(self._writable, b"!")


class _Handler(FileSystemEventHandler):
    def __init__(self, watch: ConfigWatch) -> None:
        self._watch = watch

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._watch.look()


def _signature(path: Path) -> tuple[int, ...] | None:
    """What differs between any two contents of the file; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
