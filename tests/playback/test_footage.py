import os
import threading
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from pynvr.archive.chunk import BlockFrame
from pynvr.archive.follower import ChunkFollower
from pynvr.archive.index import read_records
from pynvr.archive.paths import chunk_path, index_path, segment_path
from pynvr.archive.scan import BlockScan
from pynvr.archive.writer import ChunkWriter, reserve_for
from pynvr.base.errors import FootageGoneError
from pynvr.catalog.entry import entry_of
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.outcome import Finished
from pynvr.isobmff.identity import IDENTITY_UUID
from pynvr.model.stamp import instant_us, stamp_of
from pynvr.playback.footage import Footage
from pynvr.store.store import Store
from tests.web.archive_maker import MINUTE_US, MadeCamera, make_archive, minute_of

GATE = MadeCamera("gate", width=160, height=96, audio=True)


class HandClock:
    def __init__(self, at_us):
        self.at_us, self.at_s = at_us, 1000.0

    def now_us(self):
        return self.at_us

    def monotonic_s(self):
        self.at_s += 1.0
        return self.at_s


class Recorded:
    def __init__(self, folder, minutes=3, **how):
        self.archive = make_archive(folder, [GATE], minutes, skip=("pictures",), **how)
        self.settings = self.archive.settings
        (camera,) = self.settings.cameras
        self.dst = camera.dst
        self.store = Store.open(self.settings.system.database)
        self.clock = HandClock(self.archive.end_us + 20_000_000)
        self.footage = Footage(self.store, lambda: self.settings, self.clock)
        self.start_us, self.end_us = self.archive.start_us, self.archive.end_us

    def all(self):
        return self.footage.pieces("gate", self.start_us, self.end_us + 10 * MINUTE_US)

    def grow(self):
        """A chunk that has begun at the end of the archive, and its frames."""
        tracks, frames = minute_of(replace(GATE, id="", name="gate"))
        stamp = stamp_of(self.end_us, self.settings.system.timezone)
        path = chunk_path(self.dst, "gate", stamp)
        writer = ChunkWriter.create(path, tracks, 0, self.end_us, reserve_for(10, 16, 60))
        return writer, [frame._replace(time_us=self.end_us + frame.time_us) for frame in frames]


@pytest.fixture
def recorded(tmp_path):
    return Recorded(tmp_path)


def undeclared(record):
    """Without what an MP4 doesn't say: the camera's declared frame rate, and how much moved."""
    tracks = tuple(replace(one, track=replace(one.track, frame_rate=Fraction(0))) for one in record.tracks)
    return replace(record, activity=b"", tracks=tracks)


def descriptors_of(path):
    inode = path.stat().st_ino
    found = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            found += os.stat(f"/proc/self/fd/{name}").st_ino == inode
        except FileNotFoundError:
            pass
    return found


def file_bytes(footage, piece):
    fd = footage.open(piece)
    try:
        return os.pread(fd, os.fstat(fd).st_size, 0)
    finally:
        os.close(fd)


def test_the_segments_of_a_period_are_found_with_their_tables(recorded):
    pieces = recorded.all()
    assert [piece.start_us for piece in pieces] == [recorded.start_us + n * MINUTE_US for n in range(3)]
    day = index_path(recorded.dst, "gate", pieces[0].stamp[:8])
    expected = {record.stamp: record for record in read_records(day)}
    for piece in pieces:
        assert recorded.footage.record(piece) == expected[piece.stamp]
        assert file_bytes(recorded.footage, piece) == segment_path(recorded.dst, "gate", piece.stamp).read_bytes()
    middle = recorded.start_us + MINUTE_US + 1
    assert recorded.footage.pieces("gate", middle, middle + 1) == pieces[1:2]
    assert recorded.footage.pieces("gate", recorded.start_us - 1, recorded.start_us) == []
    assert recorded.footage.pieces("nobody", recorded.start_us, recorded.end_us) == []


@pytest.mark.parametrize("damage", ["missing", "torn", "flipped"])
def test_without_a_sound_index_the_tables_come_from_the_file(recorded, damage):
    pieces = recorded.all()
    expected = [recorded.footage.record(piece) for piece in pieces]
    index = index_path(recorded.dst, "gate", pieces[0].stamp[:8])
    whole = index.read_bytes()
    index.unlink()
    if damage == "torn":
        index.write_bytes(whole[:100])
    elif damage == "flipped":
        index.write_bytes(bytes(byte ^ (at % 500 == 77) for at, byte in enumerate(whole)))
    fresh = Footage(recorded.store, lambda: recorded.settings, recorded.clock)
    for _ in range(2):
        found = [fresh.record(piece) for piece in pieces]
        assert [undeclared(one) for one in found] == [undeclared(one) for one in expected]


