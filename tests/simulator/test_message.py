"""RTSP requests, transports and passwords, whatever a client may send."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.simulator.authentication import REALM, is_authorized
from pynvr.simulator.message import Interleaved, MalformedRequestError, Request, parse_transport, take_message


def test_requests_and_packets_are_taken_one_by_one():
    buffer = bytearray(b"OPTIONS * RTSP/1.0\r\nCSeq: 3\r\n\r\n$\x01\x00\x02ab")
    assert take_message(buffer) == Request("OPTIONS", "*", {"cseq": "3"})
    assert take_message(buffer) == Interleaved(1, b"ab")
    assert take_message(buffer) is None and not buffer


def test_a_body_belongs_to_its_request():
    buffer = bytearray(b"SET_PARAMETER rtsp://h/x RTSP/1.0\r\nContent-Length: 4\r\n\r\nabc")
    assert take_message(buffer) is None
    buffer += b"dOPTIONS"
    assert isinstance(take_message(buffer), Request)
    assert buffer == b"OPTIONS"


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", b"x\r\n\r\n", b"A b RTSP/1.0\r\nContent-Length: -1\r\n\r\n"]
)
def test_what_is_not_rtsp_is_malformed(data):
    with pytest.raises(MalformedRequestError):
        take_message(bytearray(data))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(data):
    buffer = bytearray(data)
    try:
        while take_message(buffer) is not None:
            pass
    except MalformedRequestError:
        pass


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("RTP/AVP/TCP;unicast;interleaved=2-3", [("tcp", 2, 3)]),
        ("RTP/AVP/TCP;unicast", [("tcp", None, None)]),
        ("RTP/AVP;unicast;client_port=5000-5001", [("udp", 5000, 5001)]),
        ("RTP/AVP/UDP;unicast;client_port=5000", [("udp", 5000, 5001)]),
        ("RTP/AVP;multicast, RTP/AVP/TCP;interleaved=0-1", [("tcp", 0, 1)]),
        ("RAW/RAW/UDP, RTP/AVP;unicast", []),
        ("RTP/AVP;unicast;client_port=65535", []),
        ("RTP/AVP;unicast;client_port=0-1", []),
        ("RTP/AVP/TCP;interleaved=255-256, RTP/AVP/TCP;interleaved=254-255", [("tcp", 254, 255)]),
        (f"RTP/AVP/TCP;interleaved={'9' * 5000}", []),
    ],
)
def test_transports_are_read_in_the_clients_order(header, expected):
    assert [(offer.kind, offer.first, offer.second) for offer in parse_transport(header)] == expected


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def test_digest_with_and_without_qop():
    secret, request = md5(f"u:{REALM}:p"), md5("DESCRIBE:rtsp://h/x")
    plain = md5(f"{secret}:n:{request}")
    fields = f'username="u", realm="{REALM}", nonce="n", uri="rtsp://h/x"'
    assert is_authorized(
        f'Digest {fields}, response="{plain}"', "digest", "DESCRIBE", nonce="n", user="u", password="p"
    )
    protected = md5(f"{secret}:n:00000001:c:auth:{request}")
    header = f'Digest {fields}, qop=auth, nc=00000001, cnonce="c", response="{protected}"'
    assert is_authorized(header, "digest", "DESCRIBE", nonce="n", user="u", password="p")
    assert not is_authorized(header, "digest", "PLAY", nonce="n", user="u", password="p")
    assert not is_authorized(header, "digest", "DESCRIBE", nonce="other", user="u", password="p")
    assert not is_authorized(header, "digest", "DESCRIBE", nonce="n", user="u", password="P")


def test_basic_counts_only_where_it_was_asked_for():
    header = "Basic " + base64.b64encode(b"u:p:q").decode()
    assert is_authorized(header, "basic", "PLAY", nonce="", user="u", password="p:q")
    assert not is_authorized(header, "digest", "PLAY", nonce="", user="u", password="p:q")
    assert not is_authorized("Basic %%%", "basic", "PLAY", nonce="", user="u", password="p:q")
    assert not is_authorized("", "basic", "PLAY", nonce="", user="u", password="")
