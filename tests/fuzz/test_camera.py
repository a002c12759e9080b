"""A camera that was taken over: whatever it answers, its recorder gets frames or a SourceError, and gets it soon."""

import contextlib
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.base.errors import SourceError
from pynvr.media.source import Source
from tests.fuzz.effort import tries
from tests.posting.rude import Rude, take_head
from tests.recorder.making import make_camera

SDP = """v=0
o=- 0 0 IN IP4 127.0.0.1
s=x
t=0 0
m=video 0 RTP/AVP 96
c=IN IP4 0.0.0.0
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LACtoPxOA=,aM48gA==
a=control:track1
"""
ODD_LINES = (
    "a=rtpmap:96 H264/0",
    "a=rtpmap:96 H264/-1",
    "a=rtpmap:96 H265/99999999999999999999",
    "a=rtpmap:97 MPEG4-GENERIC/16000/255",
    "a=fmtp:96 sprop-parameter-sets=" + "A" * 9000,
    "a=fmtp:96 sprop-parameter-sets=,,,;packetization-mode=-1;profile-level-id=zz",
    "a=fmtp:97 config=" + "f" * 5000 + ";sizelength=99;indexlength=-3",
    "a=control:rtsp://127.0.0.1:1/elsewhere",
    "a=control:../../../%00",
    "a=range:npt=now-1e999",
    "a=framerate:nan",
    "a=x-dimensions:99999999,99999999",
    "m=audio 0 RTP/AVP 97",
    "m=video 70000 RTP/AVP 96 97 98 99",
    "m=application 0 RTP/AVP 107",
    "c=IN IP4 239.255.255.250/127/9999",
    "c=IN IP6 ::::",
    "a=key-mgmt:mikey AAAA",
    "\0\0\0",
    "a" * 70_000,
)
ODD_HEADERS = (
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 5",
    "Transport: RTP/AVP/TCP;unicast;interleaved=255-0",
    "Transport: RTP/AVP;unicast;client_port=1-0;server_port=0-0;destination=239.0.0.1;source=127.0.0.9",
    "Transport: " + "x;" * 4000,
    "Session: " + "s" * 9000 + ";timeout=-5",
    "Session: x;timeout=99999999999",
    "RTP-Info: url=;seq=-1;rtptime=99999999999999,url=x" + ";" * 3000,
    "WWW-Authenticate: Digest realm=" + '"' * 3000,
    "WWW-Authenticate: Basic",
    "Location: file:///etc/passwd",
    "Location: rtsp://127.0.0.1:1/" + "x" * 5000,
    "Public: " + "DESCRIBE," * 2000,
    "Server: \x1b[2J\x00",
    "CSeq: 99",
)
STATUSES = ("200 OK", "200 OK", "200 OK", "401 No", "302 Moved", "461 No", "999 x", "-1 x", "0", "")


@dataclass(frozen=True)
class Script:
    """What it answers to each method, and then sends."""

    sdp: str
    odd: dict[str, tuple[str, tuple[str, ...]]]
    tail: bytes

    def answer(self, method: str, sequence: str) -> bytes:
        status, more = self.odd.get(method, ("200 OK", ()))
        lines = [f"RTSP/1.0 {status}", f"CSeq: {sequence}"]
        body = self.sdp if method == "DESCRIBE" else ""
        usual = {
            "OPTIONS": ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"],
            "DESCRIBE": ["Content-Type: application/sdp", f"Content-Length: {len(body.encode('latin-1'))}"],
            "SETUP": ["Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"],
            "PLAY": ["Session: 1"],
        }.get(method, [])
        return "\r\n".join([*lines, *more, *usual, "", body]).encode("latin-1")


def packet(channel, payload, count):
    """One RTP packet between the answers (RFC 2326 §10.12); `count`: the length it says, None for the true one."""
    length = len(payload) if count is None else count
    return b"$" + bytes([channel]) + (length & 0xFFFF).to_bytes(2, "big") + payload


RTP = st.builds(
    lambda first, mark, sequence, stamp, payload: (
        bytes([first, mark]) + sequence.to_bytes(2, "big") + stamp.to_bytes(4, "big") + b"\0\0\0\1" + payload
    ),
    st.sampled_from([0x80, 0x80, 0x80, 0x8F, 0xB0, 0x40]),
    st.sampled_from([96, 224, 72, 200]),
    st.integers(0, 65_535),
    st.integers(0, 2**32 - 1),
    st.sampled_from([b"\x65" * 20, b"\x1c\x85", b"\x1c\x45" + b"x" * 40, b"\x78\xff\xff\x01", b"\x19\0", b""])
    | st.binary(max_size=40),
)
TAILS = st.lists(
    st.builds(
        packet,
        st.sampled_from([0, 0, 0, 1, 7, 255]),
        RTP | st.binary(max_size=30),
        st.sampled_from([None, None, 0, 65_535]),
    )
    | st.binary(max_size=40),
    max_size=8,
).map(b"".join)


def sdp_with(odd):
    lines = SDP.splitlines()
    for at, line in odd:
        lines.insert(at, line)
    return "\r\n".join(lines) + "\r\n"


SCRIPTS = st.builds(
    Script,
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(ODD_LINES)), max_size=4).map(sdp_with),
    st.dictionaries(
        st.sampled_from(["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]),
        st.tuples(st.sampled_from(STATUSES), st.lists(st.sampled_from(ODD_HEADERS), max_size=3).map(tuple)),
        max_size=2,
    ),
    TAILS,
)


@pytest.fixture(scope="module")
def camera():
    scripts: list[Script] = []

    def manner(connection):
        connection.settimeout(5)
        for _ in range(20):
            head = take_head(connection).decode("latin-1")
            method = head.split(" ", 1)[0]
            found = re.search(r"CSeq: (\d+)", head)
            connection.sendall(scripts[-1].answer(method, found[1] if found else "0"))
            if method == "PLAY":
                connection.sendall(scripts[-1].tail)
                return

    made = Rude(lambda connection: quietly(manner, connection))
    host = made.url.split("/")[2]
    url = f"rtsp://root:planted-secret@{host}/x"
    settings = make_camera(Path("/nowhere"), url, initial_timeout_s=1.0, frame_timeout_s=1.0)
    yield settings, scripts
    made.end()


def quietly(manner, connection):
    with contextlib.suppress(OSError, ConnectionError):
        manner(connection)


@tries(20)
@given(script=SCRIPTS)
def test_whatever_a_camera_answers_there_are_frames_or_a_refusal(camera, script):
    settings, scripts = camera
    scripts.append(script)
    try:
        source = Source.open(settings, "tcp")
    except SourceError as err:
        assert is_fit_to_show(err)
        return
    try:
        for unit in itertools.islice(source.units(), 1000):
            assert unit.pts is not None
    except SourceError as err:
        assert is_fit_to_show(err)
    finally:
        source.close()


def is_fit_to_show(err):
    return "planted-secret" not in str(err) and "\x1b" not in str(err) and len(str(err)) < 2000
