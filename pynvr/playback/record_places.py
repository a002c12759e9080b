"""Where the records of segments lie: in their day's index, or, if that lacks them, in a file of our own."""

import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index_codec import RECORD_HEADER, encode_record
from pynvr.archive.index_places import IndexPlaces, Place
from pynvr.archive.paths import index_path, parse_name
from pynvr.archive.record import rebuild_record
from pynvr.model.stamp import day_of, stamp_start_us

# A camera's day takes 30 kB here: months of a camera, or a day of hundreds.
_MOST_DAYS = 512
# Records that were read out of MP4s are written down again at the latest when there are so many bytes of them.
_SPOOL_BYTES = 256 << 20


class RecordPlaces:
    """For all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: OrderedDict[Path, IndexPlaces] = OrderedDict()
        self._spool: _Spool | None = None

    def find(self, path: Path, camera_id: str, file_bytes: int, zone: ZoneInfo) -> Place:
        """The record of the MP4 at `path`; `file_bytes`: its length as it is known, 0 = unknown.

        Raises OSError, BoxError or ValueError if the file itself can't be read.
        """
        name = parse_name(path.name)
        stamp = name[0].stamp if name is not None else ""
        day = self._day(index_path(path.parent.parent, camera_id, day_of(stamp)))
        if day.refresh():
            place = day.find(stamp)
            if place is not None and file_bytes in (0, place.file_bytes):
                return place
        return self._rebuilt(path, stamp, zone)

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

    def _rebuilt(self, path: Path, stamp: str, zone: ZoneInfo) -> Place:
        facts = os.stat(path)
        key = facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns
        with self._lock:
            place = self._spool.places.get(key) if self._spool is not None else None
        if place is not None:
            return place
        body = encode_record(rebuild_record(path, stamp_start_us(stamp, zone)))[RECORD_HEADER.size :]
        with self._lock:
            if self._spool is None or self._spool.end > _SPOOL_BYTES:
                self._spool = _Spool()
            return self._spool.add(key, body, facts.st_size)


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
