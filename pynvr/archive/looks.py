"""What detectors see just now: lines of a file that the analyser appends and whoever is interested follows.

`<run_dir>/looks.jsonl`, one JSON array a line, for each picture that a detector looked at:
`[camera, kind, when the picture was shown (µs since 1970), how long the look took (µs), what was seen]`; the last is
an array of `[confidence, x, y, width, height]`, empty where there was nothing. It is of the present alone: a new file
takes its place when it has grown, and nothing of it is forced to disk. While nobody reads it, it costs one write a
picture.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from pynvr.base.files import FILE_MODE
from pynvr.model.box import Box

LOOKS_NAME = "looks.jsonl"
MOST_BYTES = 262_144
_READ_BYTES = 65_536
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Look:
    """A picture, shown at `at_us`, that a detector of this kind looked at for `took_us`; `seen`: how surely, where."""

    camera_id: str
    kind: str
    at_us: int
    took_us: int
    seen: tuple[tuple[float, Box], ...]


class LooksWriter:
    """The only one in a data directory; begins with a file of its own, for its forerunner may have died in a line."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / LOOKS_NAME
        self._fd = -1
        self._bytes = 0

    def append(self, look: Look) -> None:
        """Raises OSError, and then the next one tries again."""
        if self._fd < 0 or self._bytes >= MOST_BYTES:
            self._begin()
        self._bytes += os.write(self._fd, _to_line(look))

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def _begin(self) -> None:
        self.close()
        new = self._path.with_name(f".{LOOKS_NAME}.new")
        fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, FILE_MODE)
        try:
            os.rename(new, self._path)
        except BaseException:
            os.close(fd)
            raise
        self._fd, self._bytes = fd, 0


class LooksFollower:
    """For one thread. What was written before it was made is past, and isn't read."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / LOOKS_NAME
        self._tail = b""
        self._fd = self._open()
        if self._fd >= 0:
            os.lseek(self._fd, 0, os.SEEK_END)

    def read_new(self) -> list[Look]:
        """What was written since the last call; a line that isn't whole waits, what isn't a look is left out."""
        found: list[Look] = []
        if self._fd >= 0:
            found += self._read()
        if self._has_another():
            # The analyser leaves a file before it begins the next: now all of the old one is there.
            if self._fd >= 0:
                found += self._read()
            self.close()
            self._fd = self._open()
            found += self._read() if self._fd >= 0 else []
        return found

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._tail = -1, b""

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return -1

    def _has_another(self) -> bool:
        try:
            named = os.stat(self._path)
        except OSError:
            return False
        return self._fd < 0 or not os.path.samestat(named, os.fstat(self._fd))

    def _read(self) -> list[Look]:
        data = self._tail
        try:
            while portion := os.read(self._fd, _READ_BYTES):
                data += portion
        except OSError:
            return []
        *lines, self._tail = data.split(b"\n")
        return [look for look in map(_from_line, lines) if look is not None]


def _to_line(look: Look) -> bytes:
    seen = [[round(confidence, _DIGITS), *(round(part, _DIGITS) for part in box)] for confidence, box in look.seen]
    line = [look.camera_id, look.kind, look.at_us, look.took_us, seen]
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _from_line(line: bytes) -> Look | None:
    try:
        camera_id, kind, at_us, took_us, seen = json.loads(line)
        places = tuple((float(one[0]), Box(*map(float, one[1:5]))) for one in seen)
        return Look(str(camera_id), str(kind), int(at_us), int(took_us), places)
    except (ValueError, TypeError, LookupError):
        return None
