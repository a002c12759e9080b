"""A growing chunk, followed by block headers: what was seen of it once isn't read again."""

import os
import threading
from pathlib import Path

from pynvr.archive.chunk import PLAIN_TIMESCALE, BlockFrame
from pynvr.archive.follower import ChunkFollower
from pynvr.archive.index_record import IndexRecord
from pynvr.archive.record import record_of
from pynvr.archive.tables import GrowingTables
from pynvr.base.errors import ChunkError
from pynvr.model.frame import VIDEO_TRACK, Track
from pynvr.model.ticks import MICROSECONDS

_USUAL_FRAME_US = 40_000


class ChunkWatch:
    """One chunk. It stays readable when it was finished, until `close`. For all threads.

    `start_us`, `end_us`: of the video seen so far, 0 as long as there is none; `frames`: of the video;
    `inode`: of the file, which outlives its name.
    """

    def __init__(self, path: Path, stamp: str) -> None:
        """Raises FileNotFoundError."""
        self.stamp = stamp
        self.start_us = self.end_us = self.frames = 0
        self.inode = os.stat(path).st_ino
        self._follower = ChunkFollower(path)
        self._lock = threading.Lock()
        self._tables = GrowingTables()
        self._begin = self._file_bytes = 0
        self._last_dts: int | None = None
        self._record: tuple[int, IndexRecord] | None = None

    @property
    def video(self) -> Track | None:
        """What the chunk says of its video; None as long as it didn't, or if another program wrote it."""
        streams = self._follower.streams
        return next((one for one in streams.tracks if one.number == VIDEO_TRACK), None) if streams else None

    @property
    def file_bytes(self) -> int:
        """Up to the end of the last whole frame."""
        return self._file_bytes

    def look(self) -> None:
        """Take in what was appended since the last look. Raises OSError."""
        with self._lock:
            try:
                frames = self._follower.read_new()
            except ChunkError:
                return  # what was seen before the damage is what there is
            for frame in frames:
                if not self._tables.count:
                    self._begin = frame.offset
                self._tables.take(frame)
                self._file_bytes = frame.offset + frame.size
                if frame.track == VIDEO_TRACK:
                    self._take(frame)

    def record(self) -> IndexRecord:
        """Sample tables of what was seen at the last look. Raises ChunkError."""
        with self._lock:
            seen = self._tables.count
            if self._record is not None and self._record[0] == seen:
                return self._record[1]
            streams = self._follower.streams
            tables = self._tables.tables(streams.tracks if streams else ())
            record = record_of(self.stamp, tables, file_bytes=self._file_bytes, mdat_start=self._begin)
            self._record = seen, record
            return record

    @property
    def is_deleted(self) -> bool:
        """Whether the file has no name any more."""
        return self._follower.is_deleted

    def duplicate(self) -> int:
        """A descriptor of the file, the caller's to close."""
        return self._follower.duplicate()

    def close(self) -> None:
        with self._lock:
            self._follower.close()

    def _take(self, frame: BlockFrame) -> None:
        timescale = self.video.timescale if self.video else PLAIN_TIMESCALE
        if self.start_us == 0:
            self.start_us = frame.time_us
        step = frame.dts - self._last_dts if self._last_dts is not None else 0
        self._last_dts = frame.dts
        lasts_us = step * MICROSECONDS // timescale if step > 0 else _USUAL_FRAME_US
        self.end_us = max(self.end_us, frame.time_us + lasts_us)
        self.frames += 1
