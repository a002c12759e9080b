"""What became of a chunk."""

from dataclasses import dataclass
from pathlib import Path

from pynvr.archive.index import IndexRecord
from pynvr.archive.paths import SegmentName


@dataclass(frozen=True, slots=True)
class Finished:
    """It is an MP4 now.

    `record` is not in the day index yet, and has neither activity nor signature. `dropped_bytes`: torn or damaged
    ones behind the last whole frame; they are still in the file, but no sample. `was_left`: the chunk ended without
    a last sync.
    """

    path: Path
    name: SegmentName
    record: IndexRecord
    dropped_bytes: int = 0
    was_left: bool = False


@dataclass(frozen=True, slots=True)
class Sifted:
    """Of a camera of mode `motion`: these parts of it are MP4s now, none if nothing moved; the rest is gone.

    `was_left`: as of `Finished`.
    """

    path: Path
    parts: tuple[Finished, ...]
    was_left: bool = False


@dataclass(frozen=True, slots=True)
class Undecided:
    """Of a camera of mode `motion`: what of it is to be kept isn't known yet."""

    path: Path


@dataclass(frozen=True, slots=True)
class SetAside:
    """It can't be finished, and lies at `path` with its reason beside it."""

    path: Path
    name: SegmentName
    reason: str
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Removed:
    """It had not one byte of video, and is gone."""

    path: Path


@dataclass(frozen=True, slots=True)
class Postponed:
    """The disk didn't let it be finished; it is as it was, and is tried again later.

    `path`: what to try again; the `.cut` of a chunk whose parts count already, but haven't all got their names.
    """

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else holds it, or it is gone."""

    path: Path


Outcome = Finished | Sifted | Undecided | SetAside | Removed | Postponed | Busy
