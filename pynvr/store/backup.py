"""Daily copies of the database, and which of them is good."""

import contextlib
import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pynvr.base.errors import StoreError
from pynvr.base.files import make_folder, sync_folder
from pynvr.store.database import connect, converted
from pynvr.store.migrate import known_migrations, schema_version

KEPT = 7
_STAMP = "%Y%m%dT%H%M%S"
DAY_US = 86_400_000_000
_log = logging.getLogger(__name__)


def backup_folder(database: Path) -> Path:
    """Where the copies of a database lie: beside it."""
    return database.with_name("backup")


def backups(database: Path) -> list[Path]:
    """All copies of the database, newest first."""
    form = re.compile(rf"{re.escape(database.stem)}\.\d{{8}}T\d{{6}}{re.escape(database.suffix)}", re.ASCII)
    try:
        names = [entry.name for entry in backup_folder(database).iterdir() if form.fullmatch(entry.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [backup_folder(database) / name for name in sorted(names, reverse=True)]


def is_backup_due(database: Path, now_us: int) -> bool:
    """Whether the newest copy is a day old or there is none; a clock that was set back doesn't stop them."""
    copies = backups(database)
    return not copies or abs(now_us - copies[0].stat().st_mtime_ns // 1000) >= DAY_US


def make_backup(database: Path, now_us: int) -> Path:
    """Copy the database while others use it, check the copy, delete all but the newest `KEPT`; returns the copy.

    Raises StoreError; StoreDamagedError if it is the database itself that can't be read.
    """
    folder = backup_folder(database)
    final = folder / f"{database.stem}.{_moment(database, now_us):{_STAMP}}{database.suffix}"
    temporary = folder / f".{final.name}"
    try:
        make_folder(folder)
        _discard_unfinished(folder, database)
        if shutil.disk_usage(folder).free < 2 * database.stat().st_size:
            raise StoreError(f"{folder}: no room for a backup of the database; make some")
        try:
            with closing(connect(database)) as connection:
                connection.execute("vacuum into ?", (str(temporary),))
        except sqlite3.Error as err:
            raise converted(err, database, "copying it for the backup") from err
        temporary.chmod(0o600)
        reason = unsound(temporary)
        if reason:
            raise StoreError(f"{final}: the backup is not sound: {reason}")
        os.utime(temporary, ns=(now_us * 1000, now_us * 1000))
        _sync(temporary)
        temporary.replace(final)
        sync_folder(folder)
        for old in backups(database)[KEPT:]:
            old.unlink()
    except OSError as err:
        raise StoreError(f"{folder}: backup of the database: {err.strerror}") from err
    finally:
        _discard(temporary)
    return final


def _moment(database: Path, now_us: int) -> datetime:
    """What the copy is named by: now, but behind all others, for a clock may have been ahead when those were made."""
    now = datetime.fromtimestamp(now_us // 1_000_000, UTC)
    for newest in backups(database)[:1]:
        stamp = newest.name.removeprefix(f"{database.stem}.").removesuffix(database.suffix)
        with contextlib.suppress(ValueError):  # digits that are no date
            now = max(now, datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC) + timedelta(seconds=1))
    return now


def unsound(path: Path) -> str:
    """Why the file isn't a whole database of ours that this PyNVR can read; empty if it is. Reads all of it."""
    try:
        return damage_in(path)
    except (sqlite3.Error, StoreError) as err:
        return str(err)


def damage_in(path: Path) -> str:
    """As `unsound`, for one that is in use: raises sqlite3.Error and StoreError for what may be no damage at all."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as found:
        if schema_version(found) not in range(1, known_migrations()[-1].number + 1):
            return "it is empty, or a newer PyNVR made it"
        (answer,) = found.execute("pragma quick_check(1)").fetchone()
        return "" if answer == "ok" else str(answer)


def restore_newest(database: Path, make_ready: Callable[[Path], None]) -> Path | None:
    """Put a copy of the newest good backup in the database's place, a new file if there is none; returns which.

    `make_ready` makes it what it is to be, from nothing if there is no file. Whoever is killed at it leaves the place
    empty, for the next one to begin again. Raises StoreError.
    """
    copy = next((copy for copy in backups(database) if _is_good(copy)), None)
    what = copy or "an empty one"
    temporary = database.with_name(f".{database.name}.restored")
    try:
        _discard(temporary)
        if copy is not None:
            shutil.copyfile(copy, temporary)
            temporary.chmod(0o600)
        make_ready(temporary)
        log = temporary.with_name(f"{temporary.name}-wal")
        if log.exists() and log.stat().st_size:
            # A file is closed without a word when what was written can't be brought into it, as on a full disk.
            raise StoreError(f"{database}: restoring {what}: what its log holds can't be written into it")
        _sync(temporary)
        # Left by a file that was deleted alone: SQLite would write what is in them over this one.
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        temporary.replace(database)
        sync_folder(database.parent)
    except OSError as err:
        raise StoreError(f"{database}: restoring {what}: {err.strerror}") from err
    finally:
        _discard(temporary)
    return copy


def _is_good(copy: Path) -> bool:
    reason = unsound(copy)
    if reason:
        _log.warning("backup %s is not used: %s", copy, reason)
    return not reason


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _discard_unfinished(folder: Path, database: Path) -> None:
    """Copies at which their process was killed: each is as large as the database, and has a name of its own."""
    form = re.compile(rf"\.{re.escape(database.stem)}\.\d{{8}}T\d{{6}}{re.escape(database.suffix)}", re.ASCII)
    for entry in list(folder.iterdir()):
        found = form.match(entry.name)
        if found is not None:
            _discard(folder / found[0])


def _discard(temporary: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        try:
            temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)
        except OSError as err:
            _log.warning("can't remove %s: %s", temporary, err.strerror)
