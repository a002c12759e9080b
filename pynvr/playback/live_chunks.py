"""The chunks of one camera one after the other, as the recorder makes them; each is followed to its end."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.chunk import BlockFrame, Streams
from pynvr.archive.follower import ChunkFollower
from pynvr.archive.growth import Growth
from pynvr.archive.paths import CHUNK_SUFFIX, day_folder, parse_name
from pynvr.base.clock import Clock
from pynvr.base.errors import ChunkError
from pynvr.model.frame import VIDEO_TRACK
from pynvr.model.stamp import day_of, stamp_of, stamp_start_us

_DAY_US = 86_400_000_000
# So long without a frame, and it is asked whether the recorder has let go of the chunk.
_QUIET_S = 1.0
# Day folders are made without a word to those who watch the one before.
_LIST_EVERY_S = 1.0

# Folder of the camera's days and the zone of their names; None while there is no such camera.
Where = Callable[[], tuple[Path, ZoneInfo] | None]


class LiveChunks:
    """For one thread. `follower`: of the chunk that is read now, None while none grows."""

    def __init__(self, camera_id: str, where: Where, clock: Clock, growth: Growth) -> None:
        self.follower: ChunkFollower | None = None
        self._camera_id = camera_id
        self._where = where
        self._clock = clock
        self._growth = growth
        self._seen: set[Path] = set()
        self._next: list[Path] = []
        self._has_begun = False
        self._over = False
        self._read_s = self._listed_s = clock.monotonic_s()

    @property
    def streams(self) -> Streams | None:
        return None if self.follower is None else self.follower.streams

    def read(self) -> tuple[list[BlockFrame], bool]:
        """What was appended since the last call, in the file's order; and whether it is the first of another chunk.

        The first that is read of all is the newest chunk from its newest keyframe on.
        """
        if self.follower is None:
            if self._has_begun:
                return (self._read_new(), True) if self._begin_next() else ([], False)
            self._has_begun = self._begin_newest()
            return _from_newest_key(self._read_new()), self._has_begun
        # A chunk's name appears when its forerunner is whole: so the names first, then the rest of the old one.
        self._look_for_next()
        frames = self._read_new()
        if frames:
            return frames, False
        if self._next:
            self._leave()
            return (self._read_new(), True) if self._begin_next() else ([], False)
        if self._over:
            self._leave()
        elif self._clock.monotonic_s() - self._read_s > _QUIET_S:
            # What was written before it was let go of is read at the next call.
            self._read_s = self._clock.monotonic_s()
            self._over = _has_ended(self.follower)
        return [], False

    def close(self) -> None:
        self._leave()

    def _read_new(self) -> list[BlockFrame]:
        if self.follower is None:
            return []
        try:
            frames = self.follower.read_new()
        except (ChunkError, OSError):
            self._leave()  # nothing behind the damage will be read; the next chunk is whole
            return []
        if frames:
            self._read_s = self._clock.monotonic_s()
        return frames

    def _look_for_next(self) -> None:
        now_s = self._clock.monotonic_s()
        if not self._next and (self._growth.appeared or now_s - self._listed_s > _LIST_EVERY_S):
            self._growth.appeared = False
            self._listed_s = now_s
            self._next = self._unseen()

    def _leave(self) -> None:
        if self.follower is not None:
            self.follower.close()
            self.follower = None
            self._growth.watch_file(None)

    def _begin_newest(self) -> bool:
        """The chunk that grows now; one that a crash left isn't the present."""
        found = self._listed()
        self._seen.update(found)
        for path in reversed(found):
            if self._begin(path):
                assert self.follower is not None
                if not _has_ended(self.follower):
                    return True
                self._leave()
        return False

    def _begin_next(self) -> bool:
        self._next = self._next or self._unseen()
        while self._next:
            path = self._next.pop(0)
            self._seen.add(path)
            if self._begin(path):
                return True
        return False

    def _begin(self, path: Path) -> bool:
        # First the watch: what is written between it and the first look is seen by the look.
        self._growth.watch_folder(path.parent)
        self._growth.watch_file(path)
        try:
            self.follower = ChunkFollower(path)
        except OSError:
            self._growth.watch_file(None)
            return False
        self._over = False
        self._read_s = self._clock.monotonic_s()
        return True

    def _unseen(self) -> list[Path]:
        listed = self._listed()
        # A folder that can't be read for a moment has lost nothing: what was seen in it would be shown again.
        self._seen.difference_update([path for path in self._seen.difference(listed) if _is_gone(path)])
        if self.follower is not None:
            self._seen.add(self.follower.path)
        return [path for path in listed if path not in self._seen]

    def _listed(self) -> list[Path]:
        where = self._where()
        if where is None:
            return []
        watch = self._growth.watch_folder if self.follower is None else None
        return chunks_of(self._camera_id, *where, self._clock.now_us(), watch)


def chunks_of(
    camera_id: str, dst: Path, zone: ZoneInfo, now_us: int, watch: Callable[[Path], None] | None = None
) -> list[Path]:
    """The camera's chunks of yesterday and today, oldest first; `watch` is called with each of the folders there is."""
    found: list[tuple[int, Path]] = []
    for day in dict.fromkeys(day_of(stamp_of(at_us, zone)) for at_us in (now_us - _DAY_US, now_us)):
        folder = day_folder(dst, day)
        try:
            names = [name for name in os.listdir(folder) if name.endswith(CHUNK_SUFFIX)]
        except OSError:
            continue
        if watch is not None:
            watch(folder)
        for name in names:
            parsed = parse_name(name)
            if parsed is not None and parsed[0].camera_id == camera_id:
                with suppress(ValueError):  # it has the form of a stamp, and names no time
                    found.append((stamp_start_us(parsed[0].stamp, zone), folder / name))
    return [path for _, path in sorted(found)]


def _has_ended(follower: ChunkFollower) -> bool:
    try:
        return follower.ended
    except OSError:
        return True


def _is_gone(path: Path) -> bool:
    try:
        os.stat(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _from_newest_key(frames: list[BlockFrame]) -> list[BlockFrame]:
    """From the newest keyframe on; all of them if there is none."""
    for number in range(len(frames) - 1, -1, -1):
        if frames[number].is_key and frames[number].track == VIDEO_TRACK:
            return frames[number:]
    return frames
