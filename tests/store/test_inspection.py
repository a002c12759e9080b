"""A database looked at from outside."""

from contextlib import closing

from pynvr.store.backup import make_backup
from pynvr.store.database import connect
from pynvr.store.inspection import account_names, inspect
from pynvr.store.store import Store


def test_a_sound_database_is_told_and_not_touched(tmp_path):
    path = tmp_path / "pynvr.sqlite"
    with Store.open(f"sqlite:///{path}") as store:
        store.tokens.create("doorbell", "viewer", 1)
    before = path.read_bytes()
    found = inspect(path)
    assert (found.problem, found.checked, found.rows["tokens"]) == ("", True, 1)
    assert found.schema_version == found.known_version
    assert path.read_bytes() == before


def test_an_older_schema_is_told_and_stays(tmp_path):
    path = tmp_path / "pynvr.sqlite"
    Store.open(f"sqlite:///{path}").close()
    with closing(connect(path)) as connection:
        connection.execute("pragma user_version = 1")
    assert "becomes" in inspect(path).problem
    assert inspect(path).schema_version == 1


def test_names_come_from_a_copy_where_the_database_is_damaged(tmp_path):
    path = tmp_path / "pynvr.sqlite"
    with Store.open(f"sqlite:///{path}") as store:
        store.tokens.create("doorbell", "viewer", 1)
        make_backup(path, 1)
    assert account_names(path) == {"doorbell"}
    path.write_bytes(b"no database")
    assert account_names(path) == {"doorbell"}
    assert inspect(path).copies == ("pynvr.19700101T000000.sqlite",)
