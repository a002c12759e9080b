"""The archive read through: every segment's tables whole, the catalog and the day indexes equal to the tree.

The tables and sizes are read, not each byte of the frames. A day folder at a time, so that a million segments take no
memory. Nothing is changed.
"""

import os
import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pynvr.archive.index import IndexRecord, read_records
from pynvr.archive.lock import is_locked
from pynvr.archive.marker import read_marker
from pynvr.archive.paths import (
    SegmentName,
    bad_path,
    chunk_path,
    day_folder,
    days_of,
    index_path,
    parse_name,
    preview_path,
    segment_path,
    thumbnail_path,
)
from pynvr.base.errors import BoxError, DiskError
from pynvr.catalog.day_files import DayFiles, FileFacts, list_day
from pynvr.catalog.entry import entry_of, read_record
from pynvr.model.segment import Segment
from pynvr.store.segments import SegmentKey
from pynvr.store.store import Store

Kind = Literal[
    "folder missing",  # or on a foreign disk: nothing in it can be looked at
    "unreadable",  # the file isn't a whole MP4, or its folder can't be read
    "not in catalog",
    "not in tree",  # the catalog has a row, but there is no file
    "catalog differs",
    "index lacks it",
    "index differs",
    "picture without segment",
    "set aside",  # a chunk that couldn't be finished
    "being recorded",  # a chunk that is growing now
    "unfinished",  # a chunk that waits for the finisher
]
# These aren't faults of the archive: the reader just should know.
HARMLESS: frozenset[Kind] = frozenset({"set aside", "being recorded", "unfinished"})
# Equal to what the finisher wrote, but for rounding.
_SAME_TIME_US = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that isn't as it should be. `detail`: in words."""

    kind: Kind
    path: Path
    detail: str = ""


@dataclass(slots=True)
class Counts:
    """What was looked at, and how often each kind was found."""

    segments: int = 0
    file_bytes: int = 0
    pictures: int = 0
    too_new: int = 0  # segments that neither catalog nor index can know yet; not compared
    folders_left_out: int = 0  # for there was no time for them
    found: dict[Kind, int] = field(default_factory=dict)

    @property
    def faults(self) -> int:
        return sum(count for kind, count in self.found.items() if kind not in HARMLESS)


