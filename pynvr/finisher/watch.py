"""Who let go of a chunk just now, from the kernel: one event when a file is closed, none for what is written to it."""

import logging
from pathlib import Path
from queue import Empty, SimpleQueue

from watchdog.events import FileClosedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from pynvr.archive.paths import CHUNK_SUFFIX, NEW_SUFFIX

logger = logging.getLogger(__name__)


class ClosedChunks(FileSystemEventHandler):
    """Watches day folders, which change at midnight. A chunk's name comes out when its last writer closes it."""

    def __init__(self) -> None:
        self._closed: SimpleQueue[Path] = SimpleQueue()
        self._watches: dict[Path, ObservedWatch] = {}
        self._refused: set[Path] = set()
        self._observer: BaseObserver = Observer()
        self._observer.start()

    def follow(self, folders: set[Path]) -> list[Path]:
        """Watch just these folders; gives those that are new, for they may hold chunks that were closed before.

        A folder that isn't there is left out, to be asked for again. One that can't be watched (the kernel's limit)
        is given each time, so that it is read instead.
        """
        for folder in self._watches.keys() - folders:
            self._forget(folder)
        new: list[Path] = []
        # watchdog ends a folder's thread when the folder is removed.
        alive = {emitter.watch for emitter in self._observer.emitters if emitter.is_alive()}
        for folder in sorted(folders):
            watch = self._watches.get(folder)
            if watch in alive:
                continue
            if not folder.is_dir():
                continue
            if watch is not None:
                self._forget(folder)
            self._watch(folder)
            new.append(folder)
        return new

    def next_closed(self, timeout_s: float) -> Path | None:
        """The next chunk that was closed, waiting for up to `timeout_s`."""
        try:
            return self._closed.get(timeout=timeout_s) if timeout_s > 0 else self._closed.get_nowait()
        except Empty:
            return None

    def close(self) -> None:
        self._observer.stop()
        self._observer.join()

    def on_closed(self, event: FileSystemEvent) -> None:
        """Called in a thread of watchdog's."""
        name = str(event.src_path)
        if name.endswith(NEW_SUFFIX):
            # The kernel says the name under which the writer opened it; it may have its final one since.
            self._closed.put(Path(name.removesuffix(NEW_SUFFIX) + CHUNK_SUFFIX))
        if name.endswith((CHUNK_SUFFIX, NEW_SUFFIX)):
            self._closed.put(Path(name))

    def _watch(self, folder: Path) -> None:
        try:
            # The filter reaches the kernel: nothing wakes for IN_MODIFY, so a written frame costs nothing here.
            self._watches[folder] = self._observer.schedule(self, str(folder), event_filter=[FileClosedEvent])
            self._refused.discard(folder)
        except OSError as err:
            if folder not in self._refused:
                self._refused.add(folder)
                logger.warning(
                    "%s can't be watched (%s): it is read every few seconds instead; "
                    "raise fs.inotify.max_user_watches or max_user_instances",
                    folder,
                    err.strerror or err,
                )

    def _forget(self, folder: Path) -> None:
        watch = self._watches.pop(folder)
        try:
            self._observer.unschedule(watch)
        except KeyError:
            pass  # its thread ended with the folder
