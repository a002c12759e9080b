"""What of each camera the catalog doesn't hold yet: the chunk that is being recorded, and what was finished just now.

Asked for many cameras at a time and often: a question costs a stat a folder and chunk; names and heads are read when
a folder's time of change says that they are others.
"""

import os
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.index_head import HeadReader
from pynvr.archive.index_places import PlaceReader
from pynvr.archive.paths import chunk_path, day_folder, segment_path
from pynvr.archive.scan import BlockScan
from pynvr.base.errors import BoxError, FootageGoneError
from pynvr.model.frame import VIDEO_TRACK
from pynvr.model.settings import Camera
from pynvr.model.stamp import day_of, stamp_of
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.day_names import NO_NAMES, DayNames, day_names
from pynvr.playback.record_places import RecordPlaces
from pynvr.store.segments import Span

# Time without a write after which a chunk no longer counts as growing; a camera of less than a frame in this is rare.
STILL_GROWING_US = 5 * MICROSECONDS
# These are asked for each time: a database that was made anew has lost the rows that it was known to have.
_ALWAYS = 2
# Chunks lie in today's folder, and for a while after midnight in yesterday's. What a crash left longer ago waits for
# the finisher, and shows when it is a segment.
_REACH_US = 3600 * MICROSECONDS
# The first frame is a keyframe; only a damaged chunk has none within this.
_LOOKS_BYTES = (1 << 16, 1 << 21, 1 << 25)
_MOST_REMEMBERED = 10_000
# A disk that doesn't answer holds up one question, not all.
_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class GrowingChunk:
    """A chunk, or the MP4 that one became.

    `start_us`: its first frame; `end_us`: the end of its last one, of a chunk its last write, or now while it grows.
    """

    camera_id: str
    dst: Path
    stamp: str
    start_us: int
    end_us: int


# Camera and stamps of segments; gives those that have a row.
Known = Callable[[str, Collection[str]], set[str]]


