"""Consequences: what is put off and for how long, what a full disk costs, what a picture's failure costs."""

import errno
import logging
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from pynvr.archive.index import read_records
from pynvr.archive.paths import chunk_path, index_path, preview_path, segment_path, thumbnail_path
from pynvr.archive.reader import read_chunk
from pynvr.base.errors import DiskError, MediaError, StoreError
from pynvr.finisher import check, complete, finish, sight
from pynvr.finisher.backlog import Backlog, ChunkTask
from pynvr.finisher.books import Books
from pynvr.finisher.complete import Completer
from pynvr.finisher.left_behind import LeftBehind
from pynvr.finisher.mark import DecodingMark
from pynvr.finisher.outcome import Postponed, Sifted
from pynvr.finisher.work import Work
from pynvr.isobmff.identity import IDENTITY_UUID
from pynvr.model.stamp import local
from pynvr.store.store import Store
from tests.finisher.clips import STAMP, START_US, clip, samples_of, write_chunk
from tests.finisher.running import ZONE, settings_of


class HandClock:
    def __init__(self):
        self.now_s = 1000.0

    def now_us(self):
        return 1_782_900_000_000_000 + int(self.now_s * 1e6)

    def monotonic_s(self):
        return self.now_s


class Bench:
    def __init__(self, tmp_path, open_store=None):
        self.settings = settings_of(tmp_path)
        self.system = self.settings.system
        self.dst = tmp_path / "gate"
        self.clock = HandClock()
        self.backlog = Backlog()
        self.books = Books(open_store or (lambda: Store.open(self.system.database)))
        self.mark = DecodingMark(self.system.run_dir / "decoding")
        self.completer = Completer(self.system.jpg_cache_dir, self.system.timezone, self.mark)
        self.work = Work(self.backlog, self.completer, self.books, self.clock, self.system.jpg_cache_dir)

    def look(self, complete=True):
        self.work.look(self.dst / STAMP[:8], complete)

    def run(self):
        """Everything that is due now; how many tasks that were."""
        done = 0
        while (task := self.backlog.take(self.clock.now_s)) is not None:
            self.work.do(task)
            done += 1
        return done

    def records(self):
        return read_records(index_path(self.dst, "gate", STAMP[:8]))


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_while_the_preview_is_written_costs_the_preview_only(bench, monkeypatch, caplog):
    source = clip()
    write_chunk(bench.dst, source)
    monkeypatch.setattr(complete, "write_pictures", full)
    bench.look()
    bench.run()
    assert [data for _, _, data in samples_of(segment_path(bench.dst, "gate", STAMP))] == source.samples()
    (record,) = bench.records()
    assert record.signature == b"" and len(record.activity) == 2
    assert "no preview: " in caplog.text and bench.completer.without_picture == 1
    # The next look at the folder (the next start) makes up for it, and doesn't write the record a third time.
    monkeypatch.undo()
    bench.look()
    assert bench.run() == 1
    assert preview_path(bench.system.jpg_cache_dir, "gate", STAMP).exists()
    (record,) = bench.records()
    assert len(record.signature) == 64 * 36 * 3 // 2
    bench.look()
    assert bench.run() == 0


def test_a_half_written_picture_never_has_its_name(bench, monkeypatch):
    write_chunk(bench.dst, clip())
    monkeypatch.setattr(os, "replace", full)
    bench.look()
    bench.run()
    assert [path for path in bench.system.jpg_cache_dir.rglob("*") if path.is_file()] == []


def test_a_camera_whose_pictures_fail_is_named_once_and_its_index_grows_no_further(bench, monkeypatch, caplog):
    def refuse(*_args):
        raise MediaError("libav can't decode it")

    completer = Completer(bench.system.jpg_cache_dir, bench.system.timezone, bench.mark, decode=refuse)
    bench.completer = completer
    bench.work = Work(bench.backlog, completer, bench.books, bench.clock, bench.system.jpg_cache_dir)
    for stamp in (STAMP, "20260701.1001", "20260701.1002"):
        write_chunk(bench.dst, clip(), stamp=stamp)
    bench.look()
    bench.run()
    assert len(bench.records()) == 3
    assert caplog.text.count("no preview") == 1
    size = index_path(bench.dst, "gate", STAMP[:8]).stat().st_size
    bench.look()
    assert bench.run() == 3
    assert index_path(bench.dst, "gate", STAMP[:8]).stat().st_size == size


