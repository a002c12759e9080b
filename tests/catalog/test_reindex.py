"""The catalog made equal to the tree."""

import errno
import os
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import day_folder, days_of, index_path
from pynvr.catalog import reindex as module
from pynvr.catalog.reindex import reindex
from pynvr.model.stamp import stamp_start_us
from pynvr.store.store import Store

UTC = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def age(folder: Path, seconds: int = 60) -> None:
    """As if nothing had changed in the folder for a while."""
    facts = folder.stat()
    os.utime(folder, ns=(facts.st_atime_ns, facts.st_mtime_ns - seconds * 10**9))


def test_files_that_another_recorder_left_are_dated_by_their_names(store, archive):
    path = archive.put("20260101.0830")
    report = reindex(store, [archive.dst], BERLIN)
    assert (report.added, report.removed, report.unreadable_count) == (1, 0, 0)
    found = store.segments.find("gate", "20260101.0830")
    assert found.start_us == stamp_start_us("20260101.0830", BERLIN)
    assert found.end_us - found.start_us == 2_500_000
    assert (found.frames, found.codec, found.width, found.height) == (25, "h264", 64, 48)
    assert found.file_bytes == path.stat().st_size
    assert len(found.activity) == 3
    (record,) = read_records(index_path(archive.dst, "gate", "20260101"))
    assert (record.stamp, record.start_us) == (found.stamp, found.start_us)


def test_the_catalog_is_the_same_from_the_index_as_from_the_files(store, archive, tmp_path, monkeypatch):
    for minute in range(5):
        archive.put(f"20260101.08{minute:02}")
    reindex(store, [archive.dst], UTC)
    monkeypatch.setattr(module, "read_record", lambda *_: pytest.fail("a file was opened"))
    with Store.open(f"sqlite:///{tmp_path}/second.db") as second:
        assert reindex(second, [archive.dst], UTC).added == 5
        assert second.segments.in_range(["gate"], 0, 1 << 60) == store.segments.in_range(["gate"], 0, 1 << 60)


def test_what_a_day_index_lacks_is_entered_though_the_catalog_has_it(store, archive):
    for minute in range(3):
        archive.put(f"20260101.08{minute:02}")
    reindex(store, [archive.dst], UTC)
    index = index_path(archive.dst, "gate", "20260101")
    records = read_records(index)
    index.unlink()
    append_record(index, records[1])
    age(index.parent)
    assert reindex(store, [archive.dst], UTC).records == 0, "single records are looked for in everything alone"
    report = reindex(store, [archive.dst], UTC, everything=True)
    assert (report.added, report.records) == (0, 2)
    assert read_records(index) == records
    index.unlink()
    assert reindex(store, [archive.dst], UTC).records == 3, "a day index that is gone is noticed at once"
    assert read_records(index) == records


def test_only_folders_that_changed_are_read_again(store, archive):
    archive.put("20260101.0830")
    archive.put("20260102.0830")
    reindex(store, [archive.dst], UTC)
    for day in ("20260101", "20260102"):
        age(day_folder(archive.dst, day))
    assert reindex(store, [archive.dst], UTC).folders_read == 2
    assert reindex(store, [archive.dst], UTC).folders_read == 0
    archive.put("20260102.0831")
    report = reindex(store, [archive.dst], UTC)
    assert (report.folders, report.folders_read, report.added) == (2, 1, 1)
    assert reindex(store, [archive.dst], UTC, everything=True).folders_read == 2


def test_a_folder_that_may_still_change_is_not_taken_as_known(store, archive):
    archive.put("20260101.0830")
    reindex(store, [archive.dst], UTC)
    assert store.scans.known(archive.dst) == {}


def test_rows_without_a_file_go_and_so_do_days_without_a_folder(store, archive):
    gone = archive.put("20260101.0830")
    archive.put("20260101.0831")
    archive.put("20260102.0830")
    reindex(store, [archive.dst], UTC)
    gone.unlink()
    shutil.rmtree(day_folder(archive.dst, "20260102"))
    report = reindex(store, [archive.dst], UTC)
    assert report.removed == 2
    assert [one.stamp for one in store.segments.in_range(["gate"], 0, 1 << 60)] == ["20260101.0831"]


def test_a_folder_that_is_gone_is_moved_only_if_another_one_carries_its_marker(store, archive, tmp_path):
    archive.put("20260101.0830")
    reindex(store, [archive.dst], UTC)
    unmarked = tmp_path / "without a marker"
    unmarked.mkdir()
    elsewhere = archive.dst.rename(archive.dst.with_name("elsewhere"))
    # Nobody knows a marker of the folder that is gone: that the others have none either is no likeness.
    report = reindex(store, [archive.dst, unmarked], UTC)
    assert report.removed == 0 and "its recordings stay in the catalog" in report.skipped[0]
    store.disks.remember(archive.dst, archive.marker)
    assert reindex(store, [archive.dst, unmarked], UTC).removed == 0
    report = reindex(store, [archive.dst, unmarked, elsewhere], UTC)
    assert (report.added, report.removed, report.skipped) == (1, 1, [])


