"""Whether any camera is recorded at all: switched off and on for all together, and kept over restarts."""

import json
import logging
from pathlib import Path

from pynvr.base.errors import WishError
from pynvr.base.files import sync_folder, write_atomic

OFF_NAME = "recording-off.json"

_log = logging.getLogger(__name__)


class Switch:
    """On, unless its file is in the run folder. `off_since_us`: 0 while it is on."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / OFF_NAME
        self.off_since_us = self._read()

    def turn_off(self, now_us: int) -> None:
        """Idempotent; raises WishError if that can't be written down."""
        if self.off_since_us:
            return
        try:
            write_atomic(self._path, json.dumps({"since_us": now_us}).encode())
        except OSError as err:
            raise WishError("busy", f"recording stays on: {self._path} can't be written: {err.strerror}") from err
        self.off_since_us = now_us
        _log.warning("recording of all cameras is switched off")

    def turn_on(self) -> None:
        """Idempotent; raises WishError if that can't be written down."""
        if not self.off_since_us:
            return
        try:
            self._path.unlink(missing_ok=True)
            sync_folder(self._path.parent)
        except OSError as err:
            raise WishError("busy", f"recording stays off: {self._path} can't be removed: {err.strerror}") from err
        self.off_since_us = 0
        _log.info("recording of all cameras is switched on")

    def _read(self) -> int:
        """That the file is there says it; when it was, too, if it can't be read."""
        try:
            since_us = json.loads(self._path.read_bytes())["since_us"]
            return int(since_us) or 1
        except FileNotFoundError:
            return 0
        except (OSError, ValueError, TypeError, KeyError):
            try:
                return self._path.stat().st_mtime_ns // 1000
            except OSError:
                return 0
