"""Log files: one line a record, UTC, never a password, rotated by the master alone.

Many processes append to `pynvr.log`, so none of them may rotate it but one: `rotate` renames, and each process
notices that its file has another name and opens a new one.
"""

import faulthandler
import logging
import os
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from pynvr.base.conceal import Conceal
from pynvr.base.files import FILE_MODE

LIMIT_BYTES = 10_000_000
KEPT_FILES = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a process logs to; `secrets` are masked in every line; `to_stderr`: there too."""

    path: Path
    to_stderr: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)


def configure(place: LogPlace, process_name: str) -> None:
    """Send every record of this process there, and what would end up on stderr: uncaught errors and warnings."""
    formatter = SafeFormatter(process_name, Conceal(place.secrets))
    file = AppendingHandler(place.path)
    handlers: list[logging.Handler] = [file]
    if place.to_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(logging.INFO)
    # Otherwise a record that can't be written would be printed to stderr, arguments and all.
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    sys.excepthook = _on_uncaught
    threading.excepthook = lambda args: _on_uncaught(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )
    fd = file.duplicate()
    if fd is not None:
        # What kills the interpreter itself (a broken library) leaves at least the names of its functions.
        faulthandler.enable(fd, all_threads=False)


def conceal(secrets: tuple[str, ...]) -> None:
    """From now on these are the ones that are masked in every line of this process."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, SafeFormatter):
            handler.setFormatter(handler.formatter.with_secrets(secrets))


class SafeFormatter(logging.Formatter):
    """`2025-11-21T12:00:00.123Z WARNING recorder gate: text`; further lines are indented, so none can be forged."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, process_name: str, conceal: Conceal) -> None:
        super().__init__(f"%(asctime)s %(levelname)s {process_name.replace('%', '%%')}: %(message)s")
        self._process_name = process_name
        self._conceal = conceal

    def with_secrets(self, secrets: tuple[str, ...]) -> "SafeFormatter":
        return SafeFormatter(self._process_name, Conceal(secrets))

    def format(self, record: logging.LogRecord) -> str:
        lines = self._conceal(super().format(record)).splitlines()
        return "\n  ".join("".join(c if c.isprintable() or c == "\t" else "?" for c in line) for line in lines)


class AppendingHandler(logging.Handler):
    """One `write` a record at the end of the file, whatever its name points to now; errors are swallowed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._fd: int | None = None
        self._inode: tuple[int, int] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            data = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
            os.write(self._current(), data)
        except Exception:
            # A log that can't be written must never stop what it tells of.
            self.handleError(record)

    def duplicate(self) -> int | None:
        """A descriptor of the file that stays open; None if it can't be opened."""
        try:
            return os.dup(self._current())
        except OSError:
            return None

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
        super().close()

    def _current(self) -> int:
        try:
            found = self._path.stat()
            inode = (found.st_dev, found.st_ino)
        except FileNotFoundError:
            inode = None
        if self._fd is None or inode != self._inode:
            if self._fd is not None:
                os.close(self._fd)
                self._fd = None
            self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
            opened = os.fstat(self._fd)
            self._inode = (opened.st_dev, opened.st_ino)
        return self._fd


def rotate(path: Path, limit_bytes: int = LIMIT_BYTES, kept: int = KEPT_FILES) -> bool:
    """Rename the log to `<name>.1`, and the older ones on, if it is longer than the limit; raises OSError."""
    try:
        if path.stat().st_size <= limit_bytes:
            return False
    except FileNotFoundError:
        return False
    for number in range(kept - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))
    return True


def _on_uncaught(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    if not logging.getLogger().handlers:
        traceback.print_exception(kind, error, where)
        return
    _log.critical("ended by an error that nobody expected", exc_info=(kind, error, where))
