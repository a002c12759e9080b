"""The chunks that grow now, of every camera that somebody asks for."""

import threading
from collections.abc import Sequence
from pathlib import Path

from pynvr.archive.paths import chunk_path, day_folder
from pynvr.base.clock import Clock
from pynvr.playback.chunk_watch import ChunkWatch
from pynvr.playback.day_names import NO_NAMES, DayNames, Names, day_names

# A listing is believed for so long; a chunk is there some seconds before anybody can ask for what it holds.
_LISTING_S = 0.5
# A finished chunk's row may come later than its name; until then it is still told from its blocks.
_HANDOVER_S = 30.0
_UNUSED_S = 60.0
_TIDY_EVERY_S = 10.0
# A disk that doesn't answer holds up one question, not all that come after it.
_PATIENCE_S = 1.0

_Key = tuple[Path, str, str]
# When it was made, monotonic.
_Listing = tuple[float, DayNames]


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
            if kept is not watch:
                watch.close()  # another thread was quicker
        with self._lock:
            if self._watched:
                self._keep_tidy()

    def _listed(self, folder: Path, camera_id: str, now_s: float) -> Names:
        """The camera's names in the folder."""
        with self._lock:
            known = self._listings.get(folder)
            if known is None or now_s - known[0] > _LISTING_S:
                if folder not in self._being_listed:
                    self._being_listed.add(folder)
                    known = None
                else:
                    self._listed_one.wait_for(lambda: folder not in self._being_listed, _PATIENCE_S)
                    known = self._listings.get(folder) or (now_s, NO_NAMES)
        if known is None:
            known = self._list_anew(folder, now_s)
        return known[1].of(camera_id)

    def _list_anew(self, folder: Path, now_s: float) -> _Listing:
        with self._lock:
            _, before = self._listings.get(folder, (now_s, NO_NAMES))
        found = now_s, NO_NAMES
        try:
            found = now_s, day_names(folder, before, self._clock.now_us() * 1000)
        except OSError:
            pass  # a day without a folder yet, or a disk that is gone, which others tell
        finally:
            with self._lock:
                self._listings[folder] = found
                self._being_listed.discard(folder)
                self._listed_one.notify_all()
        return found

    def _keep_tidy(self) -> None:
        """Also when nobody asks any more: a file that is held keeps a disk busy that was pulled out or is to be."""
        if self._tidier is None and not self._closed.is_set():
            tidier = threading.Thread(target=self._tidy_always, name="unused chunks", daemon=True)
            try:
                tidier.start()
            except RuntimeError:
                return  # the machine gives no thread now; who asks next tries again
            self._tidier = tidier

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
            for folder, (listed_s, _) in list(self._listings.items()):
                if now_s - listed_s > _UNUSED_S:
                    del self._listings[folder]
            old = [
                key
                for key, one in self._watched.items()
                if now_s - one.used_s > _UNUSED_S or now_s - one.listed_s > _UNUSED_S
            ]
            return [self._watched.pop(key).watch for key in old]


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
