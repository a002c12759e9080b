"""The catalog made equal to the tree, a day folder at a time; unchanged folders cost one `stat`."""

import logging
import time
from collections.abc import Callable, Collection, Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index import IndexRecord, append_record, read_records
from pynvr.archive.index_places import IndexPlaces
from pynvr.archive.marker import read_marker
from pynvr.archive.paths import SegmentName, day_folder, days_of, index_path, segment_path
from pynvr.base.errors import BoxError, DiskError
from pynvr.catalog.day_files import DayFiles, FileFacts, list_day
from pynvr.catalog.entry import entry_of, read_record
from pynvr.model.segment import Segment
from pynvr.store.segments import SegmentKey
from pynvr.store.store import Store

_BATCH = 500
# A folder that changed this recently may change again without another modification time.
_TIME_GRAIN_NS = 2_000_000_000
_MOST_NAMED = 1000
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Report:
    """What a walk found and did. `unreadable`: file and reason, the first thousand of `unreadable_count`."""

    folders: int = 0  # day folders there are
    folders_read: int = 0  # of them, those that had changed
    added: int = 0
    removed: int = 0
    records: int = 0  # index records made again
    unreadable_count: int = 0
    unreadable: list[tuple[Path, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # folders that couldn't be looked at, with the reason

    def refuse(self, path: Path, reason: str) -> None:
        self.unreadable_count += 1
        if len(self.unreadable) < _MOST_NAMED:
            self.unreadable.append((path, reason))


# Day folders done, day folders in all, the report so far; called often, so it may serve as a sign of life.
Progress = Callable[[int, int, Report], None]


def reindex(
    store: Store,
    dsts: list[Path],
    zone: ZoneInfo,
    *,
    left: Collection[Path] = (),
    everything: bool = False,
    settled_s: float = 0,
    progress: Progress = lambda _done, _all, _report: None,
) -> Report:
    """Make the catalog equal to what lies in `dsts`; only changed day folders are read, or `everything`.

    A day index that is gone is made again; single records that one lacks are looked for in `everything` alone, for
    that reads tens of MB of each day and camera. Segments younger than `settled_s` that no index describes are left to
    the finisher, which is about to do that. A folder that is missing or on a foreign disk keeps its rows, unless
    another one carries its marker: then it has moved there. Rows of the folders `left` (`folders.left_folders`) go,
    whatever lies there. Raises StoreError.
    """
    report = Report()
    moved = _moved(store, dsts)
    present = [dst for dst in dict.fromkeys(dsts) if _is_present(store, dst, moved, report)]
    work = [(dst, day) for dst in present for day in _days(store, dst, report)]
    report.folders = len(work)
    known: dict[str, int] = {}
    for done, (dst, day) in enumerate(work):
        if done == 0 or dst != work[done - 1][0]:
            known = {} if everything else store.scans.known(dst)
        progress(done, len(work), report)
        if known.get(day) != _mtime_ns(dst, day):
            alive = partial(progress, done, len(work), report)
            try:
                _read_day(store, dst, day, _Walk(zone, everything, settled_s, report, alive))
            except (OSError, DiskError) as err:
                report.skipped.append(f"{day_folder(dst, day)}: {getattr(err, 'strerror', None) or err}")
                _log.warning("catalog: can't read %s: %s", day_folder(dst, day), err)
    for dst in left:
        for day in store.segments.days(str(dst)):
            report.removed += _remove(store, list(store.segments.in_day(str(dst), day)))
            store.scans.forget(dst, day)
    progress(len(work), len(work), report)
    return report


@dataclass(frozen=True, slots=True)
class _Walk:
    zone: ZoneInfo
    everything: bool
    settled_s: float
    report: Report
    alive: Callable[[], None]

    def is_young(self, facts: FileFacts) -> bool:
        """Whether the finisher is about to enter it."""
        return self.settled_s > 0 and facts.mtime_ns > time.time_ns() - int(self.settled_s * 1e9)


def _is_present(store: Store, dst: Path, moved: Container[Path], report: Report) -> bool:
    """Whether the folder is there and, if its marker is known, on the disk that it should be on; or has moved, so that
    nothing is left of it."""
    if dst in moved:
        return True
    try:
        found, is_there = read_marker(dst), dst.is_dir()
    except (DiskError, OSError) as err:
        report.skipped.append(str(err))
        return False
    expected = store.disks.known().get(dst)
    if expected is not None and found != expected:
        report.skipped.append(f"{dst}: its disk isn't mounted; its recordings stay in the catalog")
        return False
    if not is_there:
        if str(dst) in {total.dst for total in store.totals.cameras()}:
            report.skipped.append(f"{dst}: no such folder; its recordings stay in the catalog")
        return False
    return True


def _moved(store: Store, dsts: list[Path]) -> set[Path]:
    """Folders that are gone, whose marker another one carries now."""
    known, carried = store.disks.known(), set()
    for dst in dsts:
        with suppress(DiskError):
            carried.add(read_marker(dst))
    return {dst for dst in dsts if dst in known and known[dst] in carried and _is_gone(dst)}


def _is_gone(dst: Path) -> bool:
    """A disk that fails to tell isn't gone."""
    try:
        dst.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def _days(store: Store, dst: Path, report: Report) -> list[str]:
    """None of a disk that fails to tell: what the catalog knows of it stays."""
    try:
        return sorted({*days_of(dst), *store.segments.days(str(dst))})
    except OSError as err:
        report.skipped.append(f"{dst}: {err.strerror or err}")
        return []


def _mtime_ns(dst: Path, day: str) -> int:
    try:
        return day_folder(dst, day).stat(follow_symlinks=False).st_mtime_ns
    except OSError:
        return 0


def _read_day(store: Store, dst: Path, day: str, walk: _Walk) -> None:
    files = list_day(dst, day)
    rows = store.segments.in_day(str(dst), day)
    gone = [key for key in rows if SegmentName(key.camera_id, key.stamp) not in files.segments]
    # What the finisher added after the folder was listed isn't gone.
    gone = [key for key in gone if not segment_path(dst, key.camera_id, key.stamp).exists()]
    walk.report.removed += _remove(store, gone)
    left_over, refused = False, walk.report.unreadable_count
    batch: list[Segment] = []
    for segment in _lacking(dst, day, files, rows, walk):
        if segment is None:
            left_over = True
            continue
        batch.append(segment)
        if len(batch) == _BATCH:
            store.segments.add(*batch)
            batch.clear()
    store.segments.add(*batch)
    walk.report.folders_read += 1
    is_done = not left_over and walk.report.unreadable_count == refused
    if is_done and files.mtime_ns and time.time_ns() - files.mtime_ns > _TIME_GRAIN_NS:
        store.scans.remember(dst, day, files.mtime_ns)
    else:
        store.scans.forget(dst, day)


def _remove(store: Store, keys: list[SegmentKey]) -> int:
    return sum(store.segments.remove(keys[start : start + _BATCH]) for start in range(0, len(keys), _BATCH))


def _lacking(
    dst: Path, day: str, files: DayFiles, rows: dict[SegmentKey, int], walk: _Walk
) -> Iterator[Segment | None]:
    """Rows of the segments that the catalog lacks or has otherwise; None for one that the finisher is at.

    What the day indexes lack is entered there by the way.
    """
    by_camera: dict[str, list[SegmentName]] = {}
    for name in sorted(files.segments, key=lambda name: name.stamp):
        by_camera.setdefault(name.camera_id, []).append(name)
    for camera_id, names in by_camera.items():
        walk.alive()
        known = [
            name
            for name in names
            if rows.get(SegmentKey(str(dst), camera_id, name.stamp)) == files.segments[name].file_bytes
        ]
        lacking = sorted(set(names) - set(known), key=lambda name: name.stamp)
        index = index_path(dst, camera_id, day)
        records = {record.stamp: record for record in read_records(index)} if lacking else {}
        for name in lacking:
            record = records.get(name.stamp)
            if record is None or record.file_bytes != files.segments[name].file_bytes:
                if walk.is_young(files.segments[name]):
                    yield None
                    continue
                record = _from_file(dst, day, name, walk)
            if record is not None:
                walk.report.added += 1
                yield entry_of(dst, camera_id, record)
        for name in _not_in_index(index, known, files, walk):
            if walk.is_young(files.segments[name]):
                yield None
            else:
                _from_file(dst, day, name, walk)


def _not_in_index(index: Path, names: list[SegmentName], files: DayFiles, walk: _Walk) -> list[SegmentName]:
    """Which of the segments the day index doesn't describe as they are, as far as that is looked for."""
    if not walk.everything:
        return [] if index.exists() else names
    places = IndexPlaces(index)
    places.refresh()
    found = {name: places.find(name.stamp) for name in names}
    return [
        name for name, place in found.items() if place is None or place.file_bytes != files.segments[name].file_bytes
    ]


def _from_file(dst: Path, day: str, name: SegmentName, walk: _Walk) -> IndexRecord | None:
    walk.alive()
    path = segment_path(dst, name.camera_id, name.stamp)
    try:
        record = read_record(dst, name, walk.zone)
    except FileNotFoundError:
        return None
    except (BoxError, OSError, ValueError) as err:
        walk.report.refuse(path, str(err))
        return None
    try:
        append_record(index_path(dst, name.camera_id, day), record)
        walk.report.records += 1
    except DiskError as err:
        # A full or read-only disk: the catalog can have the segment nevertheless.
        if str(err) not in walk.report.skipped:
            walk.report.skipped.append(str(err))
    return record
