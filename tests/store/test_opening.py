"""Databases that are missing, empty, corrupt, locked, newer or another's, for real."""

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from pynvr.base.errors import StoreError
from pynvr.model.incident import Incident
from pynvr.store import backup, opening
from pynvr.store.backup import backups, is_backup_due, make_backup, unsound
from pynvr.store.database import StoreDamagedError, StoreMissingError, damaged_mark
from pynvr.store.store import Store, open_or_repair
from tests.store.samples import T0, S, segment
from tests.waiting import wait_until


def filled(url: str, minutes: int = 3) -> Path:
    with Store.open(url) as store:
        store.segments.add(*(segment(minute=minute) for minute in range(minutes)))
        store.users.add("anna", "correct horse", "admin", T0)
        return store.path


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def test_a_missing_database_is_made_and_for_its_owner_alone(url, tmp_path):
    with open_or_repair(url) as store:
        assert store.opening.outcome == "made"
        assert store.segments.count() == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    with open_or_repair(url) as store:
        assert store.opening.outcome == "sound"


def test_a_command_that_only_reads_makes_no_database(url, tmp_path):
    with pytest.raises(StoreError, match="there is no database yet"):
        Store.open(url, create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wanted", ["sqlite://", "sqlite:///:memory:", "postgresql://host/db", "nonsense"])
def test_a_url_that_is_no_sqlite_file_is_refused(wanted):
    with pytest.raises(StoreError, match=r"system\.database"):
        Store.open(wanted)


def test_a_corrupt_database_is_set_aside_and_a_new_one_is_made(url):
    path = filled(url)
    overwrite(path, 0, b"not a database at all, just some text" * 200)
    with open_or_repair(url) as store:
        assert store.opening.outcome == "made"
        assert "corrupt-" in store.opening.detail
        assert store.users.all() == []
        store.segments.add(segment())
    (aside,) = [one for one in path.parent.glob("pynvr.db.corrupt-*") if one.suffix != ".lock"]
    assert aside.read_bytes().startswith(b"not a database")


def test_the_newest_good_backup_takes_the_place_of_a_corrupt_database(url):
    path = filled(url)
    make_backup(path, T0)
    with Store.open(url) as store:
        store.users.add("bert", "battery staple", "viewer", T0)
    make_backup(path, T0 + 86_400 * S)
    make_backup(path, T0 + 2 * 86_400 * S).write_bytes(b"this backup is torn")
    overwrite(path, 0, b"\0" * 8192)
    with open_or_repair(url) as store:
        assert store.opening.outcome == "restored"
        assert "20260102T000000" in store.opening.detail
        assert [user.name for user in store.users.all()] == ["anna", "bert"]
        assert store.segments.count() == 3


def test_an_incident_gets_no_id_that_the_lost_database_may_have_given(url):
    path = filled(url)
    with Store.open(url) as store:
        assert store.incidents.add(Incident("gate", T0, S, S, "known", T0)).id == 1
    make_backup(path, T0)
    with Store.open(url) as store:
        lost = store.incidents.add(Incident("gate", T0, S, S, "lost", T0))
    overwrite(path, 0, b"\0" * 8192)
    with open_or_repair(url) as store:
        known = store.incidents.of_key("known")
        assert known is not None and known.id == 1
        assert store.incidents.of_key("lost") is None
        again = store.incidents.add(Incident("gate", T0, S, S, "new", T0))
        assert again.id > 1000 > lost.id
        assert store.incidents.add(Incident("gate", T0, S, S, "next", T0)).id == again.id + 1


@pytest.mark.parametrize("has_backup", [True, False])
def test_who_is_killed_while_it_repairs_leaves_all_of_it_to_the_next(url, monkeypatch, has_backup):
    path = filled(url)
    if has_backup:
        make_backup(path, T0)
    with Store.open(url) as store:
        lost = store.incidents.add(Incident("gate", T0, S, S, "lost", T0))
    overwrite(path, 0, b"\0" * 8192)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("pynvr.store.opening._begin_ids_anew", killed)
        open_or_repair(url)
    with open_or_repair(url) as store:
        assert (store.users.find("anna") is not None) == has_backup
        assert store.incidents.add(Incident("gate", T0, S, S, "new", T0)).id > 1000 > lost.id
    assert not [name for name in os.listdir(path.parent) if "restored" in name]


def test_what_a_log_still_holds_is_not_left_behind_when_a_backup_takes_its_place(url, monkeypatch):
    """SQLite brings it into the file when that is closed; on a full disk it doesn't, and says nothing."""
    path = filled(url)
    make_backup(path, T0)
    overwrite(path, 0, b"\0" * 8192)
    begin, holders = opening._begin_ids_anew, []

    def kept_from_the_file(made, busy_timeout_s):
        holders.append(sqlite3.connect(made))
        assert holders[0].execute("select count(*) from users").fetchone() == (1,)
        begin(made, busy_timeout_s)

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="what its log holds can't be written into it"):
        patch.setattr("pynvr.store.opening._begin_ids_anew", kept_from_the_file)
        open_or_repair(url)
    holders[0].close()
    assert not [name for name in os.listdir(path.parent) if name == path.name or "restored" in name]
    with open_or_repair(url) as store:
        assert store.opening.outcome == "restored"
        assert store.incidents.add(Incident("gate", T0, S, S, "new", T0)).id > 1000


