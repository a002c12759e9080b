"""Receivers that no HTTP library would make: whatever `manner` does with each connection."""

import contextlib
import socket
import threading
from collections.abc import Callable

HEAD = b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"


class Rude:
    """`manner` gets each connection in a thread of its own; what it raises because the other end left is no error."""

    def __init__(self, manner: Callable[[socket.socket], None]) -> None:
        self.over = threading.Event()
        self.connections = 0
        self._manner = manner
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/clips"
        threading.Thread(target=self._serve, daemon=True).start()

    def end(self) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            self._manner(connection)


def take_head(connection: socket.socket) -> bytes:
    """Up to the empty line, and what came with it."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        piece = connection.recv(4096)
        if not piece:
            raise ConnectionError
        taken += piece
    return taken


def take_all(connection: socket.socket) -> bytes:
    """The whole request, whose length it says."""
    head, _, body = take_head(connection).partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        piece = connection.recv(1 << 20)
        if not piece:
            raise ConnectionError
        body += piece
    return head + b"\r\n\r\n" + body
