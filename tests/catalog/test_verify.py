"""Verification finds what is wrong, and mending puts it right without touching a recording."""

import errno
import fcntl
import os
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import days_of, index_path, preview_path, thumbnail_path
from pynvr.catalog import verify
from pynvr.catalog.mend import mend_finding
from pynvr.catalog.reindex import reindex
from pynvr.catalog.verify import Counts, Verifier
from tests.store.samples import key_of

UTC = ZoneInfo("UTC")


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "jpg"
    for path in (preview_path(folder, "gate", "20260101.0830"), thumbnail_path(folder, "gate", "20260101.0830")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"jpeg")
    return folder


@pytest.fixture
def paths(store, archive):
    """Three segments, catalog and index in order."""
    found = [archive.put(f"20260101.083{minute}") for minute in range(3)]
    reindex(store, [archive.dst], UTC)
    return found


@pytest.fixture
def look(store, archive, pictures):
    """What is found now, by file name."""

    def verify(mend=False, settled_s=0):
        counts = Counts()
        found = {}
        for finding in Verifier(store, UTC, pictures, settled_s).verify([archive.dst], counts):
            found[finding.path.name] = finding.kind
            if mend:
                assert mend_finding(store, UTC, finding) == (finding.kind != "unreadable")
        return found, counts

    return verify


def test_nothing_is_found_in_an_archive_in_order(paths, look):
    found, counts = look()
    assert found == {}
    assert (counts.segments, counts.pictures, counts.faults) == (3, 2, 0)
    assert counts.file_bytes == sum(path.stat().st_size for path in paths)


def test_each_kind_of_damage_is_found_and_mended(store, archive, paths, pictures, look):
    unlisted, wrong_row, wrong_index = paths
    extra = archive.put("20260101.0840")
    reindex(store, [archive.dst], UTC)
    extra.unlink()
    store.segments.remove([key_of(store.segments.find("gate", "20260101.0830"))])
    store.segments.add(replace(store.segments.find("gate", "20260101.0831"), frames=24))
    index = index_path(archive.dst, "gate", "20260101")
    record = read_records(index)[2]
    video = replace(record.video, sizes=record.video.sizes[:-4] + b"\0\0\0\1")
    append_record(index, replace(record, tracks=(video,)))
    alone = preview_path(pictures, "gate", "20260101.0915")
    alone.write_bytes(b"jpeg")
    chunk = unlisted.with_name("gate.20260101.0930.chunk")
    chunk.write_bytes(b"")
    bad = unlisted.with_name("gate.20260101.0931.bad")
    bad.write_bytes(b"")

    found, counts = look()
    assert found == {
        unlisted.name: "not in catalog",
        wrong_row.name: "catalog differs",
        wrong_index.name: "index differs",
        extra.name: "not in tree",
        alone.name: "picture without segment",
        chunk.name: "unfinished",
        bad.name: "set aside",
    }
    assert counts.faults == 5
    with chunk.open("rb") as recorder:
        fcntl.flock(recorder, fcntl.LOCK_EX)
        assert look()[0][chunk.name] == "being recorded"

    chunk.unlink()
    bad.unlink()
    before = {path: path.read_bytes() for path in paths}
    look(mend=True)
    assert look()[0] == {}
    assert {path: path.read_bytes() for path in paths} == before
    assert not alone.exists()


def test_a_lost_index_is_found_and_made_again(archive, paths, look):
    index_path(archive.dst, "gate", "20260101").unlink()
    assert set(look()[0].values()) == {"index lacks it"}
    look(mend=True)
    assert look()[0] == {}


def test_mending_keeps_what_only_the_index_knew(store, archive, paths, look):
    index = index_path(archive.dst, "gate", "20260101")
    append_record(index, replace(read_records(index)[0], activity=b"\x05\x06\x07", signature=b"sign"))
    store.segments.remove([key_of(store.segments.find("gate", "20260101.0830"))])
    look(mend=True)
    assert store.segments.find("gate", "20260101.0830").activity == b"\x05\x06\x07"
    assert read_records(index)[0].signature == b"sign"


@pytest.mark.parametrize("keep_bytes", [0, 100, 700])
def test_a_cut_file_is_unreadable_and_is_never_touched(paths, look, keep_bytes):
    paths[0].write_bytes(paths[0].read_bytes()[:keep_bytes])
    found, counts = look(mend=True)
    assert found == {paths[0].name: "unreadable"}
    assert counts.faults == 1
    assert paths[0].stat().st_size == keep_bytes


def test_a_file_that_lost_only_its_end_is_found(paths, look):
    paths[0].write_bytes(paths[0].read_bytes()[:-50])
    assert look()[0][paths[0].name] in {"unreadable", "catalog differs"}


def test_a_missing_disk_is_one_finding(store, archive, paths, look):
    store.disks.remember(archive.dst, archive.marker)
    archive.dst.rename(archive.dst.with_name("elsewhere"))
    found, counts = look()
    assert found["gate"] == "folder missing"
    assert counts.found["folder missing"] == 1
    assert "not in tree" not in counts.found


def test_a_disk_that_fails_is_one_finding(archive, paths, look, monkeypatch):
    def failing(dst):
        if dst == archive.dst:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(dst))
        return days_of(dst)

    monkeypatch.setattr(verify, "days_of", failing)
    found, counts = look()
    assert found["gate"] == "folder missing" and counts.found["folder missing"] == 1


def test_a_young_file_is_left_out_and_counted_only_while_nothing_knows_it(store, archive, paths, look):
    archive.put("20260101.0840")
    found, counts = look(settled_s=120)
    assert (found, counts.segments, counts.too_new) == ({}, 3, 1)
    assert look()[1].found == {"not in catalog": 1, "index lacks it": 1}
    store.segments.remove([key_of(store.segments.find("gate", "20260101.0831"))])
    found, counts = look(settled_s=120)  # the index has it: it is on its way into the catalog
    assert (found, counts.segments, counts.too_new) == ({}, 3, 1)
    index_path(archive.dst, "gate", "20260101").unlink()
    found, counts = look(settled_s=120)  # the catalog has the others: they are on their way into the index
    assert (found, counts.segments, counts.too_new) == ({}, 2, 2)


def test_a_young_file_whose_name_another_one_had_is_on_its_way_into_the_index(archive, paths, look):
    index = index_path(archive.dst, "gate", "20260101")
    record = read_records(index)[1]
    append_record(index, replace(record, file_bytes=record.file_bytes + 1000))
    found, counts = look(settled_s=120)
    assert (found, counts.segments) == ({}, 3)
    assert look()[1].found == {"index differs": 1}


@pytest.mark.parametrize("known_by", ["catalog and index", "catalog", "index"])
def test_a_young_file_that_was_cut_is_found(store, archive, paths, look, known_by):
    if known_by == "index":
        store.segments.remove([key_of(store.segments.find("gate", "20260101.0830"))])
    if known_by == "catalog":
        index_path(archive.dst, "gate", "20260101").unlink()
    paths[0].write_bytes(paths[0].read_bytes()[:700])
    found, counts = look(settled_s=120)
    assert found == {paths[0].name: "unreadable"}
    assert (counts.segments, counts.too_new) == (2, 0)
