"""The order in which a disk was written to: its writes and its flushes, as a file that only grows."""

import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ENTRY = struct.Struct(">QQI")  # time in µs, offset, bytes; a flush has neither offset nor bytes
_FLUSH_OFFSET = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A write, or a flush: then `data` is None. `at_us`: when it came to the disk, UTC."""

    at_us: int
    offset: int
    data: bytes | None

    @property
    def is_flush(self) -> bool:
        return self.data is None


class LoggedDisk:
    """A disk, kept as a sparse file, that writes down what is done to it. `latency_s`: how long it takes for it."""

    def __init__(self, image: Path, log: Path, latency_s: float = 0) -> None:
        self._latency_s = latency_s
        self.size = image.stat().st_size
        self._image = image.open("r+b", buffering=0)
        self._log = log.open("ab")

    def read(self, offset: int, size: int) -> bytes:
        self._image.seek(offset)
        return self._image.read(size)

    def write(self, offset: int, data: bytes) -> None:
        time.sleep(self._latency_s)
        self._log.write(_ENTRY.pack(time.time_ns() // 1000, offset, len(data)) + data)
        self._image.seek(offset)
        self._image.write(data)

    def flush(self) -> None:
        time.sleep(self._latency_s)
        self._log.write(_ENTRY.pack(time.time_ns() // 1000, _FLUSH_OFFSET, 0))

    def close(self) -> None:
        self._log.close()
        self._image.close()


def read_log(path: Path) -> Iterator[Entry]:
    """All entries in order."""
    with path.open("rb") as file:
        while head := file.read(_ENTRY.size):
            at_us, offset, length = _ENTRY.unpack(head)
            yield Entry(at_us, offset, None) if offset == _FLUSH_OFFSET else Entry(at_us, offset, file.read(length))
