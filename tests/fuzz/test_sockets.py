"""WebSockets: handshakes, frames and messages of clients that keep to nothing."""

import socket
import struct
import threading
from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st
from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.server import ServerProtocol

from pynvr.base.errors import PyNVRError
from pynvr.web.live.door import _shaken
from pynvr.web.live.messages import read_command
from pynvr.web.live.sessions import TOO_TALKATIVE, StreamSession
from pynvr.web.live.wire import MOST_MESSAGE_BYTES, Waker, Wire
from tests.fuzz.effort import tries
from tests.fuzz.made_json import objects, texts
from tests.waiting import PATIENCE_S, wait_until

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
COMMANDS = objects(
    ["type", "camera", "mode", "sound", "stream"],
    st.sampled_from(["subscribe", "unsubscribe", "alerts", "gate", "mp4", "jpeg", "main", "sub", True]),
)


@tries(60)
@given(texts(COMMANDS) | st.just(" pause "))
def test_a_message_is_a_command_or_refused_in_words(text):
    try:
        command = read_command(text)
    except ValueError as err:
        assert str(err).encode()
        return
    assert isinstance(command.camera, str)
    assert command.form


HEADS = [
    f"HTTP_{name}"
    for name in (
        *("UPGRADE", "CONNECTION", "SEC_WEBSOCKET_KEY", "SEC_WEBSOCKET_VERSION", "SEC_WEBSOCKET_EXTENSIONS"),
        *("SEC_WEBSOCKET_PROTOCOL", "ORIGIN", "COOKIE", "CONTENT_LENGTH", "TRANSFER_ENCODING", "X"),
    )
]
GOOD = {
    "PATH_INFO": "/ws/live",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": KEY,
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
}
LATIN = st.text(st.characters(max_codepoint=255), max_size=20)


@tries(60)
@given(
    st.dictionaries(
        st.sampled_from(HEADS), LATIN | st.sampled_from(["a, b", "8", "13,13", "x" * 9000, KEY]), max_size=4
    )
)
def test_a_handshake_is_accepted_or_refused(odd):
    try:
        protocol = _shaken({**GOOD, **odd})
    except PyNVRError:
        return
    assert b" 101 " in b"".join(protocol.data_to_send())


class Talk:
    """A session that notes what it was told and answers each message."""

    def __init__(self):
        self.texts, self.waiting = [], []

    def received(self, text):
        self.texts.append(text)
        self.waiting.append("said " + text[:20].encode("ascii", "replace").decode())

    def next_message(self):
        return self.waiting.pop() if self.waiting else None

    def tick(self):
        return None

    def close(self):
        pass


class Line:
    """A wire that is served by a thread; `client` is the other end."""

    def __init__(self):
        self.client, self.server = socket.socketpair()
        self.client.settimeout(PATIENCE_S)
        protocol = ServerProtocol(max_size=MOST_MESSAGE_BYTES)
        headers = {key[5:].replace("_", "-"): value for key, value in GOOD.items() if key.startswith("HTTP_")}
        protocol.receive_data(Request("/ws/live", Headers(headers)).serialize())
        (asked,) = protocol.events_received()
        assert isinstance(asked, Request)
        protocol.send_response(protocol.accept(asked))
        self.talk, self.failure, self.waker = Talk(), None, Waker()
        # A pair of Unix sockets has no TCP options.
        self.wire = Wire(_Plain(self.server), protocol, self.waker, lambda: False)  # type: ignore[arg-type]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        try:
            self.wire.serve(self.talk)
        except Exception as err:
            self.failure = err
        self.server.close()

    def end(self):
        self.client.close()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()
        self.waker.close()


class _Plain:
    def __init__(self, real):
        self._real = real

    def setsockopt(self, *_):
        pass

    def __getattr__(self, name):
        return getattr(self._real, name)


def frame(opcode, payload, fin=True, masked=True, reserved=0, length=None):
    """RFC 6455 §5.2; `length`: what it says instead of the truth."""
    count = len(payload) if length is None else length
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    mask = 0x80 if masked else 0
    if count < 126:
        head += bytes([mask | count])
    elif count < 65536:
        head += bytes([mask | 126]) + struct.pack(">H", count)
    else:
        head += bytes([mask | 127]) + struct.pack(">Q", count)
    return head + (b"\0\0\0\0" if masked else b"") + payload


FRAMES = st.builds(
    frame,
    st.sampled_from([0, 1, 1, 1, 2, 3, 8, 9, 10, 15]),
    st.binary(max_size=130) | st.sampled_from([b'{"type":"alerts"}', b"pause", b"\xff", b"\x03\xe8", b"\x03\xe8\xff"]),
    st.booleans() | st.just(True),
    st.booleans() | st.just(True),
    st.sampled_from([0, 0, 0, 1, 4]),
    st.sampled_from([None, None, None, 0, 16_385, 70_000, 2**63 - 1, 2**64 - 1]),
)


@tries(60)
@given(st.lists(FRAMES, min_size=1, max_size=6), st.binary(max_size=30))
@example([frame(2, b""), frame(0, b"", fin=False, masked=False)], b"")  # refused, and what follows it breaks the rules
def test_any_frames_are_answered_or_end_the_connection(frames, rest):
    line = Line()
    try:
        line.client.sendall(b"".join(frames) + rest)
        line.client.shutdown(socket.SHUT_WR)
        while line.client.recv(65_536):
            pass
    except ConnectionError:
        pass
    line.end()
    assert line.failure is None, line.failure
    assert all(len(text.encode()) <= MOST_MESSAGE_BYTES for text in line.talk.texts)


def test_who_asks_on_and_on_and_reads_nothing_is_left():
    line, asked = Line(), frame(9, b"x" * 120)

    def is_over():
        try:
            line.client.send(asked * 500)
        except TimeoutError:
            return False
        except OSError:
            return True
        return not line.thread.is_alive()

    line.client.settimeout(0.1)
    wait_until(is_over, what="the connection's end")
    line.end()
    assert line.failure is None
    assert line.wire._out_bytes < 2_000_000


def test_whoever_wants_words_on_and_on_and_reads_none_is_left():
    permit, channel = SimpleNamespace(holds=lambda: True), SimpleNamespace(tick=lambda: True)
    session = StreamSession(None, None, permit, channel)  # type: ignore[arg-type]
    for _ in range(100):
        session.received("what?")
    assert session.tick() is None
    session.received("what?")
    assert session.tick() == (1008, TOO_TALKATIVE)
