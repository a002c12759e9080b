"""What a day folder holds, as far as it concerns the finisher."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.archive.index import read_records
from pynvr.archive.index_places import IndexPlaces
from pynvr.archive.paths import (
    SegmentName,
    chunk_path,
    cut_path,
    index_path,
    new_chunk_path,
    parse_name,
    parse_part,
    preview_path,
    thumbnail_path,
)

# The kernel writes everything out within a minute. As many segments of a camera are looked at, and as much of the end
# of its day index is read for it; more if that isn't one record.
_YOUNGEST = 64
_TAIL_BYTES = 500_000
_LONG_TAIL_BYTES = 16_000_000


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


def torn_from(folder: Path, jpg_cache_dir: Path, segments: Iterable[SegmentName]) -> list[SegmentName]:
    """The youngest of these segments, which have pictures, whose record isn't in the day index or whose pictures are
    empty: neither is forced to disk, and a power cut takes the one and leaves the other. Raises OSError.
    """
    by_camera: dict[str, list[SegmentName]] = {}
    for name in segments:
        by_camera.setdefault(name.camera_id, []).append(name)
    torn = []
    for camera_id, names in by_camera.items():
        youngest = sorted(names, key=lambda name: name.stamp)[-_YOUNGEST:]
        index = index_path(folder.parent, camera_id, folder.name)
        known, oldest = _last_known(index)
        youngest = [name for name in youngest if name.stamp >= oldest]
        if oldest and any(name.stamp not in known for name in youngest):
            # What was left is entered newest first: then the end of the index isn't the end of the day.
            places = IndexPlaces(index)
            places.refresh()
            known = {name.stamp for name in youngest if places.find(name.stamp) is not None}
        torn += [name for name in youngest if name.stamp not in known or _is_without_content(jpg_cache_dir, name)]
    return torn


def _last_known(index: Path) -> tuple[set[str], str]:
    """Stamps of the last records of a day index, and the oldest stamp of which they tell anything."""
    try:
        size = index.stat().st_size
    except FileNotFoundError:
        size = 0
    for tail in (_TAIL_BYTES, _LONG_TAIL_BYTES):
        known = {record.stamp for record in read_records(index, tail)}
        if size <= tail:
            return known, ""
        if known:
            break
    return known, min(known, default="")


def _is_without_content(jpg_cache_dir: Path, name: SegmentName) -> bool:
    for path_of in (preview_path, thumbnail_path):
        try:
            if not path_of(jpg_cache_dir, name.camera_id, name.stamp).stat().st_size:
                return True
        except FileNotFoundError:
            pass  # whoever cleared it away didn't want it
    return False
