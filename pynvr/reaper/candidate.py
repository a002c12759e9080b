"""A file that may be deleted, and the order in which they are."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pynvr.store.segments import SegmentKey

# Of a camera: what ends before this instant may be deleted; None = everything may.
Cutoff = Callable[[str], int | None]


class Shield(Protocol):
    """A span of a camera that stays: kept for good, or leased for a while."""

    @property
    def camera_id(self) -> str: ...

    @property
    def start_us(self) -> int: ...

    @property
    def end_us(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """`folder / name` is the file; `start_us`, `end_us`: what it shows (an export: when it was made).

    `key`: names the segment; None for exports and pictures.
    """

    start_us: int
    end_us: int
    folder: Path
    name: str
    file_bytes: int
    key: SegmentKey | None = None

    @property
    def root(self) -> Path:
        """The folder that it is looked for in: the recordings' around its day's; an export's or a picture's own."""
        return self.folder if self.key is None else self.folder.parent


def oldest_first(streams: Iterable[Iterator[Candidate]]) -> Iterator[Candidate]:
    """The candidates of all streams, each of them in order already; each is asked only for what is taken."""
    return heapq.merge(*streams, key=lambda candidate: candidate.start_us)


def enough(candidates: Iterable[Candidate], wanted_bytes: int) -> Iterator[Candidate]:
    """The first candidates whose files hold `wanted_bytes` together."""
    for candidate in candidates:
        yield candidate
        wanted_bytes -= candidate.file_bytes
        if wanted_bytes <= 0:
            return
