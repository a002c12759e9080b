"""Ranges asked for again and again, and held while they are read."""

import pytest

from pynvr.base.errors import FootageGoneError, StoreError
from pynvr.playback.range_name import range_name
from pynvr.playback.ranges import Ranges
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.recording import Recording, in_segments

SECOND = 1_000_000
CLIP = make_clip(count=96)


class HandClock:
    def __init__(self):
        self.at_us, self.at_s = ANCHOR_US + 3600 * SECOND, 1000.0

    def now_us(self):
        return self.at_us

    def monotonic_s(self):
        return self.at_s

    def move(self, seconds):
        self.at_us += round(seconds * 1e6)
        self.at_s += seconds


class Place:
    def __init__(self, folder):
        self.recording = Recording(folder)
        for frames in in_segments(CLIP, 2):
            self.recording.add(CLIP, frames=frames)
        self.clock = HandClock()
        self.ranges = Ranges(self.recording.footage, self.recording.store, self.clock)

    def plan(self, gaps="close"):
        return self.ranges.plan("gate", ANCHOR_US, ANCHOR_US + 60 * SECOND, gaps)

    def held(self):
        return [(one.start_us, one.end_us) for one in self.recording.store.leases.held(self.clock.at_us)]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_a_range_asked_for_again_is_planned_once(place):
    first = place.plan()
    assert place.plan() is first
    assert place.plan("keep") is not first


def test_a_range_whose_index_was_made_anew_is_planned_anew(place):
    first = place.plan()
    content = b"".join(place.ranges.source(first, "x").read(0, first.length))
    for index in {path for path, _ in first.segments.indexes}:
        copy = index.with_suffix(".new")
        copy.write_bytes(index.read_bytes())
        copy.rename(index)
    again = place.plan()
    assert again.etag == first.etag
    assert b"".join(place.ranges.source(again, "x").read(0, again.length)) == content


def test_long_ranges_take_the_place_of_several_short_ones(place, monkeypatch):
    monkeypatch.setattr("pynvr.playback.ranges._SEGMENTS_KEPT", 6)
    first = place.plan()
    assert len(first.segments) == 4
    place.plan("keep")
    assert place.plan() is not first
    monkeypatch.setattr("pynvr.playback.ranges._SEGMENTS_KEPT", 1)
    last = place.plan("keep")
    assert place.plan("keep") is last, "one is kept, however long"


def test_what_was_recorded_since_makes_another_plan(place):
    first = place.plan()
    place.recording.add(CLIP, at_us=ANCHOR_US + 20 * SECOND)
    second = place.plan()
    assert second.length > first.length
    assert second.etag != first.etag


def test_it_is_held_from_the_first_byte_to_the_last(place):
    source = place.ranges.source(place.plan(), "gate.mp4")
    assert place.held() == []
    reading = source.read(0, source.length)
    next(reading)
    assert place.held() == [(ANCHOR_US, source.plan.end_us)]
    for _ in reading:
        pass
    assert place.held() == []


def test_what_was_read_is_let_go_of(place):
    source = place.ranges.source(place.plan(), "gate.mp4")
    header, content = source.plan.header.length, source.plan.segments.content
    starts = list(source.plan.segments.start_us)
    next(source.read(0, source.length))
    place.clock.move(31)
    third = source.read(header + content[2], source.length)
    next(third)
    assert place.held() == [(starts[2], source.plan.end_us)]


def test_a_broken_download_is_held_for_two_more_minutes(place):
    source = place.ranges.source(place.plan(), "gate.mp4")
    reading = source.read(0, source.length)
    next(reading)
    reading.close()
    source.close()
    place.clock.move(119)
    assert len(place.held()) == 1
    place.clock.move(2)
    assert place.held() == []


def test_as_long_as_it_is_read_it_is_held(place):
    source = place.ranges.source(place.plan(), "gate.mp4")
    reading = source.read(0, source.length)
    for piece in reading:
        assert piece
        assert len(place.held()) == 1
        place.clock.move(100)


def test_a_long_header_is_held_as_long_as_it_is_read(place, monkeypatch):
    monkeypatch.setattr("pynvr.playback.range_source.PIECE_BYTES", 300)
    source = place.ranges.source(place.plan(), "gate.mp4")
    pieces = 0
    for _ in source.read(0, source.plan.header.length):
        assert len(place.held()) == 1
        place.clock.move(40)
        pieces += 1
    assert pieces > 5


def test_who_asks_again_after_a_file_is_gone_gets_what_is_left(place):
    first = place.plan()
    paths = place.recording.paths
    paths[max(paths)].unlink()
    with pytest.raises(FootageGoneError):
        list(place.ranges.source(first, "gate.mp4").read(0, first.length))
    again = place.plan()
    assert len(again.segments) == len(first.segments) - 1
    assert sum(map(len, place.ranges.source(again, "gate.mp4").read(0, again.length))) == again.length


def test_a_part_of_it_is_no_end(place):
    source = place.ranges.source(place.plan(), "gate.mp4")
    list(source.read(100, 2000))
    assert len(place.held()) == 1


def test_a_database_that_fails_holds_up_no_download(place, monkeypatch, caplog):
    def fail(*_args, **_more):
        raise StoreError("the database is locked")

    monkeypatch.setattr(place.recording.store.leases, "take", fail)
    source = place.ranges.source(place.plan(), "gate.mp4")
    assert sum(map(len, source.read(0, source.length))) == source.length
    assert "goes on without being held" in caplog.text


def test_a_database_that_fails_is_left_alone_for_a_while_by_all_downloads(place, monkeypatch):
    take, tried = place.recording.store.leases.take, []

    def fail(camera_id, *_args, **_more):
        tried.append(camera_id)
        raise StoreError("the database is locked")

    monkeypatch.setattr(place.recording.store.leases, "take", fail)
    many = [place.ranges.leased(place.plan(), "gate.mp4")[1] for _ in range(64)]
    for lease in many:
        lease.reached(ANCHOR_US)
    assert tried == ["gate"], "each of them waits for seconds"
    place.clock.move(31)
    monkeypatch.setattr(place.recording.store.leases, "take", take)
    many[1].reached(ANCHOR_US)
    assert len(place.held()) == 1


def test_a_download_is_named_by_what_it_shows(place):
    zone = place.recording.settings.system.timezone
    at_us = 1_795_269_910 * SECOND  # 2026-11-21 14:05:10 UTC
    assert range_name("gate", at_us, at_us + 272 * SECOND, zone) == "gate 2026-11-21 14.05.10-14.09.42.mp4"
    assert range_name("gate", at_us, at_us + 12 * 3600 * SECOND, zone) == (
        "gate 2026-11-21 14.05.10 to 2026-11-22 02.05.10.mp4"
    )
