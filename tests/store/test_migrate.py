"""Numbered migrations, from an empty database on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pynvr.base.errors import StoreError
from pynvr.store.database import connect
from pynvr.store.migrate import known_migrations, migrate, schema_version
from pynvr.store.store import Store
from pynvr.store.tables import METADATA


def connection_to(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_an_empty_database_gets_every_migration_once(tmp_path):
    connection = connection_to(tmp_path / "new.db")
    assert schema_version(connection) == 0
    steps = known_migrations()
    assert migrate(connection, steps) == steps
    assert schema_version(connection) == steps[-1].number
    assert migrate(connection, steps) == []


def test_migrations_are_numbered_without_holes():
    assert [step.number for step in known_migrations()] == list(range(1, len(known_migrations()) + 1))


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("create table one (x);")
    (folder / "0002_second.sql").write_text(
        "create table two (x); insert into two values (1); insert into nowhere values (1);"
    )
    (folder / "notes.txt").write_text("no migration")
    connection = connection_to(tmp_path / "new.db")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(connection, known_migrations(folder))
    assert schema_version(connection) == 1
    assert connection.execute("select name from sqlite_schema").fetchall() == [("one",)]
    (folder / "0002_second.sql").write_text("create table two (x);")
    assert [step.number for step in migrate(connection, known_migrations(folder))] == [2]


def test_tables_that_are_made_anew_keep_their_rows_and_those_that_refer_to_them(tmp_path):
    before = [step for step in known_migrations() if step.number < 14]
    with closing(connect(tmp_path / "old.db", create=True)) as connection:
        migrate(connection, before)
        for row in (
            "users values (3, 'anna', 'scrypt$x', 'admin', 1, 1)",
            "sessions values (7, printf('%064d', 1), 3, 1, 1, '', '')",
            "keeps values (5, 'gate', 1, 2, 'why', 'anna', 1)",
            "tags values (6, 'gate', 1, 2, 'what', 'anna', 1)",
            "detections values (8, 'gate', 1, 'face', 0.5, 0, 0, 1, 1, '', '')",
            "alerts values (9, 8, 'gate', 1, 'face', 1)",
        ):
            connection.execute(f"insert into {row}")
        tables = ("users", "sessions", "keeps", "tags", "detections", "alerts")
        rows = {table: connection.execute(f"select * from {table}").fetchall() for table in tables}
        listed = "select name from sqlite_schema where type in ('index', 'trigger') and sql is not null order by name"
        indexes = connection.execute(listed).fetchall()
        migrate(connection, known_migrations())
        assert {table: connection.execute(f"select * from {table}").fetchall() for table in tables} == rows
        assert connection.execute(listed).fetchall() == indexes
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        connection.execute("delete from users")
        connection.execute("delete from detections")
        left = [connection.execute(f"select count(*) from {table}").fetchone() for table in ("sessions", "alerts")]
        assert left == [(0,), (0,)]


def test_a_newer_database_is_refused(tmp_path):
    connection = connection_to(tmp_path / "new.db")
    migrate(connection, known_migrations())
    connection.execute("pragma user_version = 2000")
    with pytest.raises(StoreError, match="newer PyNVR"):
        migrate(connection, known_migrations())


def test_the_tables_in_python_are_those_of_the_schema(url):
    with Store.open(url) as store:
        connection = connection_to(store.path)
        ours = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        names = {row[0] for row in connection.execute(ours)}
        assert names == set(METADATA.tables)
        for name, table in METADATA.tables.items():
            columns = [row[1] for row in connection.execute(f"pragma table_info({name})")]
            assert columns == [column.name for column in table.columns], name


def test_every_table_stands_in_the_documentation():
    page = (Path(__file__).parents[2] / "docs/database.md").read_text(encoding="utf-8")
    assert [name for name in METADATA.tables if f"| `{name}` |" not in page] == []


def test_nearly_every_column_is_explained_in_the_schema():
    lines = known_migrations()[0].sql.splitlines()
    tables = [line for line in lines if line.startswith("create table")]
    for table in tables:
        before = lines[lines.index(table) - 1]
        assert before.startswith("--"), f"{table} has no sentence"