def test_a_file_without_an_index_that_claims_another_year_is_not_played(recorded):
    piece = recorded.all()[0]
    path = segment_path(recorded.dst, "gate", piece.stamp)
    index_path(recorded.dst, "gate", piece.stamp[:8]).unlink()
    data = path.read_bytes()
    at = data.index(IDENTITY_UUID) + 16 + 1
    path.write_bytes(data[:at] + (piece.start_us - 400 * 86_400_000_000).to_bytes(8, "big") + data[at + 8 :])
    fresh = Footage(recorded.store, lambda: recorded.settings, recorded.clock)
    with pytest.raises(FootageGoneError, match=r"gate.*claims to show .* but its name says"):
        fresh.record(piece)


def test_an_index_that_tells_of_another_file_is_not_believed(recorded):
    piece = recorded.all()[0]
    honest = recorded.footage.record(piece)
    path = segment_path(recorded.dst, "gate", piece.stamp)
    path.write_bytes(path.read_bytes() + b"\0\0\0\x08free")
    recorded.store.segments.add(entry_of(recorded.dst, "gate", replace(honest, file_bytes=path.stat().st_size)))
    found = recorded.footage.record(recorded.all()[0])
    assert found.file_bytes == path.stat().st_size
    assert found.video.sizes == honest.video.sizes


def test_a_deleted_segment_is_said_to_be_gone(recorded):
    piece = recorded.all()[0]
    segment_path(recorded.dst, "gate", piece.stamp).unlink()
    with pytest.raises(FootageGoneError, match=r"gate.*deleted"):
        recorded.footage.open(piece)


def test_a_retired_camera_and_one_that_moved_keep_their_recordings(recorded):
    before = recorded.all()
    camera = replace(recorded.settings.cameras[0], dst=recorded.dst.parent / "new")
    recorded.settings = replace(recorded.settings, cameras=(camera,))
    assert recorded.all() == before
    recorded.settings = replace(recorded.settings, cameras=())
    assert recorded.all() == before
    assert recorded.footage.record(before[0]).stamp == before[0].stamp


def test_the_growing_minute_is_found_as_far_as_it_is_written(recorded):
    writer, frames = recorded.grow()
    assert len(recorded.all()) == 3
    for frame in frames[:400]:
        writer.append(frame)
    seen = [frame for frame in frames[:400] if frame.track == 0]
    growing = recorded.all()[-1]
    assert growing.growing
    assert (growing.frames, growing.start_us) == (len(seen), recorded.end_us)
    assert growing.end_us == seen[-1].time_us + 100_000
    record = recorded.footage.record(growing)
    assert record.video.count == len(seen)
    assert recorded.footage.record(growing) is record
    for frame in frames[400:]:
        writer.append(frame)
    later = recorded.all()[-1]
    assert later.frames == 600
    assert later.end_us == recorded.end_us + MINUTE_US
    fd = recorded.footage.open(later)
    offsets = memoryview(recorded.footage.record(later).video.offsets).tolist()
    assert len(offsets) == 4 * 600
    os.close(fd)
    writer.close()