def test_damage_in_the_middle_is_found_when_opened(url):
    path = filled(url, minutes=500)
    with sqlite3.connect(path) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    size = path.stat().st_size
    overwrite(path, size // 2 // 4096 * 4096, os.urandom(4096 * 4))
    with open_or_repair(url) as store:
        assert store.opening.outcome == "made"


def test_damage_met_while_running_is_marked_and_repaired_even_in_a_large_database(url, monkeypatch):
    monkeypatch.setattr(opening, "_CHECKED_BYTES", 0)
    path = filled(url, minutes=500)
    make_backup(path, T0)
    store = open_or_repair(url)
    with sqlite3.connect(path) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    overwrite(path, 4096 * 20, os.urandom(path.stat().st_size - 4096 * 20))
    with pytest.raises(StoreDamagedError):
        store.segments.in_range(["gate"], 0, 1 << 60)
    assert damaged_mark(path).exists()
    with open_or_repair(url) as repaired:
        assert repaired.opening.outcome == "restored"
        assert repaired.segments.count() == 500
    assert not damaged_mark(path).exists()
    # Who has had the old file open all the time goes on with the new one.
    assert len(store.segments.in_range(["gate"], 0, 1 << 60)) == 500
    store.close()


@pytest.mark.parametrize("left", [b"", None], ids=["emptied", "deleted"])
def test_a_database_that_was_lost_comes_back_from_its_backup(url, left):
    path = filled(url)
    make_backup(path, T0)
    store = Store.open(url)
    path.unlink()
    with pytest.raises(StoreMissingError):
        store.segments.count()
    if left is not None:
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(left)
    with open_or_repair(url) as again:
        assert again.opening.outcome == "restored"
        assert again.users.find("anna") is not None
    assert store.segments.count() == 3
    store.close()


def test_the_log_of_a_deleted_database_isnt_written_over_its_backup(url):
    """It was killed, and somebody deleted the one file."""
    path = filled(url, minutes=500)
    make_backup(path, T0)
    log = path.with_name(path.name + "-wal")
    with Store.open(url) as store:
        store.segments.add(*(segment("yard", minute=minute) for minute in range(3000)))
        left = log.read_bytes()
    path.unlink()
    log.write_bytes(left)
    with open_or_repair(url) as again:
        assert again.opening.outcome == "restored"
        assert again.segments.count() == len(again.segments.in_range(["gate", "yard"], 0, 1 << 60)) == 500
    assert unsound(path) == ""


def test_a_locked_database_is_waited_for(url):
    path = filled(url)
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("begin immediate")
    timer = threading.Timer(0.5, lambda: holder.execute("commit"))
    timer.start()
    with Store.open(url, busy_timeout_s=20) as store:
        store.segments.add(segment(minute=9))
        assert store.segments.count() == 4
    timer.join()
    holder.close()


def test_a_database_that_stays_locked_is_an_error_and_is_left_as_it_is(url):
    path = filled(url)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("pragma locking_mode = exclusive")
    holder.execute("begin exclusive")
    with pytest.raises(StoreError, match="locked"):
        open_or_repair(url, busy_timeout_s=0.1)
    holder.execute("commit")
    holder.close()
    assert not list(path.parent.glob("*.corrupt-*"))
    with open_or_repair(url) as store:
        assert store.segments.count() == 3


def test_a_disk_or_a_lock_that_hinders_the_check_is_no_damage(url, monkeypatch):
    path = filled(url)
    make_backup(path, T0)

    def refuse(*_args, **_options):
        raise sqlite3.OperationalError("unable to open database file")

    with monkeypatch.context() as hindered:
        hindered.setattr(backup, "schema_version", refuse)
        with pytest.raises(StoreError, match="unable to open"):
            open_or_repair(url, busy_timeout_s=0.1)
    assert not list(path.parent.glob("*.corrupt-*"))
    with open_or_repair(url) as store:
        assert store.opening.outcome == "sound"


def test_a_writer_that_waits_in_vain_says_so_and_reading_goes_on(url):
    path = filled(url)
    with Store.open(url, busy_timeout_s=0.1) as store:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("begin immediate")
        with pytest.raises(StoreError, match="locked"):
            store.segments.add(segment(minute=9))
        assert store.segments.count() == 3
        holder.execute("rollback")
        holder.close()
        store.segments.add(segment(minute=9))


def test_a_newer_schema_is_refused_and_left_alone(url):
    path = filled(url)
    with sqlite3.connect(path) as connection:
        connection.execute("pragma user_version = 999")
    for open_it in (Store.open, open_or_repair):
        with pytest.raises(StoreError, match="a newer PyNVR made it"):
            open_it(url)
    assert not list(path.parent.glob("*.corrupt-*"))


def test_another_programs_database_is_refused_and_left_alone(url, tmp_path):
    with sqlite3.connect(tmp_path / "pynvr.db") as connection:
        connection.execute("create table theirs (x)")
    with pytest.raises(StoreError, match="another program"):
        open_or_repair(url)
    assert not list(tmp_path.glob("*.corrupt-*"))


def test_a_folder_that_cannot_be_written_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"Not a directory|File exists"):
        open_or_repair(f"sqlite:///{tmp_path}/file/pynvr.db")


