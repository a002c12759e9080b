"""The files of the pages: a request picks one by its name out of those that were found, and never by a path.

A file that changes is read again, and a new one is found: pages and scripts that an upgrade replaced below the running
process ask for each other.
"""

import gzip
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
# What pages are made of; anything else in the folder (licences, types, notes) isn't served.
MEDIA_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_COMPRESSIBLE = ("text/", "image/svg", "application/manifest")
_WORTH_COMPRESSING_BYTES = 1000
# Whoever asks for what isn't there makes the folder be read no more often.
_FIND_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was read. `tag`: hash of `plain`; `packed`: the same with gzip, None where it isn't worth it."""

    media_type: str
    tag: str
    plain: bytes
    packed: bytes | None


class StaticFiles:
    """The files below a folder, by their names relative to it. Threads share it."""

    def __init__(self, folder: Path = STATIC, now_s: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._now_s = now_s
        self._found_s = now_s()
        self._paths = _found(folder)
        self._read: dict[str, tuple[tuple[int, int], Content]] = {}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._paths)

    def get(self, name: str) -> Content | None:
        """None for a name that isn't there, or not any more; raises OSError if its file can't be read."""
        path = self._paths.get(name)
        if path is None and self._now_s() - self._found_s >= _FIND_EVERY_S:
            self._found_s = self._now_s()
            self._paths = _found(self._folder)
            path = self._paths.get(name)
        if path is None:
            return None
        try:
            stat = path.stat()
            state = (stat.st_mtime_ns, stat.st_size)
            known = self._read.get(name)
            if known is not None and known[0] == state:
                return known[1]
            content = _content(path)
        except FileNotFoundError:
            return None
        self._read[name] = (state, content)
        return content


def _found(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix in MEDIA_TYPES and path.is_file()
    }


def _content(path: Path) -> Content:
    plain = path.read_bytes()
    media_type = MEDIA_TYPES[path.suffix]
    packed = None
    if len(plain) >= _WORTH_COMPRESSING_BYTES and media_type.startswith(_COMPRESSIBLE):
        packed = gzip.compress(plain, mtime=0)
    return Content(media_type, hashlib.sha256(plain).hexdigest()[:32], plain, packed)
