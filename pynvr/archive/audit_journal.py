"""Entries of the audit log that can't go into the database now, as lines of files that need none.

`<run_dir>/audit-<writer>.YYYYMMDD.jsonl`, one file a writer and UTC day, one JSON object a line, with the fields of
`Entry`. The master writes its own so, for it never opens the database; the web process while the database is away. The
finisher copies them.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from pynvr.archive.lines import append_lines, read_lines
from pynvr.model.audit import Entry, Level, Source
from pynvr.model.ticks import MICROSECONDS

_NAME = re.compile(r"audit-(?P<writer>[a-z]{1,32})\.\d{8}\.jsonl", re.ASCII)


def append_entries(run_dir: Path, writer: str, entries: Iterable[Entry], now_us: int) -> None:
    """Add lines; raises OSError, and then none of them is in the file. Each process has a writer's name of its own."""
    data = b"".join(_to_line(entry) for entry in entries)
    if data:
        day = f"{datetime.fromtimestamp(now_us // MICROSECONDS, UTC):%Y%m%d}"
        # Never older than the newest file, for its reader doesn't come back to those.
        path = max([run_dir / f"audit-{writer}.{day}.jsonl", *audit_files(run_dir).get(writer, [])[-1:]])
        append_lines(path, data)


def audit_files(run_dir: Path) -> dict[str, list[Path]]:
    """All such files by writer, oldest first; the last ones may still grow."""
    found: dict[str, list[Path]] = {}
    for path in sorted(run_dir.iterdir()) if run_dir.is_dir() else []:
        name = _NAME.fullmatch(path.name)
        if name is not None:
            found.setdefault(name["writer"], []).append(path)
    return found


def read_entries(path: Path, offset: int = 0) -> tuple[list[Entry], int]:
    """The entries behind `offset` bytes, and the offset behind them; at most some megabytes at once. Raises OSError.

    A line that isn't whole yet waits for the next time, one that can't be understood is left out.
    """
    lines, end = read_lines(path, offset)
    found = (_from_line(line) for line in lines)
    return [entry for entry in found if entry is not None], end


def _to_line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"


def _from_line(line: bytes) -> Entry | None:
    try:
        value = json.loads(line)
        texts = {name: str(value[name]) for name in ("action", "text", "actor", "address", "camera_id", "subject")}
        detail = value["detail"] if isinstance(value["detail"], dict) else {}
        return Entry(int(value["at_us"]), Level(value["level"]), Source(value["source"]), **texts, detail=detail)
    except (ValueError, KeyError, TypeError):
        return None
