"""Opening a database that may be missing, locked or damaged, so that recording goes on without a person.

Only one process at a time does this to a file (`flock` beside it), so all of them meet the same new file; a `Store`
that others of the process hold notices the new file by itself.
"""

import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pynvr.base.errors import StoreError
from pynvr.base.files import make_folder
from pynvr.store.backup import backups, damage_in, restore_newest
from pynvr.store.database import (
    BUSY_TIMEOUT_S,
    StoreDamagedError,
    connect,
    converted,
    damaged_mark,
    database_path,
)
from pynvr.store.migrate import known_migrations, migrate, schema_version

# A database of up to this size is checked whenever it is opened (about 0.1 s); a larger one when damage was met.
_CHECKED_BYTES = 50_000_000
_CORRUPT_KEPT = 3
# Whose ids others hold: programs, messages, pages that were opened before.
_USED_ONCE = ("incidents", "alerts", "keeps", "tags", "detections", "sessions")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """What was found and done. `detail`: a sentence for the log and the status, empty if all was well."""

    outcome: Literal["sound", "made", "restored"]
    detail: str = ""


def prepare(url: str, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Path:
    """Make the file if it is missing, and bring its schema up to date; raises StoreError. Repairs nothing."""
    path = database_path(url)
    with _alone(path, busy_timeout_s):
        _migrate(path, busy_timeout_s)
    return path


def prepare_or_repair(url: str, busy_timeout_s: float = BUSY_TIMEOUT_S, attempts: int = 3) -> Opening:
    """Leave a sound database of the present schema in place, whatever was there.

    A damaged one is set aside as `<name>.corrupt-<time>`; the newest good backup takes its place, else a new one, as
    for a missing one. Raises StoreError if it is locked all through `attempts` busy timeouts, belongs to another
    program or a newer PyNVR, or the folder can't be written.
    """
    path = database_path(url)
    with _alone(path, busy_timeout_s * attempts):
        detail = ""
        if path.exists():
            reason = _damage(path, busy_timeout_s, attempts)
            if not reason:
                damaged_mark(path).unlink(missing_ok=True)
                return Opening("sound")
            detail = f"{path} was damaged ({reason}) and is now {_set_aside(path).name}; "
        elif not backups(path) and not _set_aside_before(path):
            _migrate(path, busy_timeout_s)
            return Opening("made", f"{path} was made")
        else:
            detail = f"{path} was missing; "
        restored = restore_newest(path, lambda made: _make_ready(made, busy_timeout_s))
        damaged_mark(path).unlink(missing_ok=True)
        detail += f"backup {restored.name} was restored" if restored else "a new database was made"
        _log.error("%s; the catalog is being read from the folders again", detail)
        return Opening("restored" if restored else "made", detail)


def _damage(path: Path, busy_timeout_s: float, attempts: int) -> str:
    """What is wrong with the file; empty if nothing, and then its schema is up to date."""
    for attempt in range(attempts):
        try:
            # A file cut to nothing looks like a new database to SQLite; whoever has backups lost something.
            if backups(path) and _is_empty(path, busy_timeout_s):
                return "it is empty"
            _migrate(path, busy_timeout_s)
            if damaged_mark(path).exists() or path.stat().st_size <= _CHECKED_BYTES:
                with _converting(path):
                    return damage_in(path)
        except StoreDamagedError as err:
            return str(err.__cause__ or err)
        except StoreError as err:
            locked = isinstance(err.__cause__, sqlite3.OperationalError) and "locked" in str(err.__cause__)
            if not locked or attempt == attempts - 1:
                raise
        else:
            return ""
    raise AssertionError("unreachable")


def _is_empty(path: Path, busy_timeout_s: float) -> bool:
    with _converting(path), closing(connect(path, busy_timeout_s)) as connection:
        return schema_version(connection) == 0


def _migrate(path: Path, busy_timeout_s: float) -> None:
    with _converting(path):
        is_new = not path.exists()
        with closing(connect(path, busy_timeout_s, create=True)) as connection:
            if is_new:
                path.chmod(0o600)
                _belong_to_folder(path)
            for step in migrate(connection, known_migrations()):
                _log.info("%s: migration %s", path, step.name)


def _make_ready(path: Path, busy_timeout_s: float) -> None:
    _migrate(path, busy_timeout_s)
    _belong_to_folder(path)
    _begin_ids_anew(path, busy_timeout_s)


def _begin_ids_anew(path: Path, busy_timeout_s: float) -> None:
    """Nothing gets an id that the lost database may have given to another: the next one's is the second of now."""
    with _converting(path), closing(connect(path, busy_timeout_s)) as connection, connection:
        last = dict(connection.execute("select name, seq from sqlite_sequence"))
        for table in _USED_ONCE:
            connection.execute("delete from sqlite_sequence where name = ?", [table])
            next_id = max(last.get(table, 0) + 1, int(time.time()))
            connection.execute("insert into sqlite_sequence (name, seq) values (?, ?)", [table, next_id - 1])


def _belong_to_folder(path: Path) -> None:
    """What root makes by a command must stay usable for the service's own user."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


@contextmanager
def _converting(path: Path) -> Iterator[None]:
    try:
        yield
    except StoreError as err:
        raise StoreError(f"{path}: {err}") from err
    except sqlite3.Error as err:
        raise converted(err, path, "opening") from err
    except OSError as err:
        raise StoreError(f"{path}: opening: {err.strerror}") from err


def _set_aside(path: Path) -> Path:
    moment = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    aside = path.with_name(f"{path.name}.corrupt-{moment}")
    number = 1
    while aside.exists():
        aside = path.with_name(f"{path.name}.corrupt-{moment}-{number}")
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    olds = sorted(_set_aside_before(path), key=lambda old: old.stat().st_mtime, reverse=True)
    mains = [old for old in olds if not old.name.endswith(("-wal", "-shm"))]
    for old in mains[_CORRUPT_KEPT:]:
        for suffix in ("-wal", "-shm", ""):
            old.with_name(old.name + suffix).unlink(missing_ok=True)
    return aside


def _set_aside_before(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{path.name}.corrupt-*"))


@contextmanager
def _alone(path: Path, timeout_s: float) -> Iterator[None]:
    """No other process opens or repairs this file meanwhile."""
    try:
        make_folder(path.parent)
        lock = path.with_name(path.name + ".lock")
        fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _belong_to_folder(lock)
    except OSError as err:
        raise StoreError(f"{path}: opening: {err.strerror}") from err
    try:
        deadline_s = time.monotonic() + timeout_s + 1
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline_s:
                    raise StoreError(f"{path}: another process has been opening it for {timeout_s:.0f} s") from None
                time.sleep(0.02)
        yield
    finally:
        os.close(fd)