class Growing:
    """One per process, for all its threads; remembers the folders of today."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folders: dict[Path, DayNames] = {}
        self._looked: set[Path] = set()  # folders of this question
        self._starts: dict[tuple[Path, int], int] = {}  # of chunks, by name and inode
        self._spans: dict[tuple[Path, int, int], Span] = {}  # of segments, by name, inode and when they changed
        self._with_row: dict[str, set[str]] = {}  # per camera, stamps
        self._places, self._heads = RecordPlaces(), HeadReader()
        self._last: dict[str, tuple[int, list[GrowingChunk]]] = {}  # per camera: when it was asked for, and the answer

    def of(self, cameras: Iterable[Camera], zone: ZoneInfo, now_us: int, known: Known) -> dict[str, list[GrowingChunk]]:
        """Per camera, by start; a folder or file that can't be read counts as empty, if not now as it was before."""
        cameras = list(cameras)
        days = sorted({day_of(stamp_of(at_us, zone)) for at_us in (now_us - _REACH_US, now_us)})
        if not self._lock.acquire(timeout=_PATIENCE_S):
            return {camera.id: self._as_before(camera.id, now_us) for camera in cameras}
        try:
            self._forget(days)
            self._looked.clear()
            found = {camera.id: self._of_camera(camera, days, zone, now_us, known) for camera in cameras}
            self._last.update((camera_id, (now_us, chunks)) for camera_id, chunks in found.items())
            return found
        finally:
            self._lock.release()

    def spans(self, cameras: Iterable[Camera], zone: ZoneInfo, now_us: int, known: Known) -> dict[str, list[Span]]:
        """The same as what coverage is decided from."""
        return {
            camera_id: [Span(chunk.start_us, chunk.end_us) for chunk in chunks]
            for camera_id, chunks in self.of(cameras, zone, now_us, known).items()
        }

    def _as_before(self, camera_id: str, now_us: int) -> list[GrowingChunk]:
        """The last answer; what grew then is taken to have grown on, as long as a chunk without a write is."""
        asked_us, chunks = self._last.get(camera_id, (now_us, []))
        until_us = max(asked_us, min(now_us, asked_us + STILL_GROWING_US))
        return [replace(chunk, end_us=until_us) if chunk.end_us == asked_us else chunk for chunk in chunks]

    def _of_camera(
        self, camera: Camera, days: list[str], zone: ZoneInfo, now_us: int, known: Known
    ) -> list[GrowingChunk]:
        found: list[GrowingChunk] = []
        finished: list[str] = []
        for day in days:
            folder = day_folder(camera.dst, day)
            names = self._names_in(folder, now_us).of(camera.id)
            for stamp in names.chunks:
                chunk = self._chunk(camera, chunk_path(camera.dst, camera.id, stamp), stamp, now_us)
                if chunk is not None:
                    found.append(chunk)
                else:  # perhaps it has become a segment since the names were read
                    finished.append(stamp)
            finished += names.segments
        segments = [
            self._finished(camera, stamp, zone, now_us) for stamp in self._without_row(camera.id, finished, known)
        ]
        found += [segment for segment in segments if segment is not None]
        return sorted(found, key=lambda chunk: chunk.start_us)

    def _names_in(self, folder: Path, now_us: int) -> DayNames:
        """Looked at once for all cameras that share it."""
        known = self._folders.get(folder, NO_NAMES)
        if folder not in self._looked:
            self._looked.add(folder)
            try:
                known = day_names(folder, known, now_us * 1000)
            except OSError:
                known = NO_NAMES
            self._folders[folder] = known
        return known

    def _chunk(self, camera: Camera, path: Path, stamp: str, now_us: int) -> GrowingChunk | None:
        try:
            facts = os.stat(path)
            start_us = self._starts.get((path, facts.st_ino))
            if start_us is None:
                start_us = _first_frame_us(path)
                if start_us is None:
                    return None
                self._starts[path, facts.st_ino] = start_us
        except OSError:
            return None
        written_us = facts.st_mtime_ns // 1000
        end_us = now_us if now_us - written_us < STILL_GROWING_US else written_us
        return GrowingChunk(camera.id, camera.dst, stamp, start_us, end_us) if end_us > start_us else None

    def _without_row(self, camera_id: str, stamps: list[str], known: Known) -> list[str]:
        with_row = self._with_row.get(camera_id, set())
        asked = [stamp for stamp in stamps if stamp not in with_row or stamp in stamps[-_ALWAYS:]]
        found = known(camera_id, asked) if asked else set()
        if with_row & (set(asked) - found):  # what had one has none: another database
            asked = stamps
            with_row, found = set(), known(camera_id, asked)
        self._with_row[camera_id] = with_row & set(stamps) | found
        return [stamp for stamp in asked if stamp not in found]

    def _finished(self, camera: Camera, stamp: str, zone: ZoneInfo, now_us: int) -> GrowingChunk | None:
        """The MP4, as long as it is in its frames; its file's time is only when it was finished."""
        path = segment_path(camera.dst, camera.id, stamp)
        try:
            facts = os.stat(path)
            key = path, facts.st_ino, facts.st_mtime_ns
            if key not in self._spans:
                self._spans[key] = self._span_of(path, camera.id, facts.st_size, zone)
        except (OSError, BoxError, ValueError, FootageGoneError):
            return None
        start_us, end_us, _ = self._spans[key]
        return GrowingChunk(camera.id, camera.dst, stamp, start_us, min(end_us, now_us))

    def _span_of(self, path: Path, camera_id: str, size: int, zone: ZoneInfo) -> Span:
        place = self._places.find(path, camera_id, size, zone)
        with PlaceReader() as reader:
            head = self._heads.read(reader.read(place, 0, place.length))
        return Span(head.start_us, head.end_us)

    def _forget(self, days: list[str]) -> None:
        for folder in [folder for folder in self._folders if folder.name not in days]:
            del self._folders[folder]
        for remembered in (self._starts, self._spans):
            if len(remembered) > _MOST_REMEMBERED:
                remembered.clear()


def _first_frame_us(path: Path) -> int | None:
    """The instant of the chunk's first frame, None if it has no whole one yet. Raises OSError."""
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        for look_bytes in _LOOKS_BYTES:
            frames = BlockScan(file.fileno()).advance(min(size, look_bytes))
            video_us = [frame.time_us for frame in frames if frame.track == VIDEO_TRACK]
            if video_us or look_bytes >= size:
                return min(video_us, default=None)
    return None
