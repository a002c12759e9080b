"""The journal's way into the database: nothing twice, nothing lost, files kept for a month."""

import errno
from pathlib import Path

from pynvr.archive.journal import JournalWriter
from pynvr.finisher import ingestion
from pynvr.finisher.causes import ingest_causes
from pynvr.finisher.ingestion import Ingestion
from pynvr.model.cause import Cause, Transition
from pynvr.store.store import Store

DAY_US = 86_400_000_000
START_US = 1_782_900_000_000_000


def told(number):
    return Transition("gate", START_US + number, Cause.STALLED, f"no video, {number}")


def test_only_what_is_new_is_copied(tmp_path):
    journal = JournalWriter(tmp_path)
    with Store.open(f"sqlite:///{tmp_path}/x.sqlite") as store:
        assert ingest_causes(store, tmp_path, Ingestion()) == 0
        journal.append([told(1), told(2)], START_US)
        assert ingest_causes(store, tmp_path, Ingestion()) == 2
        assert ingest_causes(store, tmp_path, Ingestion()) == 0
        journal.append([told(3)], START_US)
        journal.append([told(4)], START_US + DAY_US)
        assert ingest_causes(store, tmp_path, Ingestion()) == 2
        assert store.causes.between(["gate"], START_US, START_US + 100)["gate"] == [told(n) for n in range(1, 5)]


def test_a_database_that_lost_its_memory_is_told_again(tmp_path):
    journal = JournalWriter(tmp_path)
    journal.append([told(1)], START_US)
    for name in ("first", "second"):
        with Store.open(f"sqlite:///{tmp_path}/{name}.sqlite") as store:
            assert ingest_causes(store, tmp_path, Ingestion()) == 1


def test_a_line_that_is_not_whole_yet_waits(tmp_path):
    JournalWriter(tmp_path).append([told(1)], START_US)
    (path,) = tmp_path.glob("causes.*")
    whole = path.read_bytes()
    with Store.open(f"sqlite:///{tmp_path}/x.sqlite") as store:
        path.write_bytes(whole + whole[:20])
        assert ingest_causes(store, tmp_path, Ingestion()) == 1
        assert ingest_causes(store, tmp_path, Ingestion()) == 0
        path.write_bytes(whole + whole.replace(b", 1", b", 9"))
        assert ingest_causes(store, tmp_path, Ingestion()) == 1


def test_old_files_go_when_they_are_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(ingestion, "_FILES_KEPT", 2)
    journal = JournalWriter(tmp_path)
    for day in range(4):
        journal.append([told(day)], START_US + day * DAY_US)
    with Store.open(f"sqlite:///{tmp_path}/x.sqlite") as store:
        assert ingest_causes(store, tmp_path, Ingestion()) == 4
        assert len(list(tmp_path.glob("causes.*"))) == 2
        assert len(store.causes.journals()) == 2
        assert len(store.causes.between(["gate"], START_US, START_US + 100)["gate"]) == 4


def test_old_files_that_can_not_be_deleted_hold_up_nothing_and_are_told_once(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(ingestion, "_FILES_KEPT", 1)
    journal = JournalWriter(tmp_path)
    for day in range(2):
        journal.append([told(day)], START_US + day * DAY_US)

    def refuse(path, **_how):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    copying = Ingestion()
    with Store.open(f"sqlite:///{tmp_path}/x.sqlite") as store:
        monkeypatch.setattr(Path, "unlink", refuse)
        assert ingest_causes(store, tmp_path, copying) == 2
        assert len(store.causes.journals()) == 2, "a file that is there is known, or it would be copied again"
        assert ingest_causes(store, tmp_path, copying) == 0
        assert caplog.text.count("can't be deleted: Read-only file system") == 1
