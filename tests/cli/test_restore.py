"""A backup put on an empty machine, as docs/operations.md says: with the database, and from recordings alone."""

import json
import shutil
from contextlib import closing

import pytest

from pynvr.store.backup import make_backup
from pynvr.store.database import connect
from pynvr.store.store import Store
from tests.cli.archive_of_one_camera import Home


@pytest.fixture
def saved(tmp_path):
    """What a backup holds: nvr.json, recordings, and the newest daily copy of the database."""
    old = Home(tmp_path / "old")
    for minute in range(2):
        old.put(f"20260101.080{minute}")
    (old.dst / ".pynvr-disk").write_text("0123456789abcdef\n")
    old.run("reindex")
    database = old.folder / "data/pynvr.sqlite"
    with Store.open(f"sqlite:///{database}") as store:
        store.tokens.create("doorbell", "viewer", 1)
        store.disks.remember(old.dst, "0123456789abcdef")  # as the start does
        store.keeps.add("gate", 1, 2, reason="for the insurance", made_by="anna", now_us=1)
    copy = make_backup(database, 1_700_000_000_000_000)
    folder = tmp_path / "saved"
    shutil.copytree(old.dst, folder / "cameras/gate")
    shutil.copy(old.config, folder / "nvr.json")
    shutil.copy(copy, folder / "pynvr.sqlite")
    shutil.rmtree(old.folder)
    return folder


def put_back(saved, folder, *, with_database: bool) -> Home:
    """On an empty machine whose folders have other names."""
    new = Home(folder)
    document = json.loads((saved / "nvr.json").read_text())
    document["system"]["data_dir"] = str(folder / "data")
    new.config.write_text(json.dumps(document))
    shutil.copytree(saved / "cameras/gate", new.dst)
    if with_database:
        shutil.copy(saved / "pynvr.sqlite", folder / "data/pynvr.sqlite")
    return new


@pytest.fixture
def empty(tmp_path):
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


def test_with_the_database_users_and_keeps_are_there_again(saved, empty):
    new = put_back(saved, empty, with_database=True)
    assert new.run("verify").exit_code == 1  # the folders have other names than those the database knows
    told = new.run("reindex")
    assert told.exit_code == 0, told.output
    assert new.run("verify").exit_code == 0
    assert "doorbell" in new.run("token", "list").output
    with Store.open(f"sqlite:///{empty}/data/pynvr.sqlite") as store:
        assert [keep.reason for keep in store.keeps.all()] == ["for the insurance"]
        segment = store.segments.find("gate", "20260101.0801")
        assert segment is not None and segment.dst == str(new.dst)


def test_beside_the_original_each_recording_is_listed_once(saved, empty, tmp_path):
    shutil.copytree(saved / "cameras/gate", tmp_path / "old/data/cameras/gate")
    new = put_back(saved, empty, with_database=True)
    told = new.run("reindex")
    assert "the catalog holds 2 segments" in told.output, told.output
    assert new.run("verify").exit_code == 0


def test_from_recordings_alone_all_video_is_there_and_nobody_is_known(saved, empty):
    new = put_back(saved, empty, with_database=False)
    assert new.run("reindex").exit_code == 0
    result = new.run("verify")
    assert (result.exit_code, result.output.strip().endswith("nothing is wrong")) == (0, True)
    assert "doorbell" not in new.run("token", "list").output


@pytest.mark.parametrize("verb", ["verify", "reindex"])
def test_an_older_pynvr_refuses_the_database_of_a_newer_one_and_leaves_it(saved, empty, verb):
    new = put_back(saved, empty, with_database=True)
    path = empty / "data/pynvr.sqlite"
    with closing(connect(path)) as connection:
        connection.execute("pragma user_version = 9999")
        connection.execute("pragma wal_checkpoint(truncate)")
    before = path.read_bytes()
    result = new.run(verb)
    assert result.exit_code == 1
    assert "a newer PyNVR made it; install that one, or set another `system.database`" in result.output
    assert path.read_bytes() == before
