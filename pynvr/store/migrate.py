"""Numbered migrations: `migrations/NNNN_name.sql`, run in order, each in a transaction of its own.

`pragma user_version` holds the number of the last one that ran.
"""

import re
import sqlite3
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from pynvr.base.errors import StoreError

# "PNVR"; tells a database of ours from another program's.
APPLICATION_ID = 0x504E5652
_NAME = re.compile(r"(?P<number>\d{4})_\w+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: brings a database of version `number - 1` to `number`."""

    number: int
    name: str
    sql: str


def known_migrations(folder: Traversable | None = None) -> list[Migration]:
    """All steps in order, by default those that PyNVR brings along."""
    files = (folder or resources.files("pynvr.store") / "migrations").iterdir()
    steps = [
        Migration(int(match["number"]), file.name, file.read_text(encoding="utf-8"))
        for file in files
        if (match := _NAME.fullmatch(file.name))
    ]
    return sorted(steps, key=lambda step: step.number)


def schema_version(connection: sqlite3.Connection) -> int:
    """The schema's version; 0 = an empty database. Raises StoreError if it is another program's database."""
    (version,) = connection.execute("pragma user_version").fetchone()
    (application,) = connection.execute("pragma application_id").fetchone()
    (tables,) = connection.execute("select count(*) from sqlite_schema").fetchone()
    if application != APPLICATION_ID and (version or tables):
        raise StoreError("it is a database of another program; check `system.database`")
    return int(version)


def migrate(connection: sqlite3.Connection, steps: list[Migration]) -> list[Migration]:
    """Run the steps that the database lacks and return them.

    The connection is in autocommit mode. Raises StoreError for a database that a newer PyNVR made, and
    sqlite3.Error from a step, which then left nothing behind.
    """
    newest = steps[-1].number
    version = schema_version(connection)
    if version > newest:
        raise StoreError(
            f"its schema has version {version}, this PyNVR knows up to {newest}: "
            "a newer PyNVR made it; install that one, or set another `system.database`"
        )
    lacking = [step for step in steps if step.number > version]
    # A table that is made anew must not take along the rows that refer to it. Inside a transaction it can't be said.
    (checked,) = connection.execute("pragma foreign_keys").fetchone()
    connection.execute("pragma foreign_keys = off")
    try:
        for step in lacking:
            _run(connection, step)
    finally:
        connection.execute(f"pragma foreign_keys = {checked}")
    return lacking


def _run(connection: sqlite3.Connection, step: Migration) -> None:
    try:
        connection.executescript(
            f"begin immediate;\n{step.sql}\n"
            f"pragma application_id = {APPLICATION_ID};\npragma user_version = {step.number};\ncommit;"
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise
