"""The end of a camera's recording: frames as they come, from chunk to chunk.

Nobody waits here for the kernel's word, for that comes with every frame; a look now and then, many times as long as a
frame lasts, costs far less, and whoever looks at a picture a second needs no other.
"""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.chunk import BlockFrame
from pynvr.archive.follower import ChunkFollower
from pynvr.archive.paths import day_folder, parse_name
from pynvr.base.errors import ChunkError
from pynvr.model.frame import VIDEO_TRACK, Track
from pynvr.model.stamp import day_of, stamp_of
from pynvr.model.ticks import MICROSECONDS

# After so long without a frame the folder is read again even if its time says that nothing changed.
_SILENCE_S = 2.0
# A chunk of before midnight may grow for as long as a segment may last.
_REACH_US = 3600 * MICROSECONDS


class ChunkTail:
    """Of one camera; `new` is asked now and then."""

    def __init__(self, dst: Path, camera_id: str, zone: ZoneInfo) -> None:
        self._dst = dst
        self._camera_id = camera_id
        self._zone = zone
        self._follower: ChunkFollower | None = None
        self._changed: dict[Path, int] = {}
        self._heard_s = 0.0

    @property
    def video(self) -> Track | None:
        """What the present chunk says of its video."""
        streams = self._follower.streams if self._follower is not None else None
        return next((one for one in streams.tracks if one.number == VIDEO_TRACK), None) if streams else None

    def new(self, now_us: int, now_s: float) -> tuple[list[BlockFrame], bool]:
        """Video frames since the last call, and whether they begin another chunk. Raises OSError."""
        frames = self._read()
        if frames:
            self._heard_s = now_s
            return frames, False
        path = self._newest(now_us, now_s)
        if path is None or self._is_followed(path):
            return [], False
        return (self._read(), True) if self._open(path) else ([], False)

    @property
    def begun_us(self) -> int:
        """The instant of the present chunk's first frame, 0 if there is none."""
        streams = self._follower.streams if self._follower is not None else None
        return streams.anchor_us if streams else 0

    def payload(self, frame: BlockFrame) -> bytes:
        """Raises ChunkError, OSError."""
        assert self._follower is not None
        return self._follower.payload(frame)

    def close(self) -> None:
        if self._follower is not None:
            self._follower.close()
        self._follower = None

    def _read(self) -> list[BlockFrame]:
        if self._follower is None:
            return []
        try:
            return [frame for frame in self._follower.read_new() if frame.track == VIDEO_TRACK]
        except ChunkError:
            return []  # damaged or finished: the next chunk is what there is to come

    def _newest(self, now_us: int, now_s: float) -> Path | None:
        """The chunk that was written to last, if any folder changed or nothing was heard for a while.

        Not the last by name: where nothing moved the chunk is deleted, and its name is free for a later one.
        """
        days = sorted({day_of(stamp_of(at_us, self._zone)) for at_us in (now_us - _REACH_US, now_us)})
        folders = [day_folder(self._dst, day) for day in days]
        changed = {folder: _changed_ns(folder) for folder in folders}
        if changed == self._changed and now_s - self._heard_s < _SILENCE_S:
            return None
        self._changed, self._heard_s = changed, now_s
        paths = [folder / f"{self._camera_id}.{stamp}.chunk" for folder in folders for stamp in self._stamps(folder)]
        return max(paths, key=lambda path: (_changed_ns(path), path.name), default=None)

    def _is_followed(self, path: Path) -> bool:
        return self._follower is not None and path == self._follower.path and not self._follower.is_deleted

    def _stamps(self, folder: Path) -> list[str]:
        try:
            names = os.listdir(folder)
        except FileNotFoundError:
            return []
        parsed = [parse_name(name) for name in names if name.startswith(self._camera_id) and name.endswith(".chunk")]
        return [one[0].stamp for one in parsed if one is not None and one[0].camera_id == self._camera_id]

    def _open(self, path: Path) -> bool:
        try:
            follower = ChunkFollower(path)
        except FileNotFoundError:
            return False  # finished a moment ago
        self.close()
        self._follower = follower
        return True


def _changed_ns(folder: Path) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0
