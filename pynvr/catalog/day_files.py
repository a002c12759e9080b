"""What lies in a day folder, as names and sizes; nothing is opened, no link is followed."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.archive.paths import SegmentName, day_folder, parse_name


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Length and last modification of a file."""

    file_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class DayFiles:
    """One day folder. `mtime_ns`: of the folder, read before its names were, so a later change shows."""

    mtime_ns: int
    segments: dict[SegmentName, FileFacts] = field(default_factory=dict)
    indexed: tuple[str, ...] = ()  # ids of the cameras that have a day index
    waiting: tuple[SegmentName, ...] = ()  # chunks: growing, or left by a crash
    bad: tuple[SegmentName, ...] = ()


def list_day(dst: Path, day: str) -> DayFiles:
    """The files of a day folder; empty if there is no such folder. Raises OSError if it can't be read."""
    folder = day_folder(dst, day)
    segments: dict[SegmentName, FileFacts] = {}
    others: dict[str, list[SegmentName]] = {"index": [], "chunk": [], "bad": []}
    try:
        mtime_ns = folder.stat(follow_symlinks=False).st_mtime_ns
        entries = os.scandir(folder)
    except FileNotFoundError:
        return DayFiles(0)
    with entries:
        for entry in entries:
            parsed = parse_name(entry.name)
            if parsed is None or not entry.is_file(follow_symlinks=False):
                continue
            name, kind = parsed
            if kind == "mp4" and name.stamp.startswith(day):
                try:
                    facts = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # the reaper was faster
                segments[name] = FileFacts(facts.st_size, facts.st_mtime_ns)
            elif kind in others:
                others[kind].append(name)
    indexed = tuple(name.camera_id for name in others["index"])
    return DayFiles(mtime_ns, segments, indexed, tuple(others["chunk"]), tuple(others["bad"]))