def test_a_disk_that_fails_is_asked_again_ever_more_rarely_and_named_once(bench, monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    path = write_chunk(bench.dst, clip())
    monkeypatch.setattr(finish, "write_header", full)
    bench.look()
    assert bench.run() == 1
    pauses_s = []
    for _ in range(6):
        due_s = bench.backlog.next_due_s()
        assert due_s is not None
        pauses_s.append(due_s - bench.clock.now_s)
        bench.look()
        assert bench.run() == 0, "it was tried again before its time"
        bench.clock.now_s = due_s
        assert bench.run() == 1
    assert pauses_s == [5.0, 30.0, 120.0, 600.0, 600.0, 600.0]
    assert caplog.text.count("No space left") == 1
    monkeypatch.undo()
    bench.clock.now_s += 600
    assert bench.run() == 2
    assert not path.exists() and bench.work.finished == 1


def test_a_chunk_in_use_is_asked_for_a_moment_and_then_left_to_its_writer(bench):
    _, writer = write_chunk(bench.dst, clip(), close=False)
    bench.look()
    tries = bench.run()
    while (due_s := bench.backlog.next_due_s()) is not None:
        bench.clock.now_s = due_s
        tries += bench.run()
    assert tries == 4
    assert bench.clock.now_s < 1002
    writer.close()


def test_a_disk_that_fails_to_tell_whether_a_chunk_is_there_ends_nothing(bench, monkeypatch):
    path, writer = write_chunk(bench.dst, clip(), close=False)
    stat = Path.stat

    def failing(one, **how):
        if one == path:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(one))
        return stat(one, **how)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "stat", failing)
        bench.look()
        assert bench.run() == 1
    writer.close()
    bench.clock.now_s += 1
    assert bench.run() == 2
    assert bench.work.finished == 1


def test_a_machine_that_can_not_check_a_product_now_sets_nothing_aside(bench, monkeypatch):
    write_chunk(bench.dst, clip())

    def refuse(path):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))

    with monkeypatch.context() as poor:
        poor.setattr(check, "stored_tracks", refuse)
        bench.look()
        assert bench.run() == 1
    assert bench.work.bad_count == 0 and os.strerror(errno.EMFILE) in bench.work.trouble
    bench.clock.now_s += 5
    assert bench.run() == 2
    assert segment_path(bench.dst, "gate", STAMP).exists() and not bench.work.trouble


def test_what_was_recovered_is_told_in_a_line_for_each_camera(bench, caplog):
    caplog.set_level(logging.INFO)
    source = clip()
    shown_us = source.frames[-1].time_us - START_US + 40_000
    write_chunk(bench.dst, source)
    write_chunk(bench.dst, source, stamp="20260701.100030", frames=20)
    _, in_order = write_chunk(bench.dst, source, camera_id="door", stamp="20260701.1001", close=False)
    in_order.sync()
    in_order.close()
    bench.look()
    bench.run()
    assert bench.work.finished == 3
    bench.work.left_behind.tell(bench.system.timezone)
    told = [line.message for line in caplog.records if "recovered" in line.message]
    end = local(START_US + shown_us, bench.system.timezone)
    assert told == [
        f"camera gate: recovered 2 chunks without a last sync: 70 frames, 2026-07-01 10:00:00 to {end:%H:%M:%S} UTC"
    ]
    bench.work.left_behind.tell(bench.system.timezone)
    assert caplog.text.count("recovered") == 1


def test_of_a_recovered_chunk_of_which_nothing_is_kept_that_is_told(caplog):
    caplog.set_level(logging.INFO)
    left_behind = LeftBehind()
    left_behind.note(Sifted(Path("gate.20260701.1000.chunk"), (), was_left=True))
    left_behind.note(Sifted(Path("door.20260701.1000.chunk"), ()))
    left_behind.tell(ZONE)
    assert "camera gate: recovered 1 chunk without a last sync: none of it is to be kept" in caplog.text
    assert "door" not in caplog.text


