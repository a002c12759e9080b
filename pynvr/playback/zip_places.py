"""How many ZIPs are made at a time: each keeps the plans of all its segments in memory for as long as it is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A segment takes 170 bytes, so that is as much as 170 MB; one ZIP has 290,000 at most.
MOST_SEGMENTS = 1_000_000
MOST_ZIPS = 64
# Planning reads an index for each day of each camera, and this machine records meanwhile.
MOST_PLANNING = 4
PATIENCE_S = 20.0


class ZipPlaces:
    """For all threads."""

    def __init__(
        self,
        segments: int = MOST_SEGMENTS,
        zips: int = MOST_ZIPS,
        planning: int = MOST_PLANNING,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._lock = threading.Lock()
        self._most_segments, self._most_zips = segments, zips
        self._segments = self._zips = 0
        self._planning = threading.BoundedSemaphore(planning)
        self._patience_s = patience_s

    @contextmanager
    def planning(self) -> Iterator[bool]:
        """While a ZIP is planned; False if others are still planned after some waiting, and this one isn't to be."""
        is_let_in = self._planning.acquire(timeout=self._patience_s)
        try:
            yield is_let_in
        finally:
            if is_let_in:
                self._planning.release()

    def take(self, segments: int) -> bool:
        """A place for a ZIP of so many segments, to be given back by `leave`; False if there is none. One is always
        let in, however large."""
        with self._lock:
            is_full = self._zips >= self._most_zips or self._segments + segments > self._most_segments
            if self._zips and is_full:
                return False
            self._zips += 1
            self._segments += segments
            return True

    def leave(self, segments: int) -> None:
        with self._lock:
            self._zips -= 1
            self._segments -= segments
