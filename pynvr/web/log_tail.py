"""The last records of a log file, read from its end, whatever its length."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# A record that nobody finds within this much of the end is history: for a shell.
MOST_BYTES = 4_000_000
_BLOCK_BYTES = 65_536
_FORM = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?P<level>[A-Z]+) (?P<process>[^:]+): (?P<text>.*)"
)
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Record:
    """`time_s`: since the epoch; `text` may have several lines."""

    time_s: float
    level: str
    process: str
    text: str


def last_records(path: Path, count: int, level: str = "DEBUG", process: str = "") -> list[Record]:
    """The last so many records at or above the level, of one process if named, oldest first; raises OSError."""
    wanted = LEVELS[LEVELS.index(level) :]
    found: list[Record] = []
    following: list[str] = []  # lines of a record whose first line isn't reached yet, the last one first
    for line in _lines_from_the_end(path):
        matched = _FORM.fullmatch(line)
        if matched is None:
            following.append(line.removeprefix("  "))
            continue
        text = "\n".join([matched["text"], *reversed(following)])
        following.clear()
        if matched["level"] in wanted and process in ("", matched["process"]):
            at_s = datetime.fromisoformat(matched["time"]).timestamp()
            found.append(Record(at_s, matched["level"], matched["process"], text))
            if len(found) == count:
                break
    return found[::-1]


def _lines_from_the_end(path: Path) -> Iterator[str]:
    """The last line first; one that is only being written counts, one cut by `MOST_BYTES` doesn't."""
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        least = max(0, position - MOST_BYTES)
        rest = b""
        while position > least:
            start = max(least, position - _BLOCK_BYTES)
            file.seek(start)
            first, *lines = (file.read(position - start) + rest).split(b"\n")
            for line in reversed(lines):
                if line:
                    yield line.decode("utf-8", "replace")
            rest, position = first, start
        if rest and least == 0:
            yield rest.decode("utf-8", "replace")
