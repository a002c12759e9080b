"""The lines of pynvr.log that ask for attention, followed while the program rotates the file."""

import re
from collections import Counter
from pathlib import Path

_WORTH_TELLING = re.compile(r"^\S+Z (WARNING|ERROR|CRITICAL) ")
_EXAMPLES = 3
_MOST_KINDS = 200


class WatchedLog:
    """`kinds`: how often each message came, its numbers left out; `examples` of it as they stood there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = 0
        self._read_bytes = 0
        self._rest = b""
        self.kinds: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}

    def look(self) -> None:
        """Read what was added since the last call."""
        try:
            inode = self._path.stat().st_ino
        except FileNotFoundError:
            return
        if self._inode and inode != self._inode:
            for old in self._path.parent.glob(f"{self._path.name}.*"):
                if old.stat().st_ino == self._inode:
                    self._read(old)
            self._read_bytes = 0
        self._inode = inode
        self._read(self._path)

    def _read(self, path: Path) -> None:
        with path.open("rb") as file:
            file.seek(self._read_bytes)
            data = file.read()
        self._read_bytes += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._add(line.decode(errors="replace"))

    def _add(self, line: str) -> None:
        if not _WORTH_TELLING.match(line):
            return
        kind = re.sub(r"\d+", "#", line.split(" ", 1)[1])
        if kind not in self.kinds and len(self.kinds) >= _MOST_KINDS:
            kind = "others"
        self.kinds[kind] += 1
        told = self.examples.setdefault(kind, [])
        if len(told) < _EXAMPLES:
            told.append(line)