@dataclass(frozen=True, slots=True)
class Verifier:
    """What a verification needs.

    A segment that was younger than `settled_s` at `began_ns` may be on its way into the catalog, and with its pictures
    into the index. It is looked at as soon as one of them has it; that the other lacks it isn't a fault yet.
    `first_day`: days before it are left out (YYYYMMDD). `goes_on`: asked before each folder; when it says no, the rest
    is left out and counted.
    """

    store: Store
    zone: ZoneInfo
    jpg_cache_dir: Path
    settled_s: float = 0
    progress: Callable[[int, int], None] = lambda _done, _all: None
    first_day: str = ""
    goes_on: Callable[[], bool] = lambda: True
    began_ns: int = field(default_factory=time.time_ns)

    def verify(self, dsts: list[Path], counts: Counts) -> Iterator[Finding]:
        """Look at everything; yields what is found and counts it. Raises StoreError."""
        missing = {dst: words for dst in dsts if (words := self._missing(dst))}
        yield from _counted((Finding("folder missing", dst, words) for dst, words in missing.items()), counts)
        dsts = [dst for dst in dsts if dst not in missing]
        work = [
            (dst, day)
            for dst in dsts
            for day in sorted({*days_of(dst), *self.store.segments.days(str(dst))})
            if day >= self.first_day
        ]
        picture_days = [day for day in days_of(self.jpg_cache_dir) if day >= self.first_day]
        steps = len(work) + len(picture_days)
        looks = [self._day(dst, day, counts) for dst, day in work]
        looks += [self._pictures(dsts, day, counts) for day in picture_days]
        for done, look in enumerate(looks):
            if not self.goes_on():
                counts.folders_left_out = steps - done
                return
            self.progress(done, steps)
            yield from _counted(look, counts)
        self.progress(steps, steps)

    def _missing(self, dst: Path) -> str:
        """Why the folder's recordings can't be looked at; empty if they can, or there never were any."""
        expected = self.store.disks.known().get(dst)
        try:
            found = read_marker(dst)
        except DiskError as err:
            return str(err)
        if expected is not None and found != expected and self.store.segments.days(str(dst)):
            return "its disk isn't mounted, or is another one"
        try:
            if not dst.is_dir() and self.store.segments.days(str(dst)):
                return "no such folder, but the catalog knows recordings in it"
            days_of(dst)
        except OSError as err:
            return f"it can't be read: {err.strerror or err}"
        return ""

    def _day(self, dst: Path, day: str, counts: Counts) -> Iterator[Finding]:
        try:
            yield from self._files(dst, day, counts)
        except OSError as err:
            yield Finding("unreadable", day_folder(dst, day), err.strerror or str(err))

    def _files(self, dst: Path, day: str, counts: Counts) -> Iterator[Finding]:
        """Raises OSError."""
        rows = self.store.segments.in_day(str(dst), day)
        files = list_day(dst, day)
        for name in files.waiting:
            path = chunk_path(dst, name.camera_id, name.stamp)
            yield Finding("being recorded" if _is_growing(path) else "unfinished", path)
        for name in files.bad:
            yield Finding("set aside", bad_path(dst, name.camera_id, name.stamp))
        for key in rows:
            path = segment_path(dst, key.camera_id, key.stamp)
            # The reaper may have deleted it after the rows were read; then the row is gone too.
            gone = SegmentName(key.camera_id, key.stamp) not in files.segments and not path.exists()
            if gone and self.store.segments.find_in(key) is not None:
                yield Finding("not in tree", path)
        yield from self._segments(dst, day, files, rows.keys(), counts)

    def _segments(
        self, dst: Path, day: str, files: DayFiles, rows: Container[SegmentKey], counts: Counts
    ) -> Iterator[Finding]:
        by_camera: dict[str, list[SegmentName]] = {}
        for name in files.segments:
            by_camera.setdefault(name.camera_id, []).append(name)
        for camera_id, names in by_camera.items():
            path = index_path(dst, camera_id, day)
            try:
                records = {record.stamp: record for record in read_records(path)}
            except OSError as err:
                yield Finding("unreadable", path, err.strerror or str(err))
                records = {}
            for name in sorted(names, key=lambda name: name.stamp):
                facts, record = files.segments[name], records.get(name.stamp)
                is_known = record is not None or SegmentKey(str(dst), camera_id, name.stamp) in rows
                if is_known or self._is_settled(facts):
                    yield from self._segment(dst, name, facts, record, counts)
                else:
                    counts.too_new += 1

    def _is_settled(self, facts: FileFacts) -> bool:
        return not self.settled_s or facts.mtime_ns < self.began_ns - int(self.settled_s * 1e9)

    def _segment(
        self, dst: Path, name: SegmentName, facts: FileFacts, indexed: IndexRecord | None, counts: Counts
    ) -> Iterator[Finding]:
        path = segment_path(dst, name.camera_id, name.stamp)
        try:
            found = read_record(dst, name, self.zone)
        except FileNotFoundError:
            return  # deleted by the reaper
        except (BoxError, OSError, ValueError) as err:
            yield Finding("unreadable", path, str(err))
            return
        counts.segments += 1
        counts.file_bytes += facts.file_bytes
        row = self.store.segments.find_in(SegmentKey(str(dst), name.camera_id, name.stamp))
        is_settled = self._is_settled(facts)
        if not is_settled and indexed is not None and indexed.file_bytes != facts.file_bytes:
            indexed = None  # of an earlier file, which was deleted and whose name was free again
        if row is None and is_settled:
            yield Finding("not in catalog", path)
        elif row is not None and (difference := _row_difference(row, entry_of(dst, name.camera_id, found))):
            yield Finding("catalog differs", path, difference)
        if indexed is None and is_settled:
            yield Finding("index lacks it", path)
        elif indexed is not None and (difference := _record_difference(indexed, found)):
            yield Finding("index differs", path, difference)

    def _pictures(self, dsts: list[Path], day: str, counts: Counts) -> Iterator[Finding]:
        folder = self.jpg_cache_dir / day
        try:
            yield from self._alone(dsts, day, counts)
        except OSError as err:
            yield Finding("unreadable", folder, err.strerror or str(err))

    def _alone(self, dsts: list[Path], day: str, counts: Counts) -> Iterator[Finding]:
        """Pictures of a day whose segments are gone. Raises OSError."""
        living: set[SegmentName] = set()
        for dst in dsts:
            files = list_day(dst, day)
            living |= {*files.segments, *files.waiting}
        for name in [entry.name for entry in (self.jpg_cache_dir / day).iterdir()]:
            parsed = parse_name(name)
            if parsed is None or parsed[1] not in {"preview", "thumbnail"}:
                continue
            counts.pictures += 1
            path_of = preview_path if parsed[1] == "preview" else thumbnail_path
            path = path_of(self.jpg_cache_dir, parsed[0].camera_id, parsed[0].stamp)
            is_alone = not any(segment_path(dst, parsed[0].camera_id, parsed[0].stamp).exists() for dst in dsts)
            if parsed[0] not in living and is_alone and path.exists():
                yield Finding("picture without segment", path)


def _counted(findings: Iterator[Finding], counts: Counts) -> Iterator[Finding]:
    for finding in findings:
        counts.found[finding.kind] = counts.found.get(finding.kind, 0) + 1
        yield finding


def _row_difference(row: Segment, found: Segment) -> str:
    words = [
        f"{name} {mine!r}, the file says {its!r}"
        for name in ("frames", "file_bytes", "codec", "width", "height", "audio_codec")
        if (mine := getattr(row, name)) != (its := getattr(found, name))
    ]
    words += [
        f"{name} {mine}, the file says {its}"
        for name in ("start_us", "end_us")
        if abs((mine := getattr(row, name)) - (its := getattr(found, name))) > _SAME_TIME_US
    ]
    return "; ".join(words)


def _record_difference(record: IndexRecord, found: IndexRecord) -> str:
    words = [name for name in ("file_bytes", "mdat_start") if getattr(record, name) != getattr(found, name)]
    if len(record.tracks) != len(found.tracks):
        words.append("tracks")
    for mine, its in zip(record.tracks, found.tracks, strict=False):
        words += [
            f"{name} of {mine.track.kind}"
            for name in ("count", "sizes", "offsets", "durations", "composition", "keyframes")
            if getattr(mine, name) != getattr(its, name)
        ]
    words += [
        name for name in ("start_us", "end_us") if abs(getattr(record, name) - getattr(found, name)) > _SAME_TIME_US
    ]
    return ", ".join(words)


def _is_growing(chunk: Path) -> bool:
    """Whether its recorder holds it now; false also for one that became a segment meanwhile."""
    try:
        fd = os.open(chunk, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return is_locked(fd)
    except OSError:
        return False
    finally:
        os.close(fd)