def test_an_index_that_cannot_be_written_is_tried_again(bench, monkeypatch):
    write_chunk(bench.dst, clip())

    def refuse(*_args):
        raise DiskError("can't append to the index: No space left on device", "disk full")

    monkeypatch.setattr(complete, "append_record", refuse)
    bench.look()
    bench.run()
    assert bench.records() == []
    monkeypatch.undo()
    bench.clock.now_s += 5
    bench.run()
    assert len(bench.records()) == 1 and bench.records()[0].signature


def test_a_disk_of_the_mark_that_is_full_keeps_no_segment_from_its_record(bench):
    write_chunk(bench.dst, clip())
    os.close(bench.mark._fd)
    bench.mark._fd = os.open("/dev/full", os.O_RDWR)
    bench.look()
    bench.run()
    assert len(bench.records()) == 1 and bench.records()[0].signature
    bench.mark.close()


def test_a_mark_that_can_not_be_made_is_said_and_done_without(tmp_path, caplog):
    (tmp_path / "run").write_bytes(b"no folder")
    mark = DecodingMark(tmp_path / "run" / "decoding")
    mark.set(tmp_path / "a.mp4")
    mark.clear()
    mark.close()
    assert mark.victims == frozenset() and "can't be noted" in caplog.text


def test_an_mp4_without_pictures_and_record_is_completed(bench):
    write_chunk(bench.dst, clip(bframes=2, audio=True))
    bench.look()
    bench.run()
    (before,) = bench.records()
    index_path(bench.dst, "gate", STAMP[:8]).unlink()
    thumbnail_path(bench.system.jpg_cache_dir, "gate", STAMP).unlink()
    bench.look()
    assert bench.run() == 1
    (after,) = bench.records()
    # All but the declared frame rate, which an MP4 has no place for.
    undeclared = replace(before.video, track=replace(before.video.track, frame_rate=Fraction(0)))
    assert after == replace(before, tracks=(undeclared, *before.tracks[1:]))


def test_a_damaged_mp4_is_said_and_left_alone(bench, caplog):
    path = segment_path(bench.dst, "gate", STAMP)
    path.parent.mkdir()
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(100))
    bench.look()
    bench.run()
    assert str(path) in caplog.text and path.exists()
    assert bench.backlog.next_due_s() is None


