"""What the finisher left out of recordings of mode `motion`, as lines of files that need no database.

`<run_dir>/omitted.YYYYMMDD.jsonl`, one file a UTC day, one JSON object a line: `{"camera_id": …, "start_us": …,
"end_us": …}`, the end exclusive. A line is on disk before the video that it speaks of is removed; what was kept after
all, because the finisher died in between, is there for everybody to see, and recorded wins over a line.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pynvr.archive.lines import append_lines, read_lines
from pynvr.model.cause import Cause
from pynvr.model.ticks import MICROSECONDS
from pynvr.store.deletions import DeletedSpan

_NAME = re.compile(r"omitted\.\d{8}\.jsonl", re.ASCII)


def append_omissions(run_dir: Path, spans: Iterable[DeletedSpan], now_us: int) -> None:
    """Add lines and force them to disk. Raises OSError, and then none of them is in the file."""
    data = b"".join(_to_line(span) for span in spans)
    if data:
        day = f"{datetime.fromtimestamp(now_us // MICROSECONDS, UTC):%Y%m%d}"
        # Never older than the newest file, for its reader doesn't come back to those.
        path = max([run_dir / f"omitted.{day}.jsonl", *omission_files(run_dir)[-1:]])
        append_lines(path, data, durable=True)


def omission_files(run_dir: Path) -> list[Path]:
    """All such files, oldest first; the last one may still grow."""
    return sorted(path for path in run_dir.iterdir() if _NAME.fullmatch(path.name)) if run_dir.is_dir() else []


def read_omissions(path: Path, offset: int = 0) -> tuple[list[DeletedSpan], int]:
    """The spans behind `offset` bytes, and the offset behind them; at most some megabytes at once. Raises OSError."""
    lines, end = read_lines(path, offset)
    found = (_from_line(line) for line in lines)
    return [span for span in found if span is not None], end


def _to_line(span: DeletedSpan) -> bytes:
    line = {"camera_id": span.camera_id, "start_us": span.start_us, "end_us": span.end_us}
    return json.dumps(line).encode() + b"\n"


def _from_line(line: bytes) -> DeletedSpan | None:
    try:
        value = json.loads(line)
        start_us, end_us = int(value["start_us"]), int(value["end_us"])
        is_span = 0 < start_us <= end_us
        return DeletedSpan(str(value["camera_id"]), start_us, end_us, Cause.NO_MOTION) if is_span else None
    except (ValueError, KeyError, TypeError):
        return None
