"""Small pictures out of a day index, without the rest of its records."""

from dataclasses import replace

import pytest

from pynvr.archive.index import append_record
from pynvr.archive.index_codec import encode_record
from pynvr.archive.index_record import IndexRecord, IndexTrack
from pynvr.archive.index_signatures import signatures
from pynvr.model.frame import Track

TRACK = IndexTrack(
    Track(0, "video", "h264", 90_000, b"entry", 1920, 1080), 2, 6000, 0, False, bytes(8), bytes(8), bytes(8), b"", b""
)


def record(minute, signature, activity=bytes(60)):
    start_us = minute * 60_000_000
    stamp = f"20261121.{minute // 60:02d}{minute % 60:02d}"
    return IndexRecord(stamp, start_us, start_us + 60_000_000, 1000, 100, (TRACK,), activity, signature)


def picture(value):
    return bytes([value]) * 3456


def test_each_record_gives_its_own_and_the_latest_of_a_stamp_holds(tmp_path):
    path = tmp_path / "gate.index"
    for one in (record(0, b""), record(1, picture(1)), record(2, picture(2)), record(0, picture(9))):
        append_record(path, one)
    found = signatures(path)
    assert {stamp: signed.signature[:1] for stamp, signed in found.items()} == {
        "20261121.0000": b"\x09",
        "20261121.0001": b"\x01",
        "20261121.0002": b"\x02",
    }
    assert found["20261121.0002"].start_us == 120_000_000
    assert all(len(signed.signature) == 3456 for signed in found.values())


def test_a_segment_of_an_hour_has_its_own_too(tmp_path):
    path = tmp_path / "gate.index"
    append_record(path, record(0, picture(5), activity=bytes(3600)))
    append_record(path, record(1, picture(6)))
    assert [signed.signature for signed in signatures(path).values()] == [picture(5), picture(6)]


def test_a_file_that_isnt_there_has_none(tmp_path):
    assert signatures(tmp_path / "gate.index") == {}


@pytest.mark.parametrize("damage", ["torn", "garbage", "length"])
def test_what_is_damaged_is_left_out_and_what_follows_is_found(tmp_path, damage):
    path = tmp_path / "gate.index"
    first, second, third = (encode_record(record(minute, picture(minute))) for minute in (1, 2, 3))
    if damage == "torn":
        second = second[: len(second) // 2]
    elif damage == "garbage":
        second = bytes(len(second))
    else:
        second = second[:5] + b"\x7f\xff\xff\xff" + second[9:]
    path.write_bytes(first + second + third)
    assert sorted(signatures(path)) == ["20261121.0001", "20261121.0003"]
    # So is the end of one that is being written.
    path.write_bytes(first + third[:-1])
    assert sorted(signatures(path)) == ["20261121.0001"]


def test_a_record_of_another_length_than_it_says_gives_nothing(tmp_path):
    path = tmp_path / "gate.index"
    whole = encode_record(replace(record(1, b""), tracks=(TRACK,)))
    path.write_bytes(whole[:13] + whole[13:40])
    assert signatures(path) == {}
