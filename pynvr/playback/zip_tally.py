"""Checksums of a ZIP's files, as far as they were counted; a download that is taken up again goes on counting there."""

import hashlib
import threading
import zlib
from bisect import bisect_right
from collections import OrderedDict, deque
from typing import Any, NamedTuple

# Between two places from which counting can go on: read again in a tenth of a second.
_LEAST_APART_BYTES = 64 << 20
_MARKS = 64
_LOOSE_MARKS = 8
_ZIPS_KEPT = 32


class Count(NamedTuple):
    """The checksums of a file's first `at` bytes."""

    at: int
    crc: int
    sha: Any  # hashlib's objects have no public type

    def more(self, data: bytes) -> "Count":
        """`data` is counted too; the object of SHA-256 goes over to the answer."""
        self.sha.update(data)
        return Count(self.at + len(data), zlib.crc32(data, self.crc), self.sha)


class Tally:
    """One file of so many bytes; for all threads. A few places are remembered, of however large a file."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._apart = max(_LEAST_APART_BYTES, length // _MARKS)
        self._lock = threading.Lock()
        self._marks = [Count(0, 0, hashlib.sha256())]
        self._loose: deque[Count] = deque(maxlen=_LOOSE_MARKS)

    @property
    def done(self) -> Count | None:
        """Of the whole file, if it was counted."""
        with self._lock:
            last = self._marks[-1]
        return last if last.at == self._length else None

    def before(self, at: int) -> Count:
        """To count on from: the last place at or before this one."""
        with self._lock:
            found = self._marks[bisect_right(self._marks, at, key=_at) - 1]
            found = max((mark for mark in (found, *self._loose) if mark.at <= at), key=_at)
        return found._replace(sha=found.sha.copy())

    def note(self, count: Count, *, stops: bool = False) -> None:
        """Counted so far; remembered where it is worth it. `stops`: nobody counts on now."""
        with self._lock:
            ends = count.at == self._length
            if count.at > self._marks[-1].at and (ends or count.at - self._marks[-1].at >= self._apart):
                self._marks.append(count._replace(sha=count.sha.copy()))
            elif stops and count.at and self._marks[-1].at != count.at:
                self._loose.append(count._replace(sha=count.sha.copy()))


class Tallies:
    """Of the ZIPs that were asked for last, by their tags; for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Tally, ...]] = OrderedDict()

    def of(self, etag: str, lengths: tuple[int, ...]) -> tuple[Tally, ...]:
        """Those of a ZIP's files, of these lengths."""
        with self._lock:
            found = self._known.setdefault(etag, tuple(map(Tally, lengths)))
            self._known.move_to_end(etag)
            while len(self._known) > _ZIPS_KEPT:
                self._known.popitem(last=False)
            return found


def _at(count: Count) -> int:
    return count.at
