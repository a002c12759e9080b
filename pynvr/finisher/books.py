"""Rows for the catalog: kept until the database takes them, so that it never holds up an MP4."""

import logging
from collections.abc import Callable
from pathlib import Path

from pynvr.base.errors import StoreError
from pynvr.finisher.ingestion import Ingestion
from pynvr.model.segment import Segment
from pynvr.store.problems import Problem
from pynvr.store.store import Store

logger = logging.getLogger(__name__)

# Rows that wait at most; what is beyond is left to the comparison of tree and catalog.
_MOST_ROWS = 20_000
# How long a database that failed is left alone.
_PAUSE_S = 5.0
# Rows in one transaction: short enough that nobody else waits long.
_ROWS_AT_ONCE = 500


class Books:
    """The finisher's side of the database. `failure`: why rows wait, empty while they don't. `ingestion`: copies into
    it what others wrote into files."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self.failure = ""
        self.lost_rows = False
        self.ingestion = Ingestion()
        self._open_store = open_store
        self._store: Store | None = None
        self._segments: dict[Path, Segment] = {}
        self._problems: dict[Path, Problem] = {}
        self._closed_until_s = 0.0

    @property
    def waiting(self) -> int:
        """Rows that the database hasn't got yet."""
        return len(self._segments) + len(self._problems)

    def note_segment(self, path: Path, segment: Segment) -> None:
        if len(self._segments) >= _MOST_ROWS and path not in self._segments:
            self.lost_rows = True
            return
        self._segments[path] = segment

    def note_problem(self, problem: Problem) -> None:
        self._problems[problem.path] = problem

    def write(self, now_s: float) -> None:
        """Hand over what waits, if the database takes it; never raises for what it does."""

        def rows(store: Store) -> None:
            while self._segments:
                paths = list(self._segments)[:_ROWS_AT_ONCE]
                store.segments.add(*(self._segments[path] for path in paths))
                for path in paths:
                    del self._segments[path]
            while self._problems:
                path = next(iter(self._problems))
                store.problems.add(self._problems[path])
                del self._problems[path]

        if self.waiting:
            self.use(rows, now_s)

    def use(self, work: Callable[[Store], None], now_s: float) -> bool:
        """Do something with the database; False if it can't be used now, which is said once until it can again."""
        if now_s < self._closed_until_s:
            return False
        try:
            if self._store is None:
                self._store = self._open_store()
            work(self._store)
        except StoreError as err:
            self._closed_until_s = now_s + _PAUSE_S
            if not self.failure:
                logger.warning("recordings are finished, but their rows wait: %s", err)
            self.failure = str(err)
            self.close()
            return False
        if self.failure:
            logger.info("the database takes rows again")
            self.failure = ""
        return True

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
