import os
from array import array
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.archive.index import IndexRecord, IndexTrack, append_record, read_records
from pynvr.archive.index_codec import RECORD_HEADER, decode_record, encode_record
from pynvr.archive.record import record_of
from pynvr.archive.tables import SegmentTables
from pynvr.base.errors import DiskError
from pynvr.isobmff.runs import from_big_endian, from_runs
from pynvr.isobmff.table import TrackTable
from pynvr.model.cause import Cause
from tests.archive.building import ANCHOR_US, AUDIO, VIDEO

GOLDEN = Path(__file__).parent / "golden"


def record(number: int = 0, samples: int = 5) -> IndexRecord:
    video = TrackTable(
        track=VIDEO,
        sizes=array("I", range(100, 100 + samples)),
        offsets=array("Q", range(4096, 4096 + 200 * samples, 200)),
        durations=array("I", [3600] * (samples - 1) + [3000]),
        keyframes=array("I", [0, 3]),
        composition=array("i", [0, 0, -3, 7, 7]) if samples == 5 else array("i"),
    )
    audio = replace(
        video,
        track=AUDIO,
        offsets=array("Q", [(1 << 33) + at for at in range(samples)]),
        composition=array("i"),
        start_offset_us=-1234,
    )
    tables = SegmentTables((video, audio), ANCHOR_US, ANCHOR_US + 60_000_000)
    found = record_of(
        f"20251009.{1000 + number}", tables, file_bytes=1 << 34, mdat_start=4096, activity=b"\1\2\3", signature=b"s" * 9
    )
    return replace(found, start_us=found.start_us + number * 60_000_000)


def test_a_record_is_read_back(tmp_path):
    path = tmp_path / "c.index"
    append_record(path, record())
    assert read_records(path) == [record()]
    video, audio = read_records(path)[0].tracks
    assert list(from_big_endian("I", video.sizes)) == [100, 101, 102, 103, 104]
    assert list(from_big_endian("I", video.offsets)) == [4096, 4296, 4496, 4696, 4896]
    assert list(from_runs("I", video.durations, 5)) == [3600, 3600, 3600, 3600, 3000]
    assert list(from_runs("i", video.composition, 5)) == [0, 0, -3, 7, 7]
    assert (video.count, video.duration, video.wide, audio.wide) == (5, 17_400, False, True)
    assert audio.keyframes == b""
    assert list(from_big_endian("Q", audio.offsets))[1] == (1 << 33) + 1


def test_the_golden_record_is_still_written_and_read():
    golden = (GOLDEN / "record.index").read_bytes()
    assert encode_record(record()) == golden
    assert read_records(GOLDEN / "record.index") == [record()]
    assert golden[:5] == b"NVRi\x01"


def test_the_latest_record_of_a_stamp_counts_and_records_come_by_time(tmp_path):
    path = tmp_path / "c.index"
    for number in (2, 0, 1):
        append_record(path, record(number))
    append_record(path, replace(record(1), activity=b"new"))
    found = read_records(path)
    assert [r.stamp for r in found] == ["20251009.1000", "20251009.1001", "20251009.1002"]
    assert [r.activity for r in found] == [b"\1\2\3", b"new", b"\1\2\3"]


def test_no_file_is_no_record(tmp_path):
    assert read_records(tmp_path / "c.index") == []
    with pytest.raises(DiskError) as caught:
        append_record(tmp_path / "gone" / "c.index", record())
    assert caught.value.cause == Cause.DISK_MISSING


@settings(max_examples=60)
@given(cut=st.integers(0, 10_000), garbage=st.binary(max_size=50))
def test_a_torn_record_costs_only_itself(tmp_path, cut, garbage):
    path = tmp_path / "c.index"
    path.unlink(missing_ok=True)
    append_record(path, record(0))
    whole = path.stat().st_size
    append_record(path, record(1))
    os.truncate(path, whole + cut % whole)
    with path.open("ab") as file:
        file.write(garbage)
    append_record(path, record(2))
    assert read_records(path) == [record(0), record(2)]


@settings(max_examples=100)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_costs_one_record(tmp_path, at, bit):
    path = tmp_path / "c.index"
    data = bytearray(b"".join(encode_record(record(n)) for n in range(3)))
    data[at % len(data)] ^= 1 << bit
    path.write_bytes(data)
    found = read_records(path)
    assert len(found) == 2
    assert all(r in [record(n) for n in range(3)] for r in found)


@given(st.binary(max_size=300))
def test_any_body_is_a_record_or_a_value_error(body):
    try:
        decode_record(body, 0, len(body))
    except ValueError:
        pass


@given(st.data())
def test_a_damaged_body_is_a_record_or_a_value_error(data):
    body = bytearray(encode_record(record())[RECORD_HEADER.size :])
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, 150))] = data.draw(st.integers(0, 255))
    try:
        found = decode_record(bytes(body), 0, len(body))
    except ValueError:
        return
    assert all(isinstance(track, IndexTrack) for track in found.tracks)


def test_a_refused_append_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "c.index"
    append_record(path, record(0))
    before = path.read_bytes()
    real = os.write
    calls = []

    def filling(fd, data):
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return real(fd, data[:40])

    monkeypatch.setattr("os.write", filling)
    with pytest.raises(DiskError) as caught:
        append_record(path, record(1))
    assert caught.value.cause == Cause.DISK_FULL
    assert path.read_bytes() == before
