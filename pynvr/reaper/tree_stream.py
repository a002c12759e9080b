"""Files that only the tree tells of: segments that the catalog lacks, exports, pictures. No link is followed."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.paths import SegmentName, day_folder, days_of, parse_name
from pynvr.catalog.day_files import list_day
from pynvr.model.stamp import day_named, stamp_start_us
from pynvr.model.ticks import MICROSECONDS
from pynvr.reaper.candidate import Candidate, Cutoff, Shield
from pynvr.reaper.catalog_stream import overlaps
from pynvr.store.segments import SegmentKey
from pynvr.store.store import Store

_HOUR_US = 3600 * MICROSECONDS


class DayNames:
    """The day folders of each dst, read again only when the folder changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, list[str]]] = {}

    def of(self, dst: Path) -> list[str]:
        """Oldest first; empty if the folder can't be read."""
        try:
            mtime_ns = dst.stat().st_mtime_ns
        except OSError:
            return []
        if dst not in self._known or self._known[dst][0] != mtime_ns:
            self._known[dst] = mtime_ns, days_of(dst)
        return self._known[dst][1]


def orphans(
    days: Sequence[str], store: Store, dst: Path, zone: ZoneInfo, *, shields: Sequence[Shield], cutoff: Cutoff
) -> Iterator[Candidate]:
    """MP4s in day folders older than all that the catalog knows of this folder, oldest first.

    When the database was lost these are the oldest recordings, until they are read into the catalog again. `days`: the
    day folders there are; `cutoff`: see `Cutoff`.
    """
    first_known = store.segments.first_day(str(dst))
    for day in days:
        starts_us = _start_of(day, zone)
        if first_known is not None and day >= first_known:
            return
        if starts_us is None or day_folder(dst, day).is_symlink():
            continue
        try:
            files = list_day(dst, day).segments
        except OSError:
            continue
        found = []
        for name, facts in files.items():
            span = _span_of(name, facts.mtime_ns // 1000, zone)
            before_us = cutoff(name.camera_id)
            if span is None or _stays(name, span, shields) or (before_us is not None and span[1] > before_us):
                continue
            key = SegmentKey(str(dst), name.camera_id, name.stamp)
            file_name = f"{name.camera_id}.{name.stamp}.mp4"
            found.append(Candidate(*span, day_folder(dst, day), file_name, facts.file_bytes, key))
        yield from sorted(found, key=lambda candidate: candidate.start_us)


def exports(folder: Path, before_us: int | None) -> Iterator[Candidate]:
    """Stored exports, the ones made first in front."""
    found = _listed(folder, lambda name: _kind_of(name) == "range")
    yield from (one for one in found if before_us is None or one.end_us < before_us)


def pictures(jpg_cache_dir: Path, before_us: int | None) -> Iterator[Candidate]:
    """Previews and thumbnails by day, for a rule that may delete pictures but no video."""
    for day in days_of(jpg_cache_dir):
        if not day_folder(jpg_cache_dir, day).is_symlink():
            found = _listed(day_folder(jpg_cache_dir, day), lambda name: _kind_of(name) in {"preview", "thumbnail"})
            yield from (one for one in found if before_us is None or one.end_us < before_us)


def exports_bytes(folder: Path) -> int:
    """What the stored exports hold together."""
    return sum(candidate.file_bytes for candidate in exports(folder, None))


def _listed(folder: Path, wanted: Callable[[str], bool]) -> list[Candidate]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if wanted(entry.name) and entry.is_file(follow_symlinks=False):
                    facts = entry.stat(follow_symlinks=False)
                    made_us = facts.st_mtime_ns // 1000
                    found.append(Candidate(made_us, made_us, folder, entry.name, facts.st_size))
    except OSError:
        return []
    return sorted(found, key=lambda candidate: candidate.start_us)


def _kind_of(name: str) -> str:
    parsed = parse_name(name)
    return parsed[1] if parsed else ""


def _start_of(day: str, zone: ZoneInfo) -> int | None:
    try:
        return day_named(day, zone).start_us
    except ValueError:  # eight digits that are no date
        return None


def _span_of(name: SegmentName, written_us: int, zone: ZoneInfo) -> tuple[int, int] | None:
    """From the stamp to the last write, if that is believable; a copied file has a younger one."""
    try:
        start_us = stamp_start_us(name.stamp, zone)
    except ValueError:
        return None
    return start_us, written_us if start_us < written_us <= start_us + _HOUR_US else start_us + _HOUR_US


def _stays(name: SegmentName, span: tuple[int, int], shields: Collection[Shield]) -> bool:
    return any(one.camera_id == name.camera_id and overlaps(one, *span) for one in shields)
