"""Where the chunks of a sub-stream are made: in a folder of the running program, and only the newest two stay.

They are never forced to disk, and mostly gone before the kernel writes them. Their stamps are UTC and have seconds, so
that their order is that of their names.
"""

import contextlib
import errno
import os
from pathlib import Path

from pynvr.archive.disk import disk_error
from pynvr.archive.paths import chunk_path
from pynvr.archive.writer import ChunkWriter
from pynvr.base.errors import DiskError
from pynvr.base.files import clear_away, make_folder
from pynvr.model.cause import Cause
from pynvr.model.frame import Track
from pynvr.model.stamp import stamp_of
from pynvr.model.sub_stream import ZONE
from pynvr.model.ticks import MICROSECONDS
from pynvr.recorder.order import RecorderOrder

# Keyframes that are far apart make a chunk long; this is a minute of 16 Mbit/s.
LONGEST_BYTES = 128 << 20
# Recording goes first: whatever else needs this disk is left so much.
LEAST_FREE_BYTES = 256 << 20
_MOST_NAMES = 100


class LiveShelf:
    """Of chunks that nobody finishes."""

    longest_bytes: float = LONGEST_BYTES

    def __init__(self, order: RecorderOrder) -> None:
        self._folder, self._camera_id = order.camera.dst, order.camera.id
        self._last: Path | None = None

    def begin(self, tracks: tuple[Track, ...], pts: int, at_us: int, fps: float) -> ChunkWriter:
        del fps  # nothing is reserved for a header that is never written
        try:
            make_folder(self._folder)
            _check_room(self._folder)
            writer = self._create(tracks, pts, at_us)
        except OSError as err:
            raise disk_error(err, f"begin a chunk in {self._folder}") from err
        self._leave_alone({writer.path, self._last})
        self._last = writer.path
        return writer

    def clear(self) -> None:
        """Take away whatever is there."""
        clear_away(self._folder)
        self._last = None

    def _create(self, tracks: tuple[Track, ...], pts: int, at_us: int) -> ChunkWriter:
        for attempt in range(_MOST_NAMES):
            stamp = stamp_of(at_us + attempt * MICROSECONDS, ZONE, seconds=True)
            try:
                return ChunkWriter.create(chunk_path(self._folder, self._camera_id, stamp), tracks, pts, at_us, 0)
            except FileExistsError:
                continue
        raise FileExistsError(errno.EEXIST, "no name is free", str(self._folder))

    def _leave_alone(self, kept: set[Path | None]) -> None:
        days: list[Path] = []
        with contextlib.suppress(OSError):  # what can't go now goes the next time
            days = list(self._folder.iterdir())
        for day in days:
            with contextlib.suppress(OSError):
                for path in list(day.iterdir()):
                    if path not in kept:
                        path.unlink()
                if not any(day.iterdir()):
                    day.rmdir()


def _check_room(folder: Path) -> None:
    found = os.statvfs(folder)
    if found.f_bavail * found.f_frsize < LEAST_FREE_BYTES:
        raise DiskError(f"{folder} has less than {LEAST_FREE_BYTES / 1e6:.0f} MB left", Cause.DISK_FULL)
