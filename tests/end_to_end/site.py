"""The site of a running program, as a browser or a download manager has it: over HTTP, with a login."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from tests.waiting import PATIENCE_S, wait_until

# So small that the server feels soon that nobody reads; the kernel doubles it.
_SMALL_BUFFER_BYTES = 65_536
_NOBODY_THERE = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    """`headers` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Site:
    """One client with a session. Every request has a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""

    def log_in(self, name: str, password: str) -> Answer:
        answer = self.send("POST", "/api/login", {"name": name, "password": password})
        morsel = SimpleCookie(answer.headers.get("set-cookie", "")).get("pynvr_s")
        self.cookie = f"pynvr_s={morsel.value}" if morsel else ""
        return answer

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, None, headers or {})

    def send(self, method: str, path: str, document: Any) -> Answer:
        """A change, as our own pages send it."""
        headers = {"X-PyNVR": "1", "Content-Type": "application/json"}
        return self._ask(method, path, json.dumps(document).encode(), headers)

    def payload(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        return answer.json["payload"]

    def answers(self) -> bool:
        try:
            return self.get("/api/me").status in (200, 401)
        except _NOBODY_THERE:
            return False

    def wait(self) -> None:
        wait_until(self.answers, 30, "the site")

    @contextmanager
    def reading(self, path: str) -> Iterator[http.client.HTTPResponse]:
        """An answer whose body is read only as fast as the test reads it."""
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER_BYTES)
            client.settimeout(PATIENCE_S)
            client.connect(("127.0.0.1", self.port))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n\r\n".encode())
            answer = http.client.HTTPResponse(client, method="GET")
            answer.begin()
            with answer:
                yield answer

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            client.request(method, path, body, {"Cookie": self.cookie, **headers})
            answer = client.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            client.close()
