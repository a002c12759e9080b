"""What is left to do, and in which order.

What was recorded just now comes first, its MP4s before its pictures, so a thousand left chunks don't hold it up; then
what was left, newest first, again MP4s before pictures.
"""

import heapq
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from pathlib import Path

from pynvr.archive.index import IndexRecord
from pynvr.archive.paths import SegmentName


class Urgency(IntEnum):
    """Smaller is sooner."""

    FRESH_CHUNK = 0
    FRESH_SEGMENT = 1
    LEFT_CHUNK = 2
    LEFT_SEGMENT = 3


@dataclass(frozen=True, slots=True)
class ChunkTask:
    """To be made an MP4. `tries`: how often that was put off before."""

    path: Path
    tries: int = 0


@dataclass(frozen=True, slots=True)
class SegmentTask:
    """To be given pictures and an index record.

    `record`: what is known of it already, None = read the MP4. `is_indexed`: the day index has it, but for the picture.
    """

    path: Path
    name: SegmentName
    record: IndexRecord | None = None
    tries: int = 0
    is_indexed: bool = False


Task = ChunkTask | SegmentTask


@dataclass(order=True, slots=True)
class _Entry:
    urgency: Urgency
    rank: float
    number: int
    task: Task = field(compare=False)


@dataclass(order=True, slots=True)
class _Later:
    due_s: float
    number: int
    task: Task = field(compare=False)


class Backlog:
    """Tasks by urgency; a path is in it once. Times are monotonic seconds that the caller passes in."""

    def __init__(self) -> None:
        self._ready: list[_Entry] = []
        self._later: list[_Later] = []
        self._ready_paths: set[Path] = set()
        self._later_paths: set[Path] = set()
        self._numbers = count()
        self._counts = dict.fromkeys(Urgency, 0)

    def add(self, task: Task, fresh: bool) -> None:
        """Queue it, unless it is queued or put off already."""
        if task.path in self._ready_paths or task.path in self._later_paths:
            return
        if isinstance(task, ChunkTask):
            urgency = Urgency.FRESH_CHUNK if fresh else Urgency.LEFT_CHUNK
        else:
            urgency = Urgency.FRESH_SEGMENT if fresh else Urgency.LEFT_SEGMENT
        rank = 0.0 if fresh else -_age_rank(task.path)
        self._ready_paths.add(task.path)
        self._counts[urgency] += 1
        heapq.heappush(self._ready, _Entry(urgency, rank, next(self._numbers), task))

    def put_off(self, task: Task, due_s: float) -> None:
        """Not before `due_s`, whoever asks for it until then."""
        if task.path in self._later_paths:
            return
        self._later_paths.add(task.path)
        heapq.heappush(self._later, _Later(due_s, next(self._numbers), task))

    def take(self, now_s: float, least: Urgency = Urgency.LEFT_SEGMENT) -> Task | None:
        """The next task, if there is one at least as urgent as `least`; put-off ones that are due count as fresh."""
        while self._later and self._later[0].due_s <= now_s:
            later = heapq.heappop(self._later)
            self._later_paths.discard(later.task.path)
            self.add(later.task, fresh=True)
        if not self._ready or self._ready[0].urgency > least:
            return None
        entry = heapq.heappop(self._ready)
        self._ready_paths.discard(entry.task.path)
        self._counts[entry.urgency] -= 1
        return entry.task

    def next_due_s(self) -> float | None:
        """When the first of what was put off is due."""
        return self._later[0].due_s if self._later else None

    @property
    def chunks(self) -> int:
        """How many chunks wait to be made MP4s, those not counted that were put off."""
        return self._counts[Urgency.FRESH_CHUNK] + self._counts[Urgency.LEFT_CHUNK]

    @property
    def put_off_count(self) -> int:
        return len(self._later)

    @property
    def segments(self) -> int:
        """How many MP4s wait for pictures and record."""
        return self._counts[Urgency.FRESH_SEGMENT] + self._counts[Urgency.LEFT_SEGMENT]

    def chunk_paths(self) -> list[Path]:
        """All waiting chunks, in no order."""
        ready = [entry.task.path for entry in self._ready if isinstance(entry.task, ChunkTask)]
        return ready + [later.task.path for later in self._later if isinstance(later.task, ChunkTask)]


def _age_rank(path: Path) -> float:
    """Grows with the stamp in the name; only compared."""
    digits = "".join(letter for letter in path.name.partition(".")[2] if letter.isdigit())
    return float(digits[:14].ljust(14, "0") or 0)
