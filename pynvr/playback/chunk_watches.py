"""The chunks that grow now, of every camera that somebody asks for."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pynvr.archive.paths import chunk_path, day_folder
from pynvr.base.clock import Clock
from pynvr.model.stamp import is_stamp
from pynvr.playback.chunk_watch import ChunkWatch

# A listing is believed for so long; a chunk is there some seconds before anybody can ask for what it holds.
_LISTING_S = 0.5
# A finished chunk's row may come later than its name; until then it is still told from its blocks.
_HANDOVER_S = 30.0
_UNUSED_S = 60.0
_TIDY_EVERY_S = 10.0
# A disk that doesn't answer holds up one question, not all that come after it.
_PATIENCE_S = 1.0
# Twice what the coarsest file system in use has (FAT: 2 s).
_TIME_GRAIN_NS = 4_000_000_000

# Segments by name that may lack a row: what a database that is locked or gone holds up is no more, mostly.
_NEWEST = 60

_Key = tuple[Path, str, str]


class _Names(NamedTuple):
    """Of a camera in a day folder, as stamps: its chunks, and its newest segments."""

    chunks: list[str]
    segments: list[str]


_NO_NAMES = _Names([], [])
_Listing = tuple[float, int, dict[str, _Names]]


class _Watched:
    def __init__(self, watch: ChunkWatch, at_s: float) -> None:
        self.watch = watch
        self.used_s = self.listed_s = at_s


class ChunkWatches:
    """Finds chunks by listing day folders, and keeps following them as long as they are asked for. For all threads.

    No disk is asked while the lock is held: one that hangs concerns its own cameras alone.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._listed_one = threading.Condition(self._lock)
        self._watched: dict[_Key, _Watched] = {}
        self._listings: dict[Path, _Listing] = {}
        self._being_listed: set[Path] = set()
        self._tidier: threading.Thread | None = None
        self._closed = threading.Event()

    def of(self, dst: Path, camera_id: str, days: Sequence[str]) -> list[ChunkWatch]:
        """Chunks of the camera in these day folders, with what was appended up to now."""
        now_s = self._clock.monotonic_s()
        listed = {stamp for day in days for stamp in self._listed(day_folder(dst, day), camera_id, now_s).chunks}
        self._follow([(dst, camera_id, stamp) for stamp in listed], now_s)
        with self._lock:
            known = [
                (key, one)
                for key, one in self._watched.items()
                if key[:2] == (dst, camera_id) and (key[2] in listed or now_s - one.listed_s < _HANDOVER_S)
            ]
            for _, one in known:
                one.used_s = now_s
        return [one.watch for key, one in known if _looked(one.watch)]

    def newest(self, dst: Path, camera_id: str, days: Sequence[str]) -> list[str]:
        """Stamps of the camera's newest segments in these day folders; their rows may be there or still to come."""
        now_s = self._clock.monotonic_s()
        names = [self._listed(day_folder(dst, day), camera_id, now_s) for day in days]
        # What was listed as a chunk may have become a segment since.
        return [stamp for one in names for stamps in (one.segments, one.chunks) for stamp in stamps]

    def find(self, dst: Path, camera_id: str, stamp: str) -> ChunkWatch | None:
        """The chunk of that name, if it was found before and is still followed."""
        with self._lock:
            found = self._watched.get((dst, camera_id, stamp))
            if found is None:
                return None
            found.used_s = self._clock.monotonic_s()
            return found.watch

    def close(self) -> None:
        """Let go of all files."""
        self._closed.set()
        with self._lock:
            for one in self._watched.values():
                one.watch.close()
            self._watched.clear()

    def _follow(self, keys: Sequence[_Key], now_s: float) -> None:
        """Watch those that aren't watched yet, or were another file of that name."""
        with self._lock:
            known = [(key, self._watched[key].watch) for key in keys if key in self._watched]
        replaced = [(key, watch) for key, watch in known if _is_gone(watch)]
        with self._lock:
            for key, watch in replaced:
                if key in self._watched and self._watched[key].watch is watch:
                    self._watched.pop(key).watch.close()
            unknown = [key for key in keys if key not in self._watched]
            for key in keys:
                if key in self._watched:
                    self._watched[key].listed_s = now_s
        for key in unknown:
            try:
                watch = ChunkWatch(chunk_path(*key), key[2])
            except OSError:
                continue  # finished a moment ago, or the disk is gone, which others tell
            with self._lock:
                kept = self._watched.setdefault(key, _Watched(watch, now_s)).watch
                self._keep_tidy()
            if kept is not watch:
                watch.close()  # another thread was quicker

    def _listed(self, folder: Path, camera_id: str, now_s: float) -> _Names:
        """The camera's names in the folder."""
        with self._lock:
            known = self._listings.get(folder)
            if known is None or now_s - known[0] > _LISTING_S:
                if folder not in self._being_listed:
                    self._being_listed.add(folder)
                    known = None
                else:
                    self._listed_one.wait_for(lambda: folder not in self._being_listed, _PATIENCE_S)
                    known = self._listings.get(folder) or (now_s, 0, {})
        if known is None:
            known = self._list_anew(folder, now_s)
        return known[2].get(camera_id, _NO_NAMES)

    def _list_anew(self, folder: Path, now_s: float) -> _Listing:
        with self._lock:
            before = self._listings.get(folder)
        found: _Listing = (now_s, 0, {})
        try:
            found = now_s, *_list(folder, before, self._clock.now_us() * 1000)
        finally:
            with self._lock:
                self._listings[folder] = found
                self._being_listed.discard(folder)
                self._listed_one.notify_all()
        return found

    def _keep_tidy(self) -> None:
        """Also when nobody asks any more: a file that is held keeps a disk busy that was pulled out or is to be."""
        if self._tidier is None and not self._closed.is_set():
            self._tidier = threading.Thread(target=self._tidy_always, name="unused chunks", daemon=True)
            self._tidier.start()

    def _tidy_always(self) -> None:
        while not self._closed.wait(_TIDY_EVERY_S):
            unused = self._unused(self._clock.monotonic_s())
            for watch in unused:  # a disk that hangs holds up only this
                watch.close()
            with self._lock:
                if not self._watched:
                    self._tidier = None
                    return

    def _unused(self, now_s: float) -> list[ChunkWatch]:
        """They are forgotten."""
        with self._lock:
            for folder, (listed_s, _, _) in list(self._listings.items()):
                if now_s - listed_s > _UNUSED_S:
                    del self._listings[folder]
            old = [
                key
                for key, one in self._watched.items()
                if now_s - one.used_s > _UNUSED_S or now_s - one.listed_s > _UNUSED_S
            ]
            return [self._watched.pop(key).watch for key in old]


