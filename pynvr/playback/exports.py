"""Stored ranges: made one after the other by one thread in the background; the finished files are all that is kept.

A file gets its name when it is whole and forced to disk. What was being made when the process ended is removed.
"""

import errno
import logging
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pynvr.base.counted import counted
from pynvr.base.errors import DiskError, PyNVRError
from pynvr.base.files import FILE_MODE, make_folder, sync_folder
from pynvr.model.cause import Cause
from pynvr.model.settings import Settings
from pynvr.playback.byte_source import ByteSource, FileSource
from pynvr.playback.lease import RangeLease
from pynvr.playback.range_plan import Gaps, RangePlan
from pynvr.playback.ranges import Ranges
from pynvr.playback.stored_range import StoredName, name_for, read_id, remove_parts, stored_in

State = Literal["waiting", "making", "ready", "failed"]

MOST_WAITING = 100
_FAILURES_KEPT = 100
# Left free on the disk, for recordings come first.
SPARE_BYTES = 500_000_000
# So much is written before it is forced to disk: a pile of it would hold up the recorders' own syncs.
_SYNC_EVERY_BYTES = 32 << 20
# Of the thread: whoever records or watches goes first.
_NICE = 15
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Export:
    """A stored range, or one that is being made. `progress`: 0 to 1; `detail`: why it failed, for people.

    `file_bytes`: of the finished file, or as planned; `made_us`: when it was finished, 0 before.
    """

    name: StoredName
    state: State
    file_bytes: int = 0
    progress: float = 0.0
    made_us: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """`lease`: on all that it will be made of, while others are made before it."""

    name: StoredName
    plan: RangePlan
    lease: RangeLease


