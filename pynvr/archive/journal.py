"""The journal of causes: why each camera was or wasn't recorded, as lines of files that need no database.

`<run_dir>/causes.YYYYMMDD.jsonl`, one file a UTC day, one JSON object a line:
`{"camera_id": …, "since_us": …, "cause": …, "detail": …}`. The master alone appends, the finisher copies into the
database. A file keeps its name, so a reader's position is the name and an offset.
`<run_dir>/alive` says when the master was last alive, and for which cameras.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pynvr.archive.lines import append_lines, read_lines
from pynvr.base.files import write_atomic
from pynvr.model.cause import Cause, Transition
from pynvr.model.ticks import MICROSECONDS

_NAME = re.compile(r"causes\.\d{8}\.jsonl", re.ASCII)
_ALIVE = "alive"
# The end of a file, enough for a word on each of a hundred cameras.
_LAST_BYTES = 65_536
# The mark is renewed each few seconds; what was told later than that isn't of the same life, or by another clock, and
# a touch is a copy's.
_MARK_LAGS_US = 60 * MICROSECONDS


class JournalWriter:
    """Appends transitions; the only one in a data directory."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir

    def append(self, transitions: list[Transition], now_us: int) -> None:
        """Add lines in one write; raises OSError, and then none of them is in the file."""
        if not transitions:
            return
        append_lines(self._path(now_us), b"".join(_to_line(transition) for transition in transitions))

    def _path(self, now_us: int) -> Path:
        """The file of the UTC day; never older than the newest one, for readers don't come back to those."""
        name = f"causes.{datetime.fromtimestamp(now_us // MICROSECONDS, UTC):%Y%m%d}.jsonl"
        newest = journal_files(self._run_dir)[-1:]
        return max([self._run_dir / name, *newest])


def journal_files(run_dir: Path) -> list[Path]:
    """All journal files, oldest first; the last one may still grow."""
    return sorted(path for path in run_dir.iterdir() if _NAME.fullmatch(path.name)) if run_dir.is_dir() else []


def read_journal(path: Path, offset: int = 0) -> tuple[list[Transition], int]:
    """The transitions behind `offset` bytes, and the offset behind them; at most some megabytes at once.

    A line that isn't whole yet waits for the next time, one that can't be understood is left out. Raises OSError.
    """
    lines, end = read_lines(path, offset)
    found = (_from_line(line) for line in lines)
    return [transition for transition in found if transition is not None], end


@dataclass(frozen=True, slots=True)
class AliveMark:
    """The last instant at which a master ran, and the cameras it knew (empty: that is lost)."""

    at_us: int
    camera_ids: tuple[str, ...]


def write_alive(run_dir: Path, mark: AliveMark) -> None:
    """Renew the mark; raises OSError."""
    text = "\n".join([str(mark.at_us), *mark.camera_ids]) + "\n"
    write_atomic(run_dir / _ALIVE, text.encode(), durable=False)


def touch_alive(run_dir: Path, at_us: int) -> None:
    """Say that the master of the mark still lives; a disk writes nothing for it at once. Raises OSError."""
    os.utime(run_dir / _ALIVE, ns=(at_us * 1000, at_us * 1000))


def read_alive(run_dir: Path) -> AliveMark | None:
    """The mark of the last master; None if there is none, for it stopped in order or there never was one.

    It lived when it last touched the mark, and when it last told of a cause, which may be later. A power cut may leave
    the file without its content: then its modification time counts, and `camera_ids` is empty.
    """
    path = run_dir / _ALIVE
    try:
        first, *camera_ids = path.read_text(encoding="utf-8").splitlines()
        marked_us = int(first)
        later_us = (path.stat().st_mtime_ns // 1000, _last_told_us(run_dir) + 1)
        at_us = max(one_us for one_us in (marked_us, *later_us) if one_us - marked_us < _MARK_LAGS_US)
        return AliveMark(at_us, tuple(camera_ids))
    except ValueError:
        return AliveMark(path.stat().st_mtime_ns // 1000, ())
    except OSError:
        return None


def _last_told_us(run_dir: Path) -> int:
    """The latest instant of the journal's last words; 0 if there are none, or they can't be read."""
    try:
        newest = journal_files(run_dir)[-1:]
        if not newest:
            return 0
        with newest[0].open("rb") as file:
            file.seek(max(0, newest[0].stat().st_size - _LAST_BYTES))
            told = [_from_line(line) for line in file.read().splitlines()]
    except OSError:
        return 0  # the mark itself says enough: that nobody stopped in order
    return max((one.since_us for one in told if one is not None), default=0)


def remove_alive(run_dir: Path) -> None:
    """The master stops in order and has written all that there is to say."""
    (run_dir / _ALIVE).unlink(missing_ok=True)


def _to_line(transition: Transition) -> bytes:
    line = {
        "camera_id": transition.camera_id,
        "since_us": transition.since_us,
        "cause": transition.cause.value,
        "detail": transition.detail,
    }
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _from_line(line: bytes) -> Transition | None:
    try:
        value = json.loads(line)
        since_us = int(value["since_us"])
        return Transition(str(value["camera_id"]), since_us, Cause(value["cause"]), str(value.get("detail", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
