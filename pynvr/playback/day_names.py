"""The names in a day folder, by camera; read again only when the folder may have changed."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pynvr.model.stamp import is_stamp

# Segments by name that may lack a row: what a starved finisher or a database that is locked or gone holds up is no
# more, mostly.
_NEWEST = 60
# So soon after a change another one may leave the folder's time as it is. Linux counts that in some milliseconds, and
# another machine's clock is a little apart; whole seconds are FAT's, which counts in twos, or such a machine's.
_GRAIN_NS, _COARSE_GRAIN_NS = 1_000_000_000, 4_000_000_000
_SECOND_NS = 1_000_000_000


class Names(NamedTuple):
    """Of a camera, as stamps: its chunks, and its newest segments."""

    chunks: list[str]
    segments: list[str]


class DayNames(NamedTuple):
    """`changed_ns`: when the folder changed last; 0 = it may have changed since without another time."""

    changed_ns: int
    by_camera: Mapping[str, Names]

    def of(self, camera_id: str) -> Names:
        return self.by_camera.get(camera_id, _NONE)


_NONE = Names([], [])
NO_NAMES = DayNames(0, {})


def day_names(folder: Path, known: DayNames, now_ns: int) -> DayNames:
    """What is in the folder: `known`, read earlier, as long as it didn't change. Raises OSError."""
    # The time is taken before the names: what comes in between shows at the next look.
    changed_ns = os.stat(folder).st_mtime_ns
    if known.changed_ns and known.changed_ns == changed_ns:
        return known
    by_camera = _read(folder)
    grain_ns = _GRAIN_NS if changed_ns % _SECOND_NS else _COARSE_GRAIN_NS
    return DayNames(changed_ns if abs(now_ns - changed_ns) > grain_ns else 0, by_camera)


def _read(folder: Path) -> dict[str, Names]:
    names: dict[str, Names] = {}
    # Thousands of names, each minute: they are taken apart by hand.
    for filename in sorted(os.listdir(folder)):
        camera_id, _, rest = filename.partition(".")
        if rest.endswith(".mp4"):
            names.setdefault(camera_id, Names([], [])).segments.append(rest.removesuffix(".mp4"))
        elif rest.endswith(".chunk"):
            names.setdefault(camera_id, Names([], [])).chunks.append(rest.removesuffix(".chunk"))
    return {camera_id: _usable(*found) for camera_id, found in names.items()}


def _usable(chunks: list[str], segments: list[str]) -> Names:
    """Of the segments those that come last by name."""
    return Names([one for one in chunks if is_stamp(one)], [one for one in segments[-_NEWEST:] if is_stamp(one)])
