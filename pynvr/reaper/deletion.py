"""Files gone from the tree and from the catalog, in an order that a crash at any line leaves in order.

First the span is noted as deleted (while the row is there, coverage still says recorded), then the files go, then the
rows. A row whose file has gone is found again as the oldest, and removed then.
"""

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pynvr.archive.paths import preview_path, thumbnail_path
from pynvr.model.stamp import day_of
from pynvr.reaper.account import Deleted
from pynvr.reaper.candidate import Candidate
from pynvr.store.deletions import DeletedSpan
from pynvr.store.segments import SegmentKey
from pynvr.store.store import Store

_BATCH = 256
# A day's folder that refused so many files in one cycle (another user's, a link) isn't asked for more, nor is the
# recordings' folder around it (read-only, failing) after so many in all of its days. Each cycle asks anew.
_MOST_OF_A_DAY = 10
_MOST_OF_A_FOLDER = 1000
# These are of a file alone (`chattr +i`, a mount, a folder of its name): they say nothing of those beside it.
_OF_ONE_FILE = frozenset({errno.EPERM, errno.EISDIR, errno.EBUSY})


@dataclass(slots=True)
class Refusals:
    """Files below one folder that couldn't be deleted: how many, the first of them, and why."""

    first: Path
    reason: str
    count: int = 0


class Tally:
    """What one cycle deleted.

    `cameras`: what of each. `days`: folders and days that lost segments. `refusals`: what couldn't be deleted, by the
    folder of recordings, exports or pictures. `ended`: it was told to stop.
    """

    def __init__(self) -> None:
        self.tried = 0
        self.segments = 0
        self.files = 0
        self.freed_bytes = 0
        self.cameras: dict[str, Deleted] = {}
        self.days: set[tuple[Path, str]] = set()
        self.refusals: dict[Path, Refusals] = {}
        self.ended = False
        self._undeletable: set[Path] = set()
        self._of_days = Counter[Path]()

    def refused(self, folder: Path, path: Path, err: OSError) -> None:
        """The file below the folder can't be deleted."""
        self.refusals.setdefault(folder, Refusals(path, err.strerror or str(err))).count += 1
        self._undeletable.add(path)
        self._of_days[path.parent] += err.errno not in _OF_ONE_FILE

    def is_closed(self, folder: Path) -> bool:
        """Whether nothing of it is to be tried any more."""
        return folder in self.refusals and self.refusals[folder].count >= _MOST_OF_A_FOLDER

    def may_try(self, candidate: Candidate) -> bool:
        """Whether it didn't refuse already, nor so much beside it."""
        path = candidate.folder / candidate.name
        is_open = self._of_days[candidate.folder] < _MOST_OF_A_DAY and not self.is_closed(candidate.root)
        return is_open and path not in self._undeletable


class Deleter:
    """Deletes candidates; `alive` is called after each batch and says whether to go on."""

    def __init__(self, store: Store, jpg_cache_dir: Path, alive: Callable[[], bool]) -> None:
        self._store = store
        self._jpg_cache_dir = jpg_cache_dir
        self._alive = alive
        self._gone: list[SegmentKey] = []  # their files are deleted, their rows aren't yet

    def delete(self, candidates: Iterable[Candidate], tally: Tally) -> bool:
        """Delete them in batches, until they end or the tally does. Raises StoreError.

        True: it stopped because a folder is closed now (`Tally.is_closed`), and there may be more in others.
        """
        remaining = iter(candidates)
        try:
            while not tally.ended and (batch := list(islice(remaining, _BATCH))):
                self._note(batch)
                with _Folders() as folders:
                    for candidate in filter(tally.may_try, batch):
                        self._delete_one(candidate, folders, tally)
                self.flush()
                tally.ended = not self._alive()
                if any(tally.is_closed(candidate.root) for candidate in batch):
                    return True
        finally:
            self.flush()
        return False

    def flush(self) -> None:
        """Remove the rows of what is deleted already."""
        if self._gone:
            self._store.segments.remove(self._gone)
            self._gone = []

    def _note(self, batch: list[Candidate]) -> None:
        spans = [DeletedSpan(c.key.camera_id, c.start_us, c.end_us) for c in batch if c.key is not None]
        if spans:
            self._store.deletions.add(spans)

    def _delete_one(self, candidate: Candidate, folders: "_Folders", tally: Tally) -> None:
        tally.tried += 1
        path = candidate.folder / candidate.name
        try:
            is_gone = folders.unlink(candidate.folder, candidate.name)
        except OSError as err:
            tally.refused(candidate.root, path, err)
            return
        tally.files += is_gone
        tally.freed_bytes += candidate.file_bytes if is_gone else 0
        if candidate.key is None:
            return
        tally.segments += 1
        deleted = tally.cameras.setdefault(candidate.key.camera_id, Deleted())
        deleted.add(1, candidate.file_bytes if is_gone else 0, candidate.start_us, candidate.end_us)
        tally.days.add((candidate.folder.parent, day_of(candidate.key.stamp)))
        self._gone.append(candidate.key)
        for path_of in (preview_path, thumbnail_path):
            picture = path_of(self._jpg_cache_dir, candidate.key.camera_id, candidate.key.stamp)
            try:
                tally.files += folders.unlink(picture.parent, picture.name)
            except OSError as err:
                tally.refused(self._jpg_cache_dir, picture, err)


class _Folders:
    """Folders held open while files in them are deleted, so that no link can lead the deletion elsewhere."""

    def __init__(self) -> None:
        self._fds: dict[Path, int | None] = {}

    def __enter__(self) -> "_Folders":
        return self

    def __exit__(self, *_: object) -> None:
        for fd in self._fds.values():
            if fd is not None:
                os.close(fd)

    def unlink(self, folder: Path, name: str) -> bool:
        """Whether there was such a file; raises OSError if it can't be deleted."""
        if folder not in self._fds:
            self._fds[folder] = _opened(folder)
        fd = self._fds[folder]
        if fd is None:
            return False
        try:
            os.unlink(name, dir_fd=fd)
        except FileNotFoundError:
            return False
        return True


def _opened(folder: Path) -> int | None:
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as err:
        if err.errno in (errno.ELOOP, errno.ENOTDIR):
            raise OSError(err.errno, "it is a link out of the recordings' folder") from err
        raise