def test_rows_wait_for_the_database_and_are_written_once_it_is_back(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    closed = True

    def open_store():
        if closed:
            raise StoreError("the database is locked")
        return Store.open(waiting.system.database)

    waiting = bench = Bench(tmp_path, open_store)
    for stamp in (STAMP, "20260701.1001"):
        write_chunk(bench.dst, clip(), stamp=stamp)
    chunk_path(bench.dst, "gate", "20260701.1002").write_bytes(b"never a chunk, this one")
    bench.look()
    bench.run()
    for _ in range(3):
        bench.books.write(bench.clock.now_s)
        bench.clock.now_s += 11
    assert bench.books.waiting == 3 and bench.books.failure == "the database is locked"
    assert caplog.text.count("rows wait") == 1
    closed = False
    bench.books.write(bench.clock.now_s)
    assert (bench.books.waiting, bench.books.failure) == (0, "")
    with Store.open(bench.system.database) as store:
        assert len(store.segments.in_range(["gate"], 0, 1 << 60)) == 2
        assert [problem.stamp for problem in store.problems.all()] == ["20260701.1002"]
    bench.books.close()


def test_more_rows_than_can_wait_are_left_to_the_comparison(tmp_path, monkeypatch):
    def open_store():
        raise StoreError("gone")

    monkeypatch.setattr("pynvr.finisher.books._MOST_ROWS", 1)
    bench = Bench(tmp_path, open_store)
    for stamp in (STAMP, "20260701.1001"):
        write_chunk(bench.dst, clip(), stamp=stamp)
    bench.look()
    bench.run()
    assert bench.books.waiting == 1 and bench.books.lost_rows


def test_victims_are_remembered_over_many_starts(tmp_path):
    path = tmp_path / "run" / "decoding"
    for number in range(3):
        mark = DecodingMark(path)
        assert len(mark.victims) == number
        mark.set(tmp_path / "fine")
        mark.clear()
        mark.set(tmp_path / f"deadly {number}")
        mark.close()
    assert DecodingMark(path).victims == {tmp_path / f"deadly {number}" for number in range(3)}


def test_a_chunk_that_grew_when_it_was_found_is_asked_for_again(tmp_path):
    bench = Bench(tmp_path)
    path, writer = write_chunk(bench.dst, clip(), close=False)
    bench.look()
    for _ in range(10):
        bench.run()
        bench.clock.now_s += 5
    assert bench.run() == 0
    assert bench.work.growing == {path}
    writer.close()
    bench.work.look_at_growing()
    bench.run()
    assert not path.exists()
    assert bench.work.finished == 1
    assert bench.work.growing == set()


def test_a_chunk_that_the_disk_refuses_stays_trouble_though_others_are_finished(bench):
    refused, other = (write_chunk(bench.dst, clip(), camera_id) for camera_id in ("gate", "yard"))
    bench.work.settle(ChunkTask(refused), Postponed(refused, f"{refused}: Input/output error"))
    bench.work.do(ChunkTask(other))
    assert bench.work.finished == 1
    assert bench.work.trouble == f"{refused}: Input/output error"
    bench.work.do(ChunkTask(refused))
    assert bench.work.trouble == ""


def finished(bench, *stamps):
    for stamp in stamps:
        write_chunk(bench.dst, clip(), stamp=stamp)
    bench.look()
    bench.run()
    bench.books.write(bench.clock.now_s)


def next_start(bench, tmp_path):
    after = Bench(tmp_path)
    after.look()
    after.run()
    after.books.write(after.clock.now_s)
    return after


def test_a_segment_whose_record_a_power_cut_took_but_not_its_pictures_is_entered_again(bench, tmp_path):
    stamps = [STAMP, "20260701.1001", "20260701.1002"]
    finished(bench, *stamps)
    index = index_path(bench.dst, "gate", STAMP[:8])
    whole = index.stat().st_size
    os.truncate(index, whole // 3)
    with Store.open(bench.system.database) as store:
        store.segments.remove(list(store.segments.in_day(str(bench.dst), STAMP[:8])))
    after = next_start(bench, tmp_path)
    assert {record.stamp for record in after.records()} == set(stamps)
    assert index.stat().st_size == whole, "what was there isn't written again"
    with Store.open(bench.system.database) as store:
        # The newest comes first: its record was there, and so the comparison of tree and catalog takes care of it.
        assert {key.stamp for key in store.segments.in_day(str(bench.dst), STAMP[:8])} == set(stamps[:2])
    again = next_start(bench, tmp_path)
    assert again.backlog.segments == 0 and index.stat().st_size == whole


def test_what_was_entered_newest_first_lacks_nothing_at_the_next_start(bench, tmp_path, monkeypatch):
    stamps = [STAMP, "20260701.1001", "20260701.1002"]
    finished(bench, *stamps)
    index = index_path(bench.dst, "gate", STAMP[:8])
    whole = index.stat().st_size
    monkeypatch.setattr(sight, "_TAIL_BYTES", whole // 2)
    assert {record.stamp for record in read_records(index, whole // 2)} == {STAMP}, "the oldest stands at the end"
    after = next_start(bench, tmp_path)
    assert after.books.waiting == 0 and index.stat().st_size == whole


def test_pictures_that_a_power_cut_left_empty_are_made_again(bench, tmp_path):
    finished(bench, STAMP)
    preview = preview_path(bench.system.jpg_cache_dir, "gate", STAMP)
    was = preview.read_bytes()
    os.truncate(preview, 0)
    next_start(bench, tmp_path)
    assert preview.read_bytes() == was


def test_of_a_chunk_that_was_left_what_was_never_written_is_no_picture(bench):
    source = clip()
    path = write_chunk(bench.dst, source)
    frames = read_chunk(path).frames
    page = 4096
    number, edge = next(
        (number, edge)
        for number, frame in enumerate(frames)
        if frame.offset + 5 < (edge := (frame.offset + frame.size - 16) // page * page)
    )
    with path.open("r+b") as file:
        file.seek(edge)
        file.write(bytes(path.stat().st_size - edge))
    assert number and len(read_chunk(path).frames) == number + 1, "the blank one looks whole"
    bench.look()
    bench.run()
    samples = [data for _, _, data in samples_of(segment_path(bench.dst, "gate", STAMP))]
    assert samples == source.samples()[:number]


def test_a_chunk_of_which_a_power_cut_left_but_the_name_is_removed(bench):
    path = write_chunk(bench.dst, clip())
    path.write_bytes(bytes(12_288))
    bench.look()
    bench.run()
    assert list(path.parent.iterdir()) == []


def test_a_chunk_whose_first_picture_a_power_cut_tore_is_removed(bench):
    path = write_chunk(bench.dst, clip())
    first = read_chunk(path).frames[0]
    os.truncate(path, first.offset + first.size // 2)
    bench.look()
    bench.run()
    assert list(path.parent.iterdir()) == []


def small_chunk(bench, **how):
    """A chunk far smaller than a picture may be."""
    path = write_chunk(bench.dst, clip(), **how)
    assert path.stat().st_size < 1_000_000
    return path, read_chunk(path).frames


def left(bench, path):
    bench.look()
    bench.run()
    return {found.name.rpartition(".")[2] for found in path.parent.iterdir()}


def flip(path, position):
    with path.open("r+b") as file:
        file.seek(position)
        (byte,) = file.read(1)
        file.seek(position)
        file.write(bytes((byte ^ 0x5A,)))


@pytest.mark.parametrize("from_sample", [-8, -9, -10, -16, 0], ids=["time", "length", "long", "longest", "unit"])
def test_a_chunk_with_video_behind_a_damaged_first_picture_is_never_removed(bench, from_sample):
    path, frames = small_chunk(bench)
    flip(path, frames[0].offset + from_sample)
    assert "bad" in left(bench, path)


def test_a_chunk_with_a_whole_keyframe_behind_a_blank_first_one_is_never_removed(bench):
    path, frames = small_chunk(bench)
    first = frames[0]
    edge = -(-(first.offset + 5) // 4096) * 4096
    with path.open("r+b") as file:
        # All of the file's first page with frames behind the beginning of its first sample.
        file.seek(first.offset + 5)
        file.write(bytes(edge - first.offset - 5))
    assert sum(frame.is_key for frame in frames) > 1
    assert left(bench, path) & {"bad", "mp4"}


def test_a_segment_that_claims_months_gets_no_row_and_is_named(bench, tmp_path, caplog):
    """Its record is lost, so nothing but the file tells when it was."""
    finished(bench, STAMP, "20260701.1001")
    index_path(bench.dst, "gate", STAMP[:8]).unlink()
    with Store.open(bench.system.database) as store:
        store.segments.remove(list(store.segments.in_day(str(bench.dst), STAMP[:8])))
    path = segment_path(bench.dst, "gate", STAMP)
    data = path.read_bytes()
    at = data.index(IDENTITY_UUID) + 16 + 1 + 8
    claimed_us = START_US + 90 * 86_400_000_000
    path.write_bytes(data[:at] + claimed_us.to_bytes(8, "big") + data[at + 8 :])
    strange = segment_path(bench.dst, "gate", "20260701.2570")
    strange.write_bytes(data)
    after = next_start(bench, tmp_path)
    assert [record.stamp for record in after.records()] == ["20260701.1001"]
    assert f"{path} gets no pictures and no row" in caplog.text and "2026-09-29 10:00:00 UTC" in caplog.text
    assert f"{strange} gets no pictures and no row" in caplog.text
    with Store.open(bench.system.database) as store:
        assert {key.stamp for key in store.segments.in_day(str(bench.dst), STAMP[:8])} == {"20260701.1001"}
