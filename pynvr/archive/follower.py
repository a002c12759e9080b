"""A reader of a chunk that still grows; woken by whoever watches the folder, it holds up nobody."""

import os
from pathlib import Path

from pynvr.archive.chunk import BlockFrame, Streams
from pynvr.archive.lock import is_locked
from pynvr.archive.reader import is_finished
from pynvr.archive.scan import BlockScan
from pynvr.base.errors import ChunkError


class ChunkFollower:
    """Frames as they come, from the first one on.

    The file stays readable when it has become an MP4 (frames don't move) or was deleted, until `close`.
    """

    def __init__(self, path: Path) -> None:
        """Raises FileNotFoundError."""
        self.path = path
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._scan = BlockScan(self._fd)

    @property
    def streams(self) -> Streams | None:
        """Tracks and anchor; None until `read_new` has met them."""
        return self._scan.streams

    def read_new(self) -> list[BlockFrame]:
        """The frames appended since the last call. Raises ChunkError at damage, which no later call gets over."""
        if self._scan.position == 0 and is_finished(self._fd):
            raise ChunkError(f"{self.path} is finished already")
        frames = self._scan.advance(os.fstat(self._fd).st_size)
        if self._scan.damage and not frames:
            raise ChunkError(f"{self.path}: {self._scan.damage}")
        return frames

    def payload(self, frame: BlockFrame) -> bytes:
        """The frame's sample."""
        data = os.pread(self._fd, frame.size, frame.offset)
        if len(data) != frame.size:
            raise ChunkError(f"{self.path} was cut off inside a frame")
        return data

    @property
    def ended(self) -> bool:
        """Whether nothing more will come: the file has lost its name, or its writer has let go of it.

        Ask only when `read_new` has stayed empty for a while, and read once more after a yes: asking takes the lock
        for a moment.
        """
        try:
            named = os.stat(self.path)
        except FileNotFoundError:
            return True
        mine = os.fstat(self._fd)
        return (named.st_dev, named.st_ino) != (mine.st_dev, mine.st_ino) or not is_locked(self._fd)

    @property
    def is_deleted(self) -> bool:
        """Whether the file has no name any more, neither this nor another."""
        return os.fstat(self._fd).st_nlink == 0

    def duplicate(self) -> int:
        """Another descriptor of the file, the caller's to close."""
        return os.dup(self._fd)

    def close(self) -> None:
        """Idempotent."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def __enter__(self) -> "ChunkFollower":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