def _list(folder: Path, known: _Listing | None, now_ns: int) -> tuple[int, dict[str, _Names]]:
    """When the folder changed last, and its names by camera; nothing is read if it didn't change.

    A folder that changed just now may change again within the grain of its time: then 0 stands for when.
    """
    try:
        mtime_ns = os.stat(folder).st_mtime_ns
        if known is not None and known[1] == mtime_ns:
            return known[1], known[2]
        settled = abs(now_ns - mtime_ns) > _TIME_GRAIN_NS
        names: dict[str, _Names] = {}
        # Thousands of names, each minute: they are taken apart by hand.
        for filename in sorted(os.listdir(folder)):
            camera_id, _, rest = filename.partition(".")
            if rest.endswith(".mp4"):
                names.setdefault(camera_id, _Names([], [])).segments.append(rest.removesuffix(".mp4"))
            elif rest.endswith(".chunk"):
                names.setdefault(camera_id, _Names([], [])).chunks.append(rest.removesuffix(".chunk"))
        return mtime_ns if settled else 0, {camera_id: _usable(*found) for camera_id, found in names.items()}
    except OSError:
        return 0, {}


def _usable(chunks: list[str], segments: list[str]) -> _Names:
    return _Names([one for one in chunks if is_stamp(one)], [one for one in segments[-_NEWEST:] if is_stamp(one)])


def _is_gone(watch: ChunkWatch) -> bool:
    try:
        return watch.is_deleted
    except OSError:
        return True  # closed meanwhile


def _looked(watch: ChunkWatch) -> bool:
    """Whether there is something of it to show."""
    try:
        watch.look()
        return watch.frames > 0 and watch.video is not None and not watch.is_deleted
    except OSError:
        return False
