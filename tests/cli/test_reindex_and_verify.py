"""`pynvr reindex` and `pynvr verify`, as a person and as a script use them."""

import fcntl
import json
import os
import time
from types import SimpleNamespace

import pytest

from tests.cli.archive_of_one_camera import Home


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    for minute in range(3):
        made.put(f"20260101.080{minute}")
    return made


def test_recordings_that_were_there_before_pynvr_are_found_and_verified(home):
    assert home.run("verify").exit_code == 1
    result = home.run("reindex")
    assert result.exit_code == 0
    assert "3 segments added" in result.output
    assert "the catalog holds 3 segments" in result.output
    result = home.run("verify")
    assert (result.exit_code, result.output.strip().endswith("nothing is wrong")) == (0, True)


def test_a_script_gets_json_and_an_exit_code(home):
    broken = home.put("20260101.0810")
    broken.write_bytes(b"no video")
    result = home.run("reindex", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["added"], report["unreadable_count"], report["segments"]) == (3, 1, 3)
    assert report["unreadable"][0]["path"] == str(broken)
    result = home.run("verify", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["faults"] == 1
    assert report["counts"] == {"unreadable": 1}
    assert report["findings"][0]["path"] == str(broken)


def test_a_chunk_that_is_being_recorded_is_told_as_that_and_not_listed(home):
    home.run("reindex")
    waiting, growing = (home.dst / f"20260101/gate.20260101.09{minute}.chunk" for minute in ("00", "01"))
    waiting.touch()
    growing.touch()
    with growing.open("rb") as recorder:
        fcntl.flock(recorder, fcntl.LOCK_EX)
        result = home.run("verify")
        kinds = {one["path"]: one["kind"] for one in json.loads(home.run("verify", "--json").stdout)["findings"]}
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == f"unfinished: {waiting}"
    assert growing.name not in result.output
    assert result.output.splitlines()[-1] == "1 chunk is being recorded now, as should be"
    assert kinds == {str(waiting): "unfinished", str(growing): "being recorded"}


def test_repair_makes_the_catalog_equal_to_the_tree(home):
    home.run("reindex")
    (home.dst / "20260101/gate.20260101.0800.mp4").unlink()
    home.put("20260101.0811")
    result = home.run("verify")
    assert result.exit_code == 1
    assert "not in tree" in result.output
    assert "not in catalog" in result.output
    assert home.run("verify", "--repair").exit_code == 0
    assert home.run("verify").exit_code == 0


def test_a_lost_database_is_made_again_with_a_word_about_it(home):
    home.run("reindex")
    database = next((home.folder / "data").glob("*.sqlite"))
    database.write_bytes(b"x" * 9000)
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    result = home.run("reindex")
    assert result.exit_code == 0
    assert "was damaged" in result.stderr
    assert "3 segments added" in result.stdout


def test_only_changed_folders_are_read_when_asked_so(home):
    home.run("reindex")
    result = home.run("reindex", "--changed", "--json")
    assert json.loads(result.stdout)["added"] == 0


def test_files_too_new_for_the_catalog_are_told_while_pynvr_runs(home, monkeypatch):
    home.run("reindex")
    monkeypatch.setattr("pynvr.cli.verify.settled_s", lambda _settings: 120.0)
    first = home.put("20260101.0811")
    result = home.run("verify")
    assert result.exit_code == 0
    assert "3 segments" in result.output
    assert "1 file is too new to be in the catalog and was not compared" in result.output
    home.put("20260101.0812")
    (home.dst / "20260101/gate.20260101.0800.mp4").write_bytes(b"no video")
    result = home.run("verify", "--repair")
    assert result.exit_code == 1
    assert ": 1 fault (1 × unreadable)" in result.output
    assert "2 files are too new to be in the catalog and were not compared" in result.output
    assert json.loads(home.run("verify", "--json").stdout)["too_new"] == 2
    assert first.exists()


def test_what_grows_old_while_others_are_mended_is_not_called_wrong(home, monkeypatch):
    """Its finisher may be about to enter it: this look can't have mended what the one before left out."""
    home.run("reindex")
    monkeypatch.setattr("pynvr.cli.verify.settled_s", lambda _settings: 120.0)
    start_ns = time.time_ns()
    young = home.put("20260101.0811")
    os.utime(young, ns=(start_ns, start_ns - 100_000_000_000))
    passed_s, looks = [0], [1]

    def look_again(_words):
        passed_s[0], looks[0] = 60, 2

    def look(_words):
        # The second one comes to the folder later than the first one did.
        passed_s[0] = 120 if looks == [2] else 0

    clock = SimpleNamespace(time_ns=lambda: start_ns + passed_s[0] * 1_000_000_000)
    monkeypatch.setattr("pynvr.cli.verify.time", clock)
    monkeypatch.setattr("pynvr.catalog.verify.time", clock)
    monkeypatch.setattr("pynvr.cli.verify.note", look_again)
    monkeypatch.setattr("pynvr.cli.verify.passing", look)
    (home.dst / "20260101/gate.index").unlink()
    for minute in range(3):
        os.utime(home.dst / f"20260101/gate.20260101.080{minute}.mp4", (0, 0))
    result = home.run("verify", "--repair")
    assert passed_s == [120]
    assert result.exit_code == 0, result.output
