"""Problems in the database follow the .bad files."""

import shutil

from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.problems import match_problems
from pynvr.store.store import Store
from tests.finisher.clips import STAMP


def test_rows_follow_the_files_and_outlive_a_disk_that_is_gone(tmp_path):
    folder = tmp_path / "disk" / "gate" / STAMP[:8]
    folder.mkdir(parents=True)
    for minute in ("1000", "1001"):
        chunk = folder / f"gate.20260701.{minute}.chunk"
        chunk.write_bytes(b"no chunk at all")
        finish_chunk(chunk)
    bad = set(folder.glob("*.bad"))
    assert len(bad) == 2
    with Store.open(f"sqlite:///{tmp_path}/x.sqlite") as store:
        match_problems(store, bad)
        first, second = sorted(store.problems.all(), key=lambda problem: problem.stamp)
        assert (first.camera_id, first.stamp, first.file_bytes) == ("gate", STAMP, 15)
        assert "not a chunk" in first.reason
        first.path.unlink()
        match_problems(store, {second.path})
        assert store.problems.all() == [second]
        shutil.rmtree(tmp_path / "disk")
        match_problems(store, set())
        assert store.problems.all() == [second]
