"""Where clips go: an HTTP server that knows repeats by their key, and may be rude."""

import contextlib
import email.parser
import email.policy
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """One request that came whole. `was_taken`: it got a 2xx."""

    path: str
    key: str
    headers: dict[str, str]
    fields: dict[str, str]
    file_name: str
    digest: str
    size: int
    was_taken: bool


class ClipReceiver:
    """`answers`: what it does with the next requests, `always` when there is nothing more to do.

    An answer is a status, (status, headers), "stall" (says nothing until `end`), "die" (hangs up in the middle of the
    clip) or "lost" (takes the clip, and hangs up without saying so).
    """

    def __init__(self, port: int = 0, keep: Callable[[bytes], None] = lambda _clip: None) -> None:
        self.answers: list[Any] = []
        self.always: Any = 201
        self.deliveries: list[Delivery] = []
        self.begun = 0
        self.over = threading.Event()
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.close_connection = True
                with contextlib.suppress(OSError):
                    outer._take(self, keep)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:
                """Whoever hangs up is killed on purpose."""

        self._server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/clips"

    @property
    def taken(self) -> list[Delivery]:
        """The first acceptance of each key, in order: what a receiver that knows repeats has."""
        with self._lock:
            firsts: dict[str, Delivery] = {}
            for one in self.deliveries:
                if one.was_taken:
                    firsts.setdefault(one.key, one)
            return list(firsts.values())

    def end(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def _take(self, request: BaseHTTPRequestHandler, keep: Callable[[bytes], None]) -> None:
        with self._lock:
            self.begun += 1
            answer = self.answers.pop(0) if self.answers else self.always
        length = int(request.headers["Content-Length"])
        if answer == "die":
            request.rfile.read(length // 2)
            return
        body = request.rfile.read(length)
        if len(body) < length:
            return
        if answer == "stall":
            self.over.wait()
            return
        status, headers = answer if isinstance(answer, tuple) else (200 if answer == "lost" else answer, {})
        fields, file_name, clip = _form(request.headers["Content-Type"], body)
        keep(clip)
        delivery = Delivery(
            request.path,
            request.headers["Idempotency-Key"],
            dict(request.headers),
            fields,
            file_name,
            hashlib.sha256(clip).hexdigest(),
            len(clip),
            200 <= status < 300,
        )
        with self._lock:
            self.deliveries.append(delivery)
        if answer == "lost":
            return
        request.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            request.send_header(name, value)
        request.end_headers()


def _form(content_type: str, body: bytes) -> tuple[dict[str, str], str, bytes]:
    parser: Any = email.parser.BytesParser(policy=email.policy.HTTP)
    message = parser.parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields, file_name, clip = {}, "", b""
    for part in message.iter_parts():
        name = part.get_param("name", header="Content-Disposition")
        if name == "file":
            file_name, clip = part.get_filename(), part.get_payload(decode=True)
        else:
            fields[name] = part.get_payload(decode=True).decode()
    return fields, file_name, clip
