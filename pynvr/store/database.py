"""Connections and transactions of the SQLite file; the only place where its errors become ours."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from pynvr.base.errors import StoreError

BUSY_TIMEOUT_S = 5.0
# The write-ahead log shrinks to this after a checkpoint; it grows beyond it only while a long reader holds it.
_LOG_LIMIT_BYTES = 16_000_000
_WRITING = "pynvr_writing"
_DURABLE = "pynvr_durable"


class StoreDamagedError(StoreError):
    """The file is not, or no longer, a sound database; `open_or_repair` or `Store.repair` puts it right."""


class StoreMissingError(StoreDamagedError):
    """The file has gone."""


def database_path(url: str) -> Path:
    """The file that an SQLAlchemy URL of SQLite names; raises StoreError for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError as err:
        raise StoreError("system.database: not an SQLAlchemy URL; expected sqlite:////absolute/path") from err
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(f"system.database: {parsed.get_backend_name()} is not supported; expected sqlite:////path")
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError("system.database: processes can't share a database in memory; expected sqlite:////path")
    return Path(parsed.database).absolute()


def damaged_mark(path: Path) -> Path:
    """The empty file that says: someone met damage in this database, check all of it when it is opened next."""
    return path.with_name(path.name + ".damaged")


def connect(path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S, create: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode with PyNVR's pragmas set; never makes the file unless told to."""
    mode = "rwc" if create else "rw"
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=busy_timeout_s,
        check_same_thread=False,
    )
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        connection.execute(f"pragma journal_size_limit = {_LOG_LIMIT_BYTES}")
        # Deleted password hashes and tokens shall not linger in free pages.
        connection.execute("pragma secure_delete = fast")
    except BaseException:
        connection.close()
        raise
    return connection


def converted(err: Exception, path: Path, doing: str) -> StoreError:
    """Our error for one of SQLite's, as it comes or wrapped by SQLAlchemy; damage leaves its mark beside the file."""
    cause = getattr(err, "orig", None) or err
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    message = f"{path}: {doing}: {cause}"
    if not path.exists():
        return StoreMissingError(f"{path}: {doing}: the database has gone")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        try:
            damaged_mark(path).touch()
        except OSError:
            pass  # the disk may be read-only; who opens it next still finds the damage itself
        return StoreDamagedError(message)
    return StoreError(message)


class Database:
    """One file and its pool of connections. Safe for many threads; made anew in each process."""

    def __init__(self, path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._current = threading.local()
        self._inode = 0
        self._engine = create_engine(
            "sqlite://",
            creator=lambda: connect(path, busy_timeout_s),
            poolclass=QueuePool,
            pool_size=4,
            max_overflow=-1,
            # The one used last: a connection that isn't needed has no pages of the file in memory.
            pool_use_lifo=True,
        )
        event.listen(self._engine, "begin", _begin)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of the database; inside `writing` of the same thread, that transaction."""
        with self._transaction("reading", writing=False, durable=True) as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction: all or nothing. Nested ones of a thread join the outermost; keep it short.

        It is on disk when it is done; without `durable` only together with the next one that is, so that nobody waits
        for the disk. Raises StoreError when another process holds the database for longer than the busy timeout.
        """
        with self._transaction("writing", writing=True, durable=durable) as connection:
            yield connection

    @contextmanager
    def _transaction(self, doing: str, *, writing: bool, durable: bool) -> Iterator[Connection]:
        outer: Connection | None = getattr(self._current, "connection", None)
        if outer is not None:
            if writing and not outer.get_execution_options().get(_WRITING):
                raise AssertionError("a transaction that reads can't begin to write")
            if writing and durable and not outer.get_execution_options().get(_DURABLE):
                raise AssertionError("what is to last can't be part of a transaction that need not")
            yield outer
            return
        self._notice_replacement()
        options = {_WRITING: writing, _DURABLE: durable}
        try:
            with self._engine.connect().execution_options(**options) as connection, connection.begin():
                self._current.connection = connection
                try:
                    yield connection
                finally:
                    self._current.connection = None
        except (DBAPIError, sqlite3.Error) as err:
            raise converted(err, self.path, doing) from err

    def _notice_replacement(self) -> None:
        """When another process put a new file in the old one's place, leave the old one."""
        try:
            inode = os.stat(self.path).st_ino
        except OSError as err:
            raise StoreMissingError(f"{self.path}: the database has gone") from err
        if inode != self._inode:
            self._engine.dispose()
            self._inode = inode


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: one that reads first and then writes can fail without waiting (SQLITE_BUSY).
    options = connection.get_execution_options()
    if options.get(_WRITING):
        # Connections are used in turn: of the one before it isn't known what it was set to.
        connection.exec_driver_sql(f"pragma synchronous = {'full' if options.get(_DURABLE) else 'normal'}")
        connection.exec_driver_sql("begin immediate")
    else:
        connection.exec_driver_sql("begin")
