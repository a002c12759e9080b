from array import array
from dataclasses import replace
from fractions import Fraction

import pytest

from pynvr.archive.index_codec import RECORD_HEADER, encode_record
from pynvr.archive.index_head import HeadReader, head_of
from pynvr.archive.index_record import IndexRecord
from pynvr.archive.record import index_track
from pynvr.isobmff.table import TrackTable
from tests.archive.building import AUDIO, VIDEO


def table(track, sizes, offsets, durations, composition=()):
    keys = array("I", [0, 2] if track.kind == "video" else range(len(sizes)))
    return index_track(
        TrackTable(
            track,
            array("I", sizes),
            array("Q", offsets),
            array("I", durations),
            keys,
            array("i", composition),
            start_offset_us=-7,
        )
    )


def body_of(record):
    return encode_record(record)[RECORD_HEADER.size :]


@pytest.fixture
def record():
    video = table(VIDEO, [10, 20, 30], [100, 200, 1 << 33], [3000, 3000, 3010], [5, -6, 0])
    audio = table(AUDIO, [4, 5], [110, 220], [1024, 1024])
    return IndexRecord("20251009.1200", 1, 2, 1 << 34, 64, (video, audio), activity=b"123", signature=b"4567")


def test_a_head_says_what_the_record_says_and_where_its_arrays_lie(record):
    body = body_of(record)
    head = HeadReader().read(body)
    assert (head.start_us, head.end_us, head.file_bytes, head.mdat_start) == (1, 2, 1 << 34, 64)
    for track, found in zip(record.tracks, head.tracks, strict=True):
        assert found._replace(arrays_at=0) == head_of(track)
        arrays = track.sizes + track.offsets + track.durations + track.composition + track.keyframes
        assert body[found.arrays_at : found.arrays_at + len(arrays)] == arrays
    assert head.tracks[0].last_run == (1, 3010)
    assert head.tracks[0].first_composition == 5
    assert head.tracks[1].last_run == (2, 1024)
    assert head.tracks[0].wide
    assert not head.tracks[1].wide


def test_tracks_described_alike_are_one(record):
    reader = HeadReader()
    first, second = reader.read(body_of(record)), reader.read(body_of(replace(record, stamp="20251009.1201")))
    assert first.tracks[0].track is second.tracks[0].track
    declared = replace(record.video, track=replace(VIDEO, frame_rate=Fraction(5)))
    other = reader.read(body_of(replace(record, tracks=(declared,))))
    assert other.tracks[0].track == declared.track


@pytest.mark.parametrize("cut", [0, 10, 70, -1])
def test_what_is_no_record_is_refused(record, cut):
    with pytest.raises(ValueError, match="index record"):
        HeadReader().read(body_of(record)[:cut])
