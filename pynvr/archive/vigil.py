"""Which time of a camera of mode `motion` was watched, and when something moved: the analyser's word, by which the
finisher keeps or deletes.

`<run_dir>/vigil/<camera id>.log`, whose forerunner is `….log.old`. A line is five whole numbers:

    <chunk> <from> <to> <first> <last>

`chunk`: the instant of the first frame of the chunk that was looked at, which is told in its streams block; names of
chunks are used again when the clock was set back. All that was to be looked at behind `from`, up to `to`, was looked
at; something moved from `first` to `last` (both 0: nothing did). A line whose `from` is the `to` of the one before it
goes on where that ended. What no line speaks of was not watched: it counts as if something had moved. So nothing is
lost with this file, and none of it need be forced to disk.
"""

import os
from pathlib import Path
from typing import NamedTuple

from pynvr.archive.lines import append_lines
from pynvr.base.files import make_folder

_MOST_BYTES = 512 * 1024
_LONGEST_LINE_BYTES = 256


class Watched(NamedTuple):
    """One line; instants in µs since 1970."""

    chunk_us: int
    from_us: int
    to_us: int
    first_us: int = 0
    last_us: int = 0

    @property
    def moved(self) -> bool:
        return self.last_us > 0


class VigilWriter:
    """The only one of its camera."""

    def __init__(self, run_dir: Path, camera_id: str) -> None:
        self._path = vigil_path(run_dir, camera_id)

    def append(self, watched: Watched) -> None:
        """Raises OSError, and then the line isn't there, or not whole."""
        make_folder(self._path.parent)
        length = append_lines(self._path, " ".join(map(str, watched)).encode() + b"\n")
        if length >= _MOST_BYTES:
            self._path.replace(_before(self._path))


def vigil_path(run_dir: Path, camera_id: str) -> Path:
    return run_dir / "vigil" / f"{camera_id}.log"


def newest_watched(path: Path) -> Watched | None:
    """The last line, None if there is none."""
    for one in (path, _before(path)):
        found = _lines_of(one, _LONGEST_LINE_BYTES)
        if found:
            return found[-1]
    return None


def read_watched(path: Path, since_us: int) -> list[Watched]:
    """The lines in their order, as far back as needed for what was later than `since_us`."""
    found = _lines_of(path)
    if not found or found[0].from_us > since_us:
        found = _lines_of(_before(path)) + found
    return found


def _before(path: Path) -> Path:
    return path.with_name(path.name + ".old")


def _lines_of(path: Path, last_bytes: int = 2 * _MOST_BYTES) -> list[Watched]:
    """A file that can't be read says nothing."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - last_bytes))
            data = file.read(last_bytes)
    except OSError:
        return []
    lines = data[: data.rfind(b"\n") + 1].splitlines()
    # The first one may be the end of a line, and five numbers all the same.
    return [one for one in map(_from_line, lines[1:] if size > last_bytes else lines) if one is not None]


def _from_line(line: bytes) -> Watched | None:
    """None for what a power cut left of a line."""
    try:
        chunk_us, from_us, to_us, first_us, last_us = map(int, line.split())
    except ValueError:
        return None
    is_still = first_us == last_us == 0
    if not (0 < from_us <= to_us and (is_still or from_us <= first_us <= last_us <= to_us)):
        return None
    return Watched(chunk_us, from_us, to_us, first_us, last_us)
