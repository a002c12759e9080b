"""A viewer of live view as somebody else would write one: a WebSocket client, and a reader of its MP4 fragments."""

import http.client
import json
import socket
import struct
from collections.abc import Iterator
from typing import Any

from websockets.sync.client import ClientConnection, connect

from pynvr.simulator.sent import hash_sample
from tests.waiting import PATIENCE_S, wait_until

FPS = 25
MANY = 60


def log_in(port: int, name: str = "admin") -> str:
    """The cookie of a new session."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    body = json.dumps({"name": name, "password": f"{name}-password"})
    client.request("POST", "/api/login", body, {"Content-Type": "application/json", "X-PyNVR": "1"})
    answer = client.getresponse()
    assert answer.status == 200, answer.read()
    cookie = answer.getheader("Set-Cookie") or ""
    client.close()
    return cookie.partition(";")[0]


def watch(port: int, path: str, cookie: str, **more: Any) -> ClientConnection:
    """An open WebSocket, as a page of this site would have it."""
    headers = {"Cookie": cookie} if cookie else {}
    more.setdefault("origin", f"http://localhost:{port}")
    more.setdefault("compression", None)
    more.setdefault("close_timeout", 1)  # whoever doesn't read doesn't hear a close either
    headers |= more.pop("headers", {})
    scheme = more.pop("scheme", "ws")
    return connect(  # type: ignore[no-any-return]  # the headers' type hides it
        f"{scheme}://localhost:{port}{path}",
        additional_headers=headers,
        max_size=None,
        open_timeout=PATIENCE_S,
        proxy=None,
        **more,
    )


def texts(viewer: ClientConnection, kind: str, timeout_s: float = MANY) -> Iterator[dict[str, Any]]:
    """The JSON messages of this type, as they come; all others are skipped."""
    while True:
        message = viewer.recv(timeout_s)
        if isinstance(message, str):
            found = json.loads(message)
            if found["type"] == kind:
                yield found


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Type, begin and end of the content of each box."""
    at, last = start, len(data) if end is None else end
    while at + 8 <= last:
        size, kind = struct.unpack_from(">I4s", data, at)
        assert size >= 8, (kind, size)
        yield kind.decode("latin-1"), at + 8, at + size
        at += size
    assert at == last, "a box is cut off"


def _find(data: bytes, *path: str) -> tuple[int, int]:
    start, end = 0, len(data)
    for name in path:
        start, end = next((begin, stop) for kind, begin, stop in boxes(data, start, end) if kind == name)
    return start, end


class Frame:
    """One fragment. `time`, `duration` in ticks; `track` 1: video, 2: sound."""

    def __init__(self, data: bytes) -> None:
        begin, _ = _find(data, "moof", "traf", "tfhd")
        (self.track,) = struct.unpack_from(">I", data, begin + 4)
        begin, _ = _find(data, "moof", "traf", "tfdt")
        (self.time,) = struct.unpack_from(">Q", data, begin + 4)
        begin, _ = _find(data, "moof", "traf", "trun")
        flags = int.from_bytes(data[begin + 1 : begin + 4], "big")
        count, _offset, self.duration, size = struct.unpack_from(">IiII", data, begin + 4)
        assert count == 1
        self.is_key = bool(flags & 0x400) and not int.from_bytes(data[begin + 20 : begin + 24], "big") & 0x10000
        begin, end = _find(data, "mdat")
        self.payload = data[begin:end]
        assert len(self.payload) == size

    def digest(self, codec: str = "h264") -> str:
        return hash_sample(self.payload, codec)


def is_init(data: bytes) -> bool:
    return data[4:8] == b"ftyp"


def pictures(viewer: ClientConnection, timeout_s: float = MANY) -> Iterator[Frame]:
    """The frames of video, as they come."""
    while True:
        message = viewer.recv(timeout_s)
        if isinstance(message, bytes) and not is_init(message):
            frame = Frame(message)
            if frame.track == 1:
                yield frame


def wait_serving(port: int) -> None:
    """Until the site's process listens."""

    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE_S).close()
        except ConnectionRefusedError:
            return False
        return True

    wait_until(listens, 30, "the site to listen")
