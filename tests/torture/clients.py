"""Clients of the site that don't behave, as sockets."""

import socket
import struct
from contextlib import suppress

from tests.torture.stage import Stage


def connected(stage: Stage, request: str) -> socket.socket:
    """With so small a buffer that the server feels soon that nobody reads. Raises OSError."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(30)
    client.connect(("127.0.0.1", stage.program.port))
    client.sendall(request.encode())
    return client


def vanish(client: socket.socket) -> None:
    """As when the cable is pulled and something else answers: a reset, whatever was under way."""
    with suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def asking(stage: Stage, path: str, more: str = "") -> str:
    """A request with an admin's token."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {stage.token}\r\n{more}\r\n"


def watching(stage: Stage, name: str) -> str:
    """A request for a camera's live picture; its sub-stream if it has one."""
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: dG9ydHVyZXRvcnR1cmUxMg==\r\n"
    return asking(stage, f"/ws/stream/?camera={name}", f"{upgrade}{key}")
