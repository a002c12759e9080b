"""A progressive MP4's tracks and sample tables."""

from dataclasses import dataclass
from pathlib import Path

from pynvr.isobmff.table import SegmentIdentity, TrackTable


@dataclass(frozen=True, slots=True)
class Mp4Segment:
    """What the file's moov says.

    `tables`: the first video track first, then audio; their offsets and sizes lie inside the file. `creation_us`: to
    the second, 0 = not given. `mdat_start`, `mdat_end`: where the media data lies, without its box header.
    """

    tables: tuple[TrackTable, ...]
    creation_us: int
    identity: SegmentIdentity | None
    mdat_start: int
    mdat_end: int
    file_bytes: int


def read_segment(path: Path) -> Mp4Segment:
    """Read the file's tables, not its samples. Raises BoxError if it isn't such an MP4, OSError if the disk fails."""
    raise NotImplementedError(path)