class Exports:
    """One per process, for all its threads."""

    def __init__(self, ranges: Ranges, settings: Callable[[], Settings], spare_bytes: int = SPARE_BYTES) -> None:
        self._ranges = ranges
        self._settings = settings
        self._spare_bytes = spare_bytes
        self._changed = threading.Condition()
        self._work: list[_Work] = []
        # What is being made, until it is done or given up: another order of the same name is other work.
        self._making: _Work | None = None
        self._unfinished: dict[str, Export] = {}
        self._thread: threading.Thread | None = None
        self._ended = False
        removed = remove_parts(self._folder)
        if removed:
            _log.info("removed %s that was half made", counted(removed, "stored range"))

    def all(self) -> list[Export]:
        """Those to come in their order, then those that are stored, the newest first."""
        zone = self._settings().system.timezone
        with self._changed:
            unfinished = list(self._unfinished.values())
        stored = [
            Export(name, "ready", facts.st_size, 1.0, facts.st_mtime_ns // 1000)
            for name, facts in stored_in(self._folder, zone)
        ]
        known = {export.name.id for export in stored}
        return [export for export in unfinished if export.name.id not in known] + stored

    def find(self, export_id: str) -> Export | None:
        return next((export for export in self.all() if export.name.id == export_id), None)

    def order(self, camera_id: str, from_us: int, to_us: int, gaps: Gaps) -> Export | None:
        """Have the range stored, widened to whole seconds; None if it is already, or will be.

        Raises what `Ranges.plan` does, and DiskError if there is no room for it.
        """
        name = name_for(camera_id, from_us, to_us, self._settings().system.timezone)
        known = self.find(name.id)
        if known is not None and known.state != "failed":
            return None
        plan = self._ranges.plan(camera_id, name.from_us, name.to_us, gaps)
        self._check_room(plan.length)
        source, lease = self._ranges.leased(plan, name.id)
        source.close()
        export = Export(name, "waiting", plan.length)
        with self._changed:
            known = self._unfinished.get(name.id)
            if known is not None and known.state != "failed":
                return None  # ordered twice at the same moment
            if len(self._work) >= MOST_WAITING:
                raise DiskError(f"{MOST_WAITING} ranges are waiting to be stored already", Cause.DISK_FULL)
            self._start()
            self._unfinished[name.id] = export
            self._work.append(_Work(name, plan, lease))
            self._changed.notify()
        lease.reached(plan.start_us)
        return export

    def remove(self, export_id: str) -> bool:
        """Delete a stored range, or give up one that isn't yet; False if there is none. Raises DiskError."""
        with self._changed:
            given_up = [work for work in self._work if work.name.id == export_id]
            self._work = [work for work in self._work if work not in given_up]
            found = self._unfinished.pop(export_id, None) is not None
            if self._making is not None and self._making.name.id == export_id:
                self._making = None
        for work in given_up:
            work.lease.done()
        name = read_id(export_id, self._settings().system.timezone)
        if name is None:
            return found
        try:
            name.path(self._folder).unlink()
        except FileNotFoundError:
            return found
        except OSError as err:
            raise DiskError(f"{export_id} can't be deleted: {err.strerror}", Cause.DISK_MISSING) from err
        return True

    def open(self, export_id: str) -> FileSource | None:
        """A finished file, None if there is none of this id. Raises FootageGoneError if its disk fails."""
        name = read_id(export_id, self._settings().system.timezone)
        if name is None:
            return None
        path = name.path(self._folder)
        return FileSource.open(path, path.name) if path.is_file() and not path.is_symlink() else None

    def close(self) -> None:
        """Make no more; what is half made is removed."""
        with self._changed:
            self._ended = True
            self._work.clear()
            self._making = None
            self._unfinished.clear()
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join(5)

    @property
    def _folder(self) -> Path:
        return self._settings().system.mp4_cache_dir

    def _check_room(self, needed_bytes: int) -> None:
        try:
            make_folder(self._folder)
            with self._changed:
                under_way = [export for export in self._unfinished.values() if export.state != "failed"]
            promised_bytes = sum(round(export.file_bytes * (1 - export.progress)) for export in under_way)
            free_bytes = shutil.disk_usage(self._folder).free - promised_bytes
        except OSError as err:
            raise DiskError(f"the folder of stored ranges can't be used: {err.strerror}", Cause.DISK_MISSING) from err
        if free_bytes - needed_bytes < self._spare_bytes:
            message = (
                f"the range takes {_gb(needed_bytes)}, and {_gb(free_bytes)} are free for it on the disk of stored "
                f"ranges, of which {_gb(self._spare_bytes)} stay free; download it instead, or delete stored ranges"
            )
            raise DiskError(message, Cause.DISK_FULL)

    def _start(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="exports", daemon=True)
            thread.start()
            self._thread = thread

    def _run(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        while True:
            with self._changed:
                while not self._work and not self._ended:
                    self._changed.wait()
                if self._ended:
                    return
                work = self._making = self._work.pop(0)
            self._make(work)
            work.lease.done()

    def _make(self, work: _Work) -> None:
        name = work.name
        try:
            self._tell(work, state="making")
            if self._write(work):
                _log.info("stored %s", name.id)
            return
        except PyNVRError as err:
            detail = str(err)
        except OSError as err:
            full = err.errno in (errno.ENOSPC, errno.EDQUOT)
            detail = "the disk of stored ranges is full" if full else f"it can't be written: {err.strerror}"
        except Exception:
            _log.exception("%s can't be stored", name.id)
            detail = "something failed; the log says what"
        _log.warning("%s can't be stored: %s", name.id, detail)
        self._tell(work, state="failed", detail=detail)
        with self._changed:
            failed = [export_id for export_id, export in self._unfinished.items() if export.state == "failed"]
            for export_id in failed[:-_FAILURES_KEPT]:
                del self._unfinished[export_id]

    def _write(self, work: _Work) -> bool:
        """Whether the file is there; False if nobody wants it any more."""
        name, folder = work.name, self._folder
        make_folder(folder)
        part = name.part_path(folder)
        try:
            with closing(self._ranges.source(work.plan, name.id)) as source, open(part, "wb") as file:
                os.fchmod(file.fileno(), FILE_MODE)
                if not self._copy(source, file.fileno(), work):
                    return False
                os.fsync(file.fileno())
            with self._changed:
                # Under the lock, or a removal in just this moment would leave the file.
                if self._making is not work:
                    return False
                os.replace(part, name.path(folder))
                # From now on the file tells of it; it may be deleted at once, and ordered again.
                del self._unfinished[name.id]
            sync_folder(folder)
            return True
        finally:
            part.unlink(missing_ok=True)

    def _copy(self, source: ByteSource, fd: int, work: _Work) -> bool:
        written = unsynced = 0
        for piece in source.read(0, source.length):
            view = memoryview(piece)
            while view:
                view = view[os.write(fd, view) :]
            written += len(piece)
            unsynced += len(piece)
            if unsynced >= _SYNC_EVERY_BYTES:
                os.fdatasync(fd)
                os.posix_fadvise(fd, 0, written, os.POSIX_FADV_DONTNEED)
                unsynced = 0
                if shutil.disk_usage(fd).free < self._spare_bytes:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if not self._tell(work, progress=written / max(1, source.length)):
                return False
            self._hold_waiting()
        return True

    def _hold_waiting(self) -> None:
        """What they will be made of is oldest, mostly, and the reaper would take it first."""
        with self._changed:
            waiting = list(self._work)
        for work in waiting:
            work.lease.reached(work.plan.start_us)

    def _tell(self, work: _Work, **changes: object) -> bool:
        """Whether it is still wanted."""
        with self._changed:
            known = self._unfinished.get(work.name.id)
            if known is None or self._making is not work:
                return False
            self._unfinished[work.name.id] = replace(known, **changes)  # type: ignore[arg-type]  # fields by name
            return True


def _gb(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB"
