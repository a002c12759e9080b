"""RTP payloads taken apart again by the rules of their RFCs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.simulator.nal import split_annexb
from pynvr.simulator.payload import aac_payload, video_payloads
from pynvr.simulator.rtp import Packets, sender_report


def depacketized_h264(payloads: list[bytes]) -> list[bytes]:
    """RFC 6184 §5.6 to §5.8."""
    nals: list[bytes] = []
    fragments: list[bytes] = []
    for payload in payloads:
        kind = payload[0] & 0x1F
        if kind == 24:
            at = 1
            while at < len(payload):
                size = int.from_bytes(payload[at : at + 2], "big")
                nals.append(payload[at + 2 : at + 2 + size])
                at += 2 + size
        elif kind == 28:
            if payload[1] & 0x80:
                assert not fragments, "a new fragmented unit begins inside another"
                fragments = [bytes((payload[0] & 0xE0 | payload[1] & 0x1F,))]
            fragments.append(payload[2:])
            if payload[1] & 0x40:
                nals.append(b"".join(fragments))
                fragments = []
        else:
            nals.append(payload)
    assert not fragments, "a fragmented unit has no end"
    return nals


def depacketized_hevc(payloads: list[bytes]) -> list[bytes]:
    """RFC 7798 §4.4."""
    nals: list[bytes] = []
    fragments: list[bytes] = []
    for payload in payloads:
        kind = payload[0] >> 1 & 0x3F
        if kind == 48:
            at = 2
            while at < len(payload):
                size = int.from_bytes(payload[at : at + 2], "big")
                nals.append(payload[at + 2 : at + 2 + size])
                at += 2 + size
        elif kind == 49:
            if payload[2] & 0x80:
                assert not fragments, "a new fragmented unit begins inside another"
                fragments = [bytes((payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1]))]
            fragments.append(payload[3:])
            if payload[2] & 0x40:
                nals.append(b"".join(fragments))
                fragments = []
        else:
            nals.append(payload)
    assert not fragments, "a fragmented unit has no end"
    return nals


def h264_nals() -> st.SearchStrategy[list[bytes]]:
    header = st.builds(lambda nri, kind: bytes((nri << 5 | kind,)), st.integers(0, 3), st.integers(1, 23))
    return st.lists(st.builds(bytes.__add__, header, st.binary(min_size=1, max_size=900)), min_size=1, max_size=12)


def hevc_nals() -> st.SearchStrategy[list[bytes]]:
    header = st.builds(lambda kind, temporal: bytes((kind << 1, temporal)), st.integers(0, 47), st.integers(1, 7))
    return st.lists(st.builds(bytes.__add__, header, st.binary(min_size=1, max_size=900)), min_size=1, max_size=12)


@given(nals=h264_nals(), largest=st.integers(60, 1500), aggregate=st.booleans())
def test_any_h264_unit_comes_out_of_its_packets_as_it_went_in(nals, largest, aggregate):
    payloads = video_payloads(nals, "h264", largest, aggregate)
    assert max(map(len, payloads)) <= largest
    assert depacketized_h264(payloads) == nals


@given(nals=hevc_nals(), largest=st.integers(60, 1500), aggregate=st.booleans())
def test_any_h265_unit_comes_out_of_its_packets_as_it_went_in(nals, largest, aggregate):
    payloads = video_payloads(nals, "hevc", largest, aggregate)
    assert max(map(len, payloads)) <= largest
    assert depacketized_hevc(payloads) == nals


def test_the_three_forms_of_h264_payload():
    sps, pps, small, large = b"\x67abc", b"\x68de", b"\x41" + b"s" * 60, b"\x65" + bytes(range(200))
    payloads = video_payloads([sps, pps, large, small], "h264", 100, True)
    assert payloads[0] == b"\x78" + b"\x00\x04" + sps + b"\x00\x03" + pps
    assert [payload[:2].hex() for payload in payloads[1:4]] == ["7c85", "7c05", "7c45"]
    assert payloads[4] == small


def test_without_aggregation_each_small_unit_has_its_own_packet():
    assert video_payloads([b"\x67a", b"\x68b"], "h264", 100, False) == [b"\x67a", b"\x68b"]


def test_an_aac_frame_has_one_unit_header():
    assert aac_payload(b"x" * 300) == bytes((0, 16, 300 >> 5, (300 & 31) << 3)) + b"x" * 300


def test_the_marker_is_on_the_last_packet_and_sequence_numbers_wrap():
    packets = Packets([b"a", b"b", b"c"], 96, 0xFFFE, 0x01020304, 0x0A0B0C0D)
    assert [data[:4].hex() for data in packets.datagrams()] == ["8060fffe", "8060ffff", "80e00000"]
    assert packets.datagrams()[0][4:].hex() == "010203040a0b0c0d61"
    framed = packets.interleaved(4)
    assert framed == b"".join(b"$\x04\x00\x0d" + data for data in packets.datagrams())


def test_a_sender_report_ties_the_clocks():
    report = sender_report(7, "gate", wall_us=1_500_000, time=90_000, packets=3, octets=400)
    assert report[:4].hex() == "80c80006"
    ntp = int.from_bytes(report[8:16], "big")
    assert ntp == (2_208_988_801 << 32) + (1 << 31)
    assert [int.from_bytes(report[at : at + 4], "big") for at in (16, 20, 24)] == [90_000, 3, 400]
    assert len(report) % 4 == 0 and report[28:30].hex() == "81ca"
    assert int.from_bytes(report[30:32], "big") == (len(report) - 28) // 4 - 1


@pytest.mark.parametrize("start_code", [b"\x00\x00\x01", b"\x00\x00\x00\x01"])
def test_annex_b_is_split_at_its_start_codes(start_code):
    assert split_annexb(start_code + b"\x67ab" + start_code + b"\x65\x00\x00\x03\x01") == [
        b"\x67ab",
        b"\x65\x00\x00\x03\x01",
    ]
