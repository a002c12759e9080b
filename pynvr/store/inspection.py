"""A database looked at from outside: nothing of it is changed, whatever state it is in."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pynvr.base.errors import StoreError
from pynvr.store.backup import backups
from pynvr.store.migrate import known_migrations, schema_version

# Reading all of a larger one takes long.
_CHECKED_BYTES = 100_000_000
_BUSY_TIMEOUT_S = 5.0
_NAMES = "select name from users union select name from tokens union select distinct actor from audit"


@dataclass(frozen=True, slots=True)
class Inspection:
    """`problem`: why it can't be used by this PyNVR, in words; empty if it can. `rows`: by table.

    `checked`: whether all of it was read for damage. `journal_bytes`: of its write-ahead log. `copies`: its backups.
    """

    problem: str
    schema_version: int = 0
    known_version: int = 0
    file_bytes: int = 0
    journal_bytes: int = 0
    checked: bool = False
    rows: dict[str, int] = field(default_factory=dict)
    copies: tuple[str, ...] = ()


def inspect(path: Path) -> Inspection:
    """What can be told of the file."""
    known = known_migrations()[-1].number
    copies = tuple(copy.name for copy in backups(path))
    try:
        size = path.stat().st_size
    except OSError as err:
        return Inspection(f"{path}: {err.strerror}", known_version=known, copies=copies)
    journal = path.with_name(f"{path.name}-wal")
    journal_bytes = journal.stat().st_size if journal.exists() else 0
    version, rows, checked = 0, {}, False
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_TIMEOUT_S)) as found:
            version = schema_version(found)
            problem = _outside(version, known)
            rows = _rows(found)
            if not problem and size <= _CHECKED_BYTES:
                (answer,) = found.execute("pragma quick_check(1)").fetchone()
                problem, checked = "" if answer == "ok" else str(answer), True
    except (sqlite3.Error, StoreError) as err:
        problem = str(err)
    return Inspection(problem, version, known, size, journal_bytes, checked, rows, copies)


def account_names(path: Path) -> set[str]:
    """Names of users and tokens, also of former ones as far as the audit log knows them; of the newest copy that can
    be read if the database can't be."""
    for file in [path, *backups(path)]:
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as found:
                return {name for (name,) in found.execute(_NAMES) if name}
        except sqlite3.Error:
            continue
    return set()


def _outside(version: int, known: int) -> str:
    if version == 0:
        return "it is empty"
    if version > known:
        return f"a newer PyNVR made it (schema {version}, this one knows up to {known})"
    return f"its schema is {version}, and becomes {known} with the next start" if version < known else ""


def _rows(found: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in found.execute("select name from sqlite_schema where type = 'table' order by name")]
    return {
        name: found.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608 — names of the file's own tables
        for name in names
        if not name.startswith("sqlite_")
    }
