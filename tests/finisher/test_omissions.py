"""What was left out, from the finisher's files into the database, whatever becomes of either."""

from pathlib import Path

from pynvr.archive.omitted import append_omissions, omission_files, read_omissions
from pynvr.finisher import ingestion
from pynvr.finisher.ingestion import Ingestion
from pynvr.finisher.omissions import ingest_omissions
from pynvr.model.cause import Cause
from pynvr.store.deletions import DeletedSpan
from pynvr.store.store import Store

S = 1_000_000
T0 = 1_782_900_000 * S
DAY = 86_400 * S


def span(from_s, to_s, camera_id="gate"):
    return DeletedSpan(camera_id, T0 + from_s * S, T0 + to_s * S, Cause.NO_MOTION)


def stored(store):
    return store.omissions.between(["gate"], 0, 1 << 62)["gate"]


def test_spans_reach_the_database_once(tmp_path):
    append_omissions(tmp_path, [span(0, 10), span(20, 30), span(0, 5, "yard")], T0)
    with Store.open(f"sqlite:///{tmp_path}/one.db") as store:
        assert ingest_omissions(store, tmp_path, Ingestion()) == 3
        assert ingest_omissions(store, tmp_path, Ingestion()) == 0
        append_omissions(tmp_path, [span(40, 50)], T0 + DAY)
        assert ingest_omissions(store, tmp_path, Ingestion()) == 1
        assert stored(store) == [span(0, 10), span(20, 30), span(40, 50)]
    assert len(omission_files(tmp_path)) == 2


def test_a_database_that_was_lost_learns_them_again(tmp_path):
    append_omissions(tmp_path, [span(0, 10)], T0)
    for name in ("one", "another"):
        with Store.open(f"sqlite:///{tmp_path}/{name}.db") as store:
            assert ingest_omissions(store, tmp_path, Ingestion()) == 1
            assert stored(store) == [span(0, 10)]


def test_a_torn_line_waits_and_damage_is_left_out(tmp_path):
    append_omissions(tmp_path, [span(0, 10)], T0)
    (path,) = omission_files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    assert read_omissions(path) == ([span(0, 10)], len(whole))
    append_omissions(tmp_path, [span(40, 50)], T0)
    path.write_bytes(path.read_bytes() + b'{"camera_id": "gate", "start_us": 9, "end_us": 3}\n[]\n')
    assert read_omissions(path)[0] == [span(0, 10), span(40, 50)]


def test_a_new_file_is_on_disk_with_its_name(tmp_path, monkeypatch):
    synced: list[Path] = []
    monkeypatch.setattr("pynvr.archive.lines.sync_folder", synced.append)
    append_omissions(tmp_path, [span(0, 10)], T0)
    append_omissions(tmp_path, [span(20, 30)], T0)
    assert synced == [tmp_path]


def test_nothing_is_written_behind_the_newest_file_when_the_clock_is_set_back(tmp_path):
    append_omissions(tmp_path, [span(0, 10)], T0 + DAY)
    append_omissions(tmp_path, [span(20, 30)], T0)
    assert len(omission_files(tmp_path)) == 1


def test_old_files_go(tmp_path, monkeypatch):
    monkeypatch.setattr(ingestion, "_FILES_KEPT", 2)
    with Store.open(f"sqlite:///{tmp_path}/one.db") as store:
        for day in range(4):
            append_omissions(tmp_path, [span(100 * day, 100 * day + 10)], T0 + day * DAY)
            ingest_omissions(store, tmp_path, Ingestion())
        assert len(omission_files(tmp_path)) == 2
        assert len(store.causes.journals()) == 2
        assert len(stored(store)) == 4