def test_a_folder_that_cannot_be_asked_for_is_not_gone(store, archive, monkeypatch):
    archive.put("20260101.0830")
    store.disks.remember(archive.dst, archive.marker)
    reindex(store, [archive.dst], UTC)
    copy = archive.dst.with_name("copy")
    shutil.copytree(archive.dst, copy)
    stat = Path.stat

    def failing(path, **how):
        if path == archive.dst:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", failing)
    monkeypatch.setattr(module, "read_marker", lambda dst: archive.marker)
    assert module._moved(store, [archive.dst, copy]) == set()


def test_a_disk_that_fails_keeps_its_rows_and_holds_up_no_other(store, archive, tmp_path, monkeypatch):
    archive.put("20260101.0830")
    well = tmp_path / "well"
    shutil.copytree(archive.dst, well)
    (well / ".pynvr-disk").unlink()
    reindex(store, [archive.dst], UTC)

    def failing(dst):
        if dst == archive.dst:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(dst))
        return days_of(dst)

    monkeypatch.setattr(module, "days_of", failing)
    report = reindex(store, [archive.dst, well], UTC)
    assert (report.added, report.removed, report.skipped) == (1, 0, [f"{archive.dst}: Input/output error"])


def test_a_file_of_another_length_is_read_again(store, archive):
    path = archive.put("20260101.0830")
    reindex(store, [archive.dst], UTC)
    with path.open("ab") as file:
        file.write(b"\0\0\0\x08free")
    assert reindex(store, [archive.dst], UTC).added == 1
    assert store.segments.find("gate", "20260101.0830").file_bytes == path.stat().st_size


def test_files_that_are_no_mp4_are_named_and_the_rest_goes_in(store, archive):
    archive.put("20260101.0830")
    broken = archive.put("20260101.0831")
    broken.write_bytes(broken.read_bytes()[:300])
    empty = archive.put("20260101.0832")
    empty.write_bytes(b"")
    (day_folder(archive.dst, "20260101") / "notes.txt").write_text("no segment")
    report = reindex(store, [archive.dst], UTC)
    assert (report.added, report.unreadable_count) == (1, 2)
    assert {path for path, _reason in report.unreadable} == {broken, empty}
    assert all(reason for _path, reason in report.unreadable)


def test_a_disk_that_is_not_mounted_keeps_its_rows(store, archive):
    archive.put("20260101.0830")
    store.disks.remember(archive.dst, archive.marker)
    reindex(store, [archive.dst], UTC)
    mounted = archive.dst.rename(archive.dst.with_name("mounted"))
    assert "isn't mounted" in reindex(store, [archive.dst], UTC).skipped[0]
    archive.dst.mkdir()
    assert "isn't mounted" in reindex(store, [archive.dst], UTC).skipped[0]
    archive.dst.rmdir()
    mounted.rename(archive.dst)
    assert reindex(store, [archive.dst], UTC).skipped == []
    assert store.segments.count() == 1


def test_links_are_not_followed(store, archive, tmp_path):
    real = archive.put("20260101.0830")
    real.with_name("gate.20260101.0831.mp4").symlink_to(real)
    assert reindex(store, [archive.dst], UTC).added == 1


def test_segments_without_an_index_record_are_left_to_the_finisher_for_a_while(store, archive):
    old, young = archive.put("20260101.0830"), archive.put("20260101.0831")
    os.utime(old, (1, 1))
    assert reindex(store, [archive.dst], UTC, settled_s=60).added == 1
    os.utime(young, (1, 1))
    age(day_folder(archive.dst, "20260101"))
    assert reindex(store, [archive.dst], UTC, settled_s=60).added == 1


def test_a_young_segment_that_the_index_describes_goes_in_at_once(store, archive, tmp_path):
    archive.put("20260101.0830")
    reindex(store, [archive.dst], UTC)
    with Store.open(f"sqlite:///{tmp_path}/second.db") as second:
        assert reindex(second, [archive.dst], UTC, settled_s=300).added == 1


def test_progress_is_told_for_every_folder(store, archive):
    for day in range(1, 4):
        archive.put(f"2026010{day}.0830")
    steps = []
    reindex(store, [archive.dst, Path("/nowhere")], UTC, progress=lambda done, total, _: steps.append((done, total)))
    assert sorted(set(steps)) == [(0, 3), (1, 3), (2, 3), (3, 3)]
