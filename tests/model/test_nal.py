import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.nal import annexb_spans, length_prefixed_spans, parse_extradata, to_annexb
from tests.media.encoded import encode, nals


def spans_of(data):
    return [data[start:end] for start, end in annexb_spans(data)]


def test_start_codes_of_three_and_four_bytes_are_found():
    assert spans_of(b"\0\0\0\1\x67abc\0\0\1\x68de\0\0\0\1\x65fgh") == [b"\x67abc", b"\x68de", b"\x65fgh"]


def test_zeros_before_a_start_code_belong_to_no_nal_unit():
    assert spans_of(b"\0\0\0\1\x67abc\0\0\0\0\0\1\x68") == [b"\x67abc", b"\x68"]


def test_what_stands_before_the_first_start_code_is_left_out():
    assert spans_of(b"junk\0\0\1\x65abc") == [b"\x65abc"]


@pytest.mark.parametrize("data", [b"", b"\0\0", b"nothing at all", b"\0\0\1", b"\0\0\0\1"])
def test_without_a_nal_unit_there_is_none(data):
    assert annexb_spans(data) == []


# What a NAL unit can hold: emulation prevention keeps 0, 0, 0…3 out, and it never ends in a zero.
payload = st.binary(min_size=1, max_size=60).map(lambda data: data.replace(b"\0\0", b"\0\x07") + b"\x80")


@given(st.lists(payload, min_size=1, max_size=6))
def test_nal_units_come_back_whole(units):
    assert spans_of(to_annexb(units)) == units


@given(st.lists(payload, max_size=6), st.sampled_from([2, 4]))
def test_length_prefixed_nal_units_come_back_whole(units, length_bytes):
    data = b"".join(len(unit).to_bytes(length_bytes, "big") + unit for unit in units)
    assert [data[start:end] for start, end in length_prefixed_spans(data, length_bytes)] == units


@given(st.binary(max_size=100))
def test_no_bytes_make_the_readers_fail(data):
    for start, end in annexb_spans(data) + length_prefixed_spans(data, 4):
        assert 0 <= start < end <= len(data)


def test_a_length_beyond_the_end_gives_nothing():
    assert length_prefixed_spans(b"\0\0\0\2ab\0\0\0\x09c", 4) == []


def test_extradata_with_start_codes_is_read():
    sps, pps = nals(encode(count=1)[0][0])[:2]
    found = parse_extradata("h264", to_annexb([sps, pps]))
    assert found.parameter_sets == (sps, pps)
    assert found.length_bytes == 0


def test_an_avcc_is_read():
    sps, pps = b"\x67\x42\x00\x1eabc", b"\x68xyz"
    body = b"\1\x42\0\x1e\xff\xe1" + len(sps).to_bytes(2, "big") + sps + b"\1" + len(pps).to_bytes(2, "big") + pps
    found = parse_extradata("h264", body)
    assert found.parameter_sets == (sps, pps)
    assert found.length_bytes == 4


def test_an_hvcc_is_read():
    sets = [b"\x40\1vps", b"\x42\1sps", b"\x44\1pps"]
    arrays = b"".join(b"\xa0\0\1" + len(nal).to_bytes(2, "big") + nal for nal in sets)
    found = parse_extradata("hevc", bytes([1] + [0] * 20 + [3, 3]) + arrays)
    assert found.parameter_sets == tuple(sets)
    assert found.length_bytes == 4


@given(st.binary(max_size=60), st.sampled_from(["h264", "hevc"]))
def test_no_extradata_makes_the_reader_fail(data, codec):
    parse_extradata(codec, data)
