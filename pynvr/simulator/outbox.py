"""What still has to go to one client, without ever waiting for it."""

import selectors
import socket
from collections import deque
from collections.abc import Callable

from pynvr.simulator.loop import Loop

# A client this far behind is closed: about 16 s of a 4 Mbit/s camera.
LONGEST_QUEUE_BYTES = 8 << 20


class Outbox:
    """The sending side of a TCP connection. `on_broken(reason)` is called once, when nothing can be sent any more."""

    def __init__(
        self, sock: socket.socket, loop: Loop, read: Callable[[int], None], broken: Callable[[str], None]
    ) -> None:
        self._sock = sock
        self._loop = loop
        self._read = read
        self._broken = broken
        self._waiting: deque[memoryview] = deque()
        self._writing = False
        self._close_when_empty = False
        self.queued_bytes = 0
        self.accepted_bytes = 0  # all that was ever put in; minus queued = handed to the kernel

    @property
    def sent_bytes(self) -> int:
        return self.accepted_bytes - self.queued_bytes

    def put(self, data: bytes) -> None:
        self.accepted_bytes += len(data)
        self.queued_bytes += len(data)
        if self._waiting:
            self._waiting.append(memoryview(data))
            if self.queued_bytes > LONGEST_QUEUE_BYTES:
                self._broken("the client reads too slowly")
            return
        self._waiting.append(memoryview(data))
        self.flush()

    def close_when_empty(self) -> None:
        """Report `the camera closed` as soon as all is sent."""
        self._close_when_empty = True
        if not self._waiting:
            self._broken("the camera closed")

    def flush(self) -> None:
        try:
            while self._waiting:
                data = self._waiting[0]
                sent = self._sock.send(data)
                self.queued_bytes -= sent
                if sent < len(data):
                    self._waiting[0] = data[sent:]
                    break
                self._waiting.popleft()
        except BlockingIOError:
            pass
        except OSError as err:
            self._broken(f"sending failed: {err.strerror}")
            return
        if bool(self._waiting) != self._writing:
            self._writing = bool(self._waiting)
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._writing else 0)
            self._loop.watch(self._sock, events, self._read)
        if self._close_when_empty and not self._waiting:
            self._broken("the camera closed")
