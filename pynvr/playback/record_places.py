"""Where the records of segments lie: in their day's index, or, if that lacks them, in a file of our own."""

import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index_codec import RECORD_HEADER, encode_record
from pynvr.archive.index_head import HeadReader, RecordHead
from pynvr.archive.index_places import IndexPlaces, Place
from pynvr.archive.paths import index_path, parse_name
from pynvr.archive.record import record_by_name
from pynvr.model.stamp import day_of

# A camera's day takes 50 kB here: months of a camera, or a day of hundreds.
_MOST_DAYS = 512
# With heads it takes 2 MB; a day of which one range is taken is mostly a day of which another one is.
_MOST_DAYS_OF_HEADS = 6
# Records that were read out of MP4s are written down again at the latest when there are so many bytes of them.
_SPOOL_BYTES = 256 << 20


class RecordPlaces:
    """For all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: OrderedDict[Path, IndexPlaces] = OrderedDict()
        self._with_heads: OrderedDict[Path, IndexPlaces] = OrderedDict()
        self._reader = HeadReader()
        self._spool: _Spool | None = None

    def find(self, path: Path, camera_id: str, file_bytes: int, zone: ZoneInfo) -> Place:
        """The record of the MP4 at `path`; `file_bytes`: its length as it is known, 0 = unknown.

        Raises OSError or BoxError if the file itself can't be read, or claims a time that isn't its name's.
        """
        name = parse_name(path.name)
        stamp = name[0].stamp if name is not None else ""
        day = self._day(index_path(path.parent.parent, camera_id, day_of(stamp)))
        if day.refresh():
            place = day.find(stamp)
            if place is not None and file_bytes in (0, place.file_bytes):
                return place
        return self._rebuilt(path, zone)

    def heads(self, index: Path) -> Mapping[str, tuple[Place, RecordHead]]:
        """The heads of all records of a day's index, by stamp; empty if there is none. Raises OSError."""
        day = self._day(index)
        if not day.refresh(self._reader):
            return {}
        with self._lock:
            self._with_heads[index] = day
            self._with_heads.move_to_end(index)
            forgotten = self._with_heads.popitem(last=False)[1] if len(self._with_heads) > _MOST_DAYS_OF_HEADS else None
        if forgotten is not None:
            forgotten.forget_heads()
        return day.heads(self._reader)

    def _rebuilt(self, path: Path, zone: ZoneInfo) -> Place:
        """A record made of the MP4 at `path`. Raises OSError, BoxError."""
        facts = os.stat(path)
        key = facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns
        with self._lock:
            place = self._spool.places.get(key) if self._spool is not None else None
        if place is not None:
            return place
        body = encode_record(record_by_name(path, zone))[RECORD_HEADER.size :]
        with self._lock:
            if self._spool is None or self._spool.end > _SPOOL_BYTES:
                self._spool = _Spool()
            return self._spool.add(key, body, facts.st_size)

    def _day(self, path: Path) -> IndexPlaces:
        with self._lock:
            day = self._days.get(path)
            if day is None:
                day = self._days[path] = IndexPlaces(path)
                if len(self._days) > _MOST_DAYS:
                    self._days.popitem(last=False)
            else:
                self._days.move_to_end(path)
            return day


class _Spool:
    """Records that no index holds, in a file without a name, which goes with the process."""

    def __init__(self) -> None:
        self.end = 0
        self.places: dict[tuple[int, int, int, int], Place] = {}
        fd, name = tempfile.mkstemp(prefix="pynvr-records-")
        os.unlink(name)
        self._file = os.fdopen(fd, "wb")
        self._path = Path(f"/proc/self/fd/{fd}")
        self._inode = os.fstat(fd).st_ino

    def add(self, key: tuple[int, int, int, int], body: bytes, file_bytes: int) -> Place:
        """Raises OSError."""
        place = Place(self._path, self._inode, self.end, len(body), file_bytes)
        self._file.write(body)
        self._file.flush()  # readers have descriptors of their own
        self.end += len(body)
        self.places[key] = place
        return place
