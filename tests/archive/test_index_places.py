import errno
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.archive import index_places
from pynvr.archive.index import append_record, read_records
from pynvr.archive.index_codec import decode_record, encode_record
from pynvr.archive.index_head import HeadReader
from pynvr.archive.index_places import IndexPlaces, PlaceReader, whole_records
from pynvr.archive.reader import read_chunk
from pynvr.archive.record import record_of
from pynvr.archive.tables import tables_of
from pynvr.base.errors import FootageGoneError
from tests.archive.building import picture, write_chunk


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    path = tmp_path_factory.mktemp("chunk") / "gate.20251009.1200.chunk"
    write_chunk(path, [picture(number, is_key=number % 5 == 0) for number in range(20)])
    return record_of("20251009.1200", tables_of(read_chunk(path)), file_bytes=5000, mdat_start=64)


def read(places, stamp):
    place = places.find(stamp)
    if place is None:
        return None
    with PlaceReader() as reader:
        return decode_record(reader.read(place, 0, place.length), 0, place.length)


def test_each_record_is_found_where_it_lies_and_later_ones_hold(tmp_path, record):
    path = tmp_path / "gate.index"
    stamps = ["20251009.1200", "20251009.120030", "20251009.0200b", "20251009.0200"]
    for stamp in stamps:
        append_record(path, replace(record, stamp=stamp))
    append_record(path, replace(record, stamp=stamps[1], signature=b"picture"))
    places = IndexPlaces(path)
    assert places.refresh()
    for stamp in stamps:
        expected = b"picture" if stamp == stamps[1] else b""
        assert read(places, stamp) == replace(record, stamp=stamp, signature=expected)
    assert places.find("20251009.1201") is None
    assert places.find("../etc") is None


def test_what_is_appended_is_seen_without_reading_the_rest_again(tmp_path, record):
    path = tmp_path / "gate.index"
    append_record(path, record)
    places = IndexPlaces(path)
    places.refresh()
    with path.open("r+b") as file:  # what was seen is believed, and not looked at twice
        file.write(b"\0" * 5)
    append_record(path, replace(record, stamp="20251009.1201"))
    places.refresh()
    assert read(places, "20251009.1201") is not None
    assert places.find("20251009.1200") is not None


def test_an_index_made_anew_is_read_anew(tmp_path, record):
    path = tmp_path / "gate.index"
    append_record(path, record)
    places = IndexPlaces(path)
    places.refresh()
    old = places.find(record.stamp)
    assert old is not None
    path.rename(tmp_path / "aside")
    append_record(path, replace(record, stamp="20251009.1300"))
    with PlaceReader() as reader, pytest.raises(FootageGoneError):
        reader.read(old, 0, 10)
    places.refresh()
    assert places.find(record.stamp) is None
    assert read(places, "20251009.1300") == replace(record, stamp="20251009.1300")


def test_there_may_be_no_index(tmp_path):
    assert not IndexPlaces(tmp_path / "gate.index").refresh()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_after_any_damage_it_finds_what_the_reader_of_whole_days_finds(tmp_path_factory, record, data):
    path = tmp_path_factory.mktemp("index") / "gate.index"
    content = b""
    for number in range(4):
        whole = encode_record(replace(record, stamp=f"20251009.120{number}"))
        cut = data.draw(st.one_of(st.none(), st.integers(1, len(whole) - 1)))
        content += whole if cut is None else whole[:cut]
    flips = data.draw(st.lists(st.integers(0, len(content) - 1), max_size=3))
    damaged = bytearray(content)
    for at in flips:
        damaged[at] ^= 0x20
    path.write_bytes(damaged)
    places = IndexPlaces(path)
    places.refresh()
    expected = {one.stamp: one for one in read_records(path)}
    for number in range(4):
        stamp = f"20251009.120{number}"
        assert read(places, stamp) == expected.get(stamp)


def heads_of(places):
    return {stamp: (head.stamp, head.tracks[0].samples) for stamp, (_, head) in places.heads(HeadReader()).items()}


@pytest.mark.parametrize("at_once", [True, False])
def test_heads_are_read_once_and_those_of_what_is_appended_added(tmp_path, record, monkeypatch, at_once):
    path = tmp_path / "gate.index"
    append_record(path, record)
    places = IndexPlaces(path)
    places.refresh(HeadReader() if at_once else None)
    assert heads_of(places) == {record.stamp: (record.stamp, 20)}
    append_record(path, replace(record, stamp="20251009.1201"))
    places.refresh()
    monkeypatch.setattr(PlaceReader, "read", lambda *_: pytest.fail("it was read again"))
    found = places.heads(HeadReader())
    assert sorted(found) == ["20251009.1200", "20251009.1201"]
    assert found["20251009.1201"][0] == places.find("20251009.1201")


def test_heads_may_be_forgotten(tmp_path, record):
    path = tmp_path / "gate.index"
    append_record(path, record)
    places = IndexPlaces(path)
    places.refresh()
    before = heads_of(places)
    places.forget_heads()
    assert heads_of(places) == before


def test_an_index_longer_than_a_window_is_found_whole(tmp_path, record, monkeypatch):
    monkeypatch.setattr("pynvr.archive.index_places._WINDOW_BYTES", 700)
    path = tmp_path / "gate.index"
    for number in range(40):
        append_record(path, replace(record, stamp=f"20251009.12{number:02d}", activity=bytes(number * 40)))
    places = IndexPlaces(path)
    places.refresh(HeadReader())
    assert len(heads_of(places)) == 40
    assert read(places, "20251009.1239").activity == bytes(39 * 40)


def test_a_disk_that_fails_half_way_costs_no_record(tmp_path, record, monkeypatch):
    path = tmp_path / "gate.index"
    stamps = [f"20251009.12{minute:02d}" for minute in range(3)]
    append_record(path, replace(record, stamp=stamps[0]))
    places = IndexPlaces(path)
    places.refresh()
    for stamp in stamps[1:]:
        append_record(path, replace(record, stamp=stamp))

    def one_and_no_more(*where):
        yield from islice(whole_records(*where), 1)
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(index_places, "whole_records", one_and_no_more)
        with pytest.raises(OSError, match="Input/output error"):
            places.refresh()
    assert places.refresh()
    assert [places.find(stamp) is not None for stamp in stamps] == [True] * 3