def test_what_grows_is_found_in_a_period_from_before_yesterday_until_tomorrow(tmp_path):
    half_past_eleven = datetime(2026, 11, 21, 23, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    recorded = Recorded(tmp_path, end_us=instant_us(half_past_eleven))
    writer, frames = recorded.grow()
    for frame in frames[:200]:
        writer.append(frame)
    found = recorded.footage.pieces("gate", recorded.end_us - 1800 * MINUTE_US, recorded.end_us + 180 * MINUTE_US)
    assert [piece.growing for piece in found] == [False, False, False, True]
    writer.close()


def test_frames_of_a_growing_chunk_are_looked_at_once(recorded, monkeypatch):
    writer, frames = recorded.grow()
    looked: list[BlockFrame] = []
    advance = BlockScan.advance

    def counting(self, size):
        found = advance(self, size)
        looked.extend(found)
        return found

    monkeypatch.setattr(BlockScan, "advance", counting)
    for frame in frames[:200]:
        writer.append(frame)
        if frame.is_key:
            recorded.all()
    recorded.all()
    assert len(looked) == 200
    writer.close()


def test_a_chunk_that_is_finished_meanwhile_stays_readable_as_it_was(recorded):
    writer, frames = recorded.grow()
    for frame in frames:
        writer.append(frame)
    growing = recorded.all()[-1]
    record = recorded.footage.record(growing)
    writer.close()
    outcome = finish_chunk(writer.path)
    assert isinstance(outcome, Finished)
    others = Footage(recorded.store, lambda: recorded.settings, recorded.clock)
    for footage in (recorded.footage, others):
        data = file_bytes(footage, growing)
        assert data == outcome.path.read_bytes()
    assert recorded.footage.record(growing) == record
    again = recorded.all()[-1]
    assert (again.start_us, again.frames) == (growing.start_us, 600), "until it has its row"
    recorded.store.segments.add(entry_of(recorded.dst, "gate", outcome.record))
    assert [piece.growing for piece in recorded.all()] == [False] * 4


def test_a_finished_minute_is_found_before_its_row_is_there(recorded):
    writer, frames = recorded.grow()
    for frame in frames:
        writer.append(frame)
    writer.close()
    fresh = Footage(recorded.store, lambda: recorded.settings, recorded.clock)
    before = fresh.pieces("gate", recorded.end_us - 1, recorded.end_us + MINUTE_US)
    outcome = finish_chunk(writer.path)
    assert isinstance(outcome, Finished)
    recorded.clock.at_s += 120  # who followed the chunk has let it go by now
    for footage in (fresh, Footage(recorded.store, lambda: recorded.settings, recorded.clock)):
        last, found = footage.pieces("gate", recorded.end_us - 1, recorded.end_us + MINUTE_US)
        assert last == before[0]
        assert (found.start_us, found.frames, found.growing) == (recorded.end_us, 600, False)
        assert file_bytes(footage, found) == outcome.path.read_bytes()
        assert footage.record(found).video.sizes == outcome.record.video.sizes
        assert footage.pieces("gate", found.end_us, found.end_us + MINUTE_US) == []
        recorded.clock.at_s += 120
    recorded.store.segments.add(entry_of(recorded.dst, "gate", outcome.record))
    assert fresh.pieces("gate", recorded.end_us - 1, recorded.end_us + MINUTE_US) == [last, found]


def test_many_threads_may_ask_at_once(recorded):
    pieces = recorded.all()
    expected = [recorded.footage.record(piece) for piece in pieces]
    fresh = Footage(recorded.store, lambda: recorded.settings, recorded.clock)
    wrong: list[object] = []

    def ask():
        for _ in range(20):
            found = [fresh.record(piece) for piece in fresh.pieces("gate", recorded.start_us, recorded.end_us)]
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_followed_files_are_let_go(recorded):
    writer, frames = recorded.grow()
    for frame in frames[:50]:
        writer.append(frame)
    assert descriptors_of(writer.path) == 1, "the writer's"
    recorded.all()
    assert descriptors_of(writer.path) == 2
    recorded.footage.close()
    assert descriptors_of(writer.path) == 1
    writer.close()


def test_a_follower_hands_out_its_file_and_knows_when_it_is_deleted(recorded):
    writer, frames = recorded.grow()
    writer.append(frames[0])
    with ChunkFollower(writer.path) as follower:
        fd = follower.duplicate()
        names = [follower.is_deleted]
        writer.path.unlink()
        names.append(follower.is_deleted)
        assert names == [False, True]
        assert os.fstat(fd).st_size > 0
        os.close(fd)
    writer.close()


def test_a_copy_of_the_archive_on_another_disk_is_told_once(recorded, tmp_path):
    piece = recorded.all()[0]
    elsewhere = tmp_path / "copy"
    recorded.store.disks.remember(elsewhere, "another-marker")
    recorded.store.segments.add(entry_of(elsewhere, "gate", recorded.footage.record(piece)))
    assert len(recorded.all()) == 3


def test_heads_come_for_all_that_can_be_read_and_words_for_the_rest(recorded, tmp_path):
    pieces = recorded.all()
    segment_path(recorded.dst, "gate", pieces[1].stamp).unlink()
    found = list(recorded.footage.heads(pieces))
    assert isinstance(found[1], FootageGoneError)
    for number in (0, 2):
        piece, place, head = found[number]
        record = recorded.footage.record(piece)
        assert (head.stamp, head.start_us, head.file_bytes) == (piece.stamp, piece.start_us, piece.file_bytes)
        assert [track.samples for track in head.tracks] == [track.count for track in record.tracks]
        assert place == recorded.footage.place(piece)
