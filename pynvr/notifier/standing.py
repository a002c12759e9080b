"""The program's status as its master writes it, and whether the master still does."""

import logging
import os
from dataclasses import replace
from pathlib import Path

from pynvr.model.status import STALE_S, STATUS_NAME, Problem, Status

_MASTER = "master"

_log = logging.getLogger(__name__)


class StatusFile:
    """`run/status.json`. A master that hangs for long is a problem like others."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / STATUS_NAME
        self._seen: tuple[int, ...] = ()
        self._changed_s = 0.0
        self._status: Status | None = None

    def read(self, now_s: float) -> Status | None:
        """How things stand; None as long as nobody has said. `now_s`: monotonic."""
        try:
            found = os.stat(self._path)
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
            if seen != self._seen:
                self._status = Status.from_json(self._path.read_bytes())
                self._seen, self._changed_s = seen, now_s
        except (OSError, ValueError) as err:
            # It is replaced as a whole; a disk that takes none is the master's problem, and ours is what was last said.
            _log.debug("no status: %s", err)
        if self._status is None or now_s - self._changed_s <= STALE_S:
            return self._status
        hung = Problem(_MASTER, "the master doesn't come round to saying how things are", 0)
        return replace(self._status, problems=(*self._status.problems, hung))
