"""Entries of the audit log out of the journals of those who can't write into the database."""

import pytest

from pynvr.archive.audit_journal import append_entries, audit_files, read_entries
from pynvr.base.errors import StoreError
from pynvr.finisher.audit import ingest_audit
from pynvr.finisher.ingestion import Ingestion
from pynvr.model.audit import Entry, Level, Source
from pynvr.store.audit import Wanted
from pynvr.store.store import Store

NOW_US = 1_773_144_000_000_000
DAY_US = 86_400_000_000


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/pynvr.sqlite") as opened:
        yield opened


@pytest.fixture
def run_dir(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def entry(action, **values):
    return Entry(NOW_US, Level.WARNING, Source.MASTER, action, "it died “⚡”", subject="web", **values)


def told(store):
    return [one.entry for one in reversed(store.audit.page(Wanted(), 100))]


def test_each_entry_is_copied_once_whoever_wrote_it(store, run_dir):
    append_entries(run_dir, "master", [entry("a"), entry("b", detail={"n": [1, None]})], NOW_US)
    append_entries(run_dir, "web", [entry("c")], NOW_US)
    assert ingest_audit(store, run_dir, Ingestion()) == 3
    assert ingest_audit(store, run_dir, Ingestion()) == 0
    append_entries(run_dir, "master", [entry("d")], NOW_US + DAY_US)
    append_entries(run_dir, "master", [entry("e")], NOW_US)  # the clock was set back
    assert ingest_audit(store, run_dir, Ingestion()) == 2
    assert told(store) == [entry("a"), entry("b", detail={"n": [1, None]}), entry("c"), entry("d"), entry("e")]


def test_nothing_is_copied_twice_after_a_transaction_that_failed(store, run_dir, monkeypatch):
    append_entries(run_dir, "master", [entry("a")], NOW_US)
    with monkeypatch.context() as patch:

        def fail(*_):
            raise StoreError("locked")

        patch.setattr(store.causes, "ingest", fail)
        with pytest.raises(StoreError):
            ingest_audit(store, run_dir, Ingestion())
    assert told(store) == []
    assert ingest_audit(store, run_dir, Ingestion()) == 1


def test_a_torn_or_strange_line_holds_up_no_other(store, run_dir):
    append_entries(run_dir, "master", [entry("a")], NOW_US)
    (path,) = audit_files(run_dir)["master"]
    with path.open("ab") as file:
        file.write(b'{"at_us": 5}\n[]\n{"at_us"')
    append_entries(run_dir, "master", [entry("b")], NOW_US)
    assert [one.action for one in read_entries(path)[0]] == ["a", "b"]