def test_a_backup_is_made_a_day_and_seven_are_kept(url):
    path = filled(url)
    for day in range(10):
        now_us = T0 + day * 86_400 * S
        assert is_backup_due(path, now_us)
        make_backup(path, now_us)
        assert not is_backup_due(path, now_us + 3600 * S)
    names = [copy.name for copy in backups(path)]
    assert names == [f"pynvr.202601{day:02}T000000.db" for day in range(10, 3, -1)]
    assert len(list(backup.backup_folder(path).iterdir())) == 7
    assert all(stat.S_IMODE(copy.stat().st_mode) == 0o600 for copy in backups(path))


def test_a_clock_that_was_ahead_once_neither_hides_later_backups_nor_makes_one_each_time(url):
    path = filled(url)
    make_backup(path, T0 + 5000 * 86_400 * S)
    assert is_backup_due(path, T0)
    with Store.open(url) as store:
        store.users.add("bert", "battery staple", "viewer", T0)
    newest = make_backup(path, T0)
    assert backups(path)[0] == newest
    assert not is_backup_due(path, T0 + 600 * S)
    assert is_backup_due(path, T0 + 86_400 * S)


def test_copies_at_which_their_process_was_killed_go_with_the_next_one(url):
    path = filled(url)
    whole = make_backup(path, T0)
    killed = [whole.with_name(f".{path.stem}.20260101T00000{number}{path.suffix}") for number in range(2)]
    for left in (*killed, killed[1].with_name(f"{killed[1].name}-journal"), whole.with_name(".notes")):
        left.write_bytes(b"x")
    newer = make_backup(path, T0 + 86_400 * S)
    assert sorted(one.name for one in whole.parent.iterdir()) == sorted([".notes", whole.name, newer.name])


def test_a_backup_taken_while_others_write_is_whole(url):
    path = filled(url)
    done = threading.Event()

    def write() -> None:
        with Store.open(url) as store:
            for minute in range(10_000):
                if done.is_set():
                    return
                store.segments.add(segment(minute=minute))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Store.open(url) as store:
            wait_until(lambda: store.segments.count() > 20, what="rows being written")
        copy = make_backup(path, T0)
        assert backup.unsound(copy) == ""
    finally:
        done.set()
        writer.join()


def test_a_backup_is_not_made_of_a_damaged_database(url):
    path = filled(url, minutes=500)
    with sqlite3.connect(path) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    overwrite(path, 4096 * 20, os.urandom(path.stat().st_size - 4096 * 20))
    with pytest.raises(StoreError):
        make_backup(path, T0)
    assert list(backup.backup_folder(path).iterdir()) == []
