"""The files of stored ranges: what they are called, which are there."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.paths import range_path
from pynvr.model.stamp import stamp_of, stamp_start_us
from pynvr.model.ticks import MICROSECONDS

_STAMP = r"\d{8}\.\d{4}(?:\d{2})?b?"
ID_PATTERN = rf"[A-Za-z0-9_-]{{1,64}}\.range\.{_STAMP}\.to\.{_STAMP}"
_ID = re.compile(rf"(?P<camera_id>[A-Za-z0-9_-]{{1,64}})\.range\.(?P<first>{_STAMP})\.to\.(?P<last>{_STAMP})", re.ASCII)
_SUFFIX = ".mp4"
_PART = re.compile(rf"\.{ID_PATTERN}\.part", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoredName:
    """What a stored range's name says: `[from_us, to_us)` of a camera, to the second."""

    camera_id: str
    first: str
    last: str
    from_us: int
    to_us: int

    @property
    def id(self) -> str:
        return f"{self.camera_id}.range.{self.first}.to.{self.last}"

    def path(self, folder: Path) -> Path:
        return range_path(folder, self.camera_id, self.first, self.last)

    def part_path(self, folder: Path) -> Path:
        """While it is made; the reaper and readers don't know such names."""
        return folder / f".{self.id}.part"


def name_for(camera_id: str, from_us: int, to_us: int, zone: ZoneInfo) -> StoredName:
    """The name of the range, widened to whole seconds."""
    from_us -= from_us % MICROSECONDS
    to_us += -to_us % MICROSECONDS
    return StoredName(camera_id, _stamp(from_us, zone), _stamp(to_us, zone), from_us, to_us)


def read_id(text: str, zone: ZoneInfo) -> StoredName | None:
    """What the id says; None if it isn't one."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    try:
        from_us, to_us = stamp_start_us(match["first"], zone), stamp_start_us(match["last"], zone)
    except ValueError:
        return None
    return StoredName(match["camera_id"], match["first"], match["last"], from_us, to_us)


def stored_in(folder: Path, zone: ZoneInfo) -> list[tuple[StoredName, os.stat_result]]:
    """Every finished file of the folder, the one made last first; none if the folder can't be read."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = read_id(entry.name.removesuffix(_SUFFIX), zone) if entry.name.endswith(_SUFFIX) else None
                if name is not None and entry.is_file(follow_symlinks=False):
                    found.append((name, entry.stat(follow_symlinks=False)))
    except OSError:
        return []
    return sorted(found, key=lambda item: item[1].st_mtime_ns, reverse=True)


def remove_parts(folder: Path) -> int:
    """Delete what was half made when the process before ended; how many."""
    removed = 0
    try:
        for filename in os.listdir(folder):
            if _PART.fullmatch(filename):
                (folder / filename).unlink(missing_ok=True)
                removed += 1
    except OSError:
        return removed
    return removed


def _stamp(at_us: int, zone: ZoneInfo) -> str:
    """Without seconds where there are none, as a person would write it."""
    stamp = stamp_of(at_us, zone, seconds=True)
    digits, fold = stamp.removesuffix("b"), stamp[15:]
    return digits[:13] + fold if digits.endswith("00") else stamp
