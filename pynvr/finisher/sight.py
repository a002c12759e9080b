"""What a day folder holds, as far as it concerns the finisher."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.archive.paths import SegmentName, chunk_path, cut_path, new_chunk_path, parse_name, parse_part


@dataclass(frozen=True, slots=True)
class Sight:
    """`chunks`: growing or left, who knows; `segments`: MP4s by name; `bad`: set aside; `orphaned_parts`: whose chunk
    is gone."""

    chunks: list[Path] = field(default_factory=list)
    segments: dict[SegmentName, Path] = field(default_factory=dict)
    bad: dict[SegmentName, Path] = field(default_factory=dict)
    orphaned_parts: list[Path] = field(default_factory=list)


def look_into(folder: Path) -> Sight:
    """Read the folder's names; empty if it isn't there. Raises OSError."""
    sight = Sight()
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return sight
    parts: list[tuple[Path, SegmentName]] = []
    begun: set[SegmentName] = set()
    for filename in names:
        parsed = parse_name(filename)
        if parsed is None:
            part = parse_part(filename)
            parts += [(folder / filename, part[0])] if part is not None else []
            continue
        name, kind = parsed
        if kind in ("chunk", "new", "cut"):
            sight.chunks.append(folder / filename)
            begun.add(name)
        elif kind == "mp4":
            sight.segments[name] = folder / filename
        elif kind == "bad":
            sight.bad[name] = folder / filename
    sight.orphaned_parts.extend(path for path, chunk in parts if chunk not in begun)
    return sight


def is_orphaned(part: Path) -> bool:
    """Whether there is really nobody whose part it is. Raises OSError.

    A list of names may lack a chunk that is renamed meanwhile (by a finisher whose master died) under both its names.
    """
    parsed = parse_part(part.name)
    if parsed is None:
        return False
    name, dst = parsed[0], part.parent.parent
    # In the order of its life; behind its end the parts have their names.
    ways = (new_chunk_path, chunk_path, cut_path)
    return not any(way(dst, name.camera_id, name.stamp).exists() for way in ways)


def pictured(folder: Path) -> set[SegmentName]:
    """The segments that have a thumbnail in this day's picture folder; empty if it isn't there. Raises OSError."""
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return set()
    parsed = (parse_name(filename) for filename in names)
    return {found[0] for found in parsed if found is not None and found[1] == "thumbnail"}
