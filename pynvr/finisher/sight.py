"""What a day folder holds, as far as it concerns the finisher."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.archive.paths import SegmentName, parse_name


@dataclass(frozen=True, slots=True)
class Sight:
    """`chunks`: growing or left, who knows; `segments`: MP4s by name; `bad`: set aside."""

    chunks: list[Path] = field(default_factory=list)
    segments: dict[SegmentName, Path] = field(default_factory=dict)
    bad: dict[SegmentName, Path] = field(default_factory=dict)


def look_into(folder: Path) -> Sight:
    """Read the folder's names; empty if it isn't there. Raises OSError."""
    sight = Sight()
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return sight
    for filename in names:
        parsed = parse_name(filename)
        if parsed is None:
            continue
        name, kind = parsed
        if kind in ("chunk", "new"):
            sight.chunks.append(folder / filename)
        elif kind == "mp4":
            sight.segments[name] = folder / filename
        elif kind == "bad":
            sight.bad[name] = folder / filename
    return sight


def pictured(folder: Path) -> set[SegmentName]:
    """The segments that have a thumbnail in this day's picture folder; empty if it isn't there. Raises OSError."""
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return set()
    parsed = (parse_name(filename) for filename in names)
    return {found[0] for found in parsed if found is not None and found[1] == "thumbnail"}
