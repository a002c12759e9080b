"""A WebSocket (RFC 6455) on a socket of the web server, driven by the one thread that has it.

One thread reads and writes, so a TLS connection is never used by two at once, and nothing needs a lock.
"""

import os
import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from websockets.exceptions import InvalidState, ProtocolError
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

# The largest message that a viewer may send; what they say is short.
MOST_MESSAGE_BYTES = 16_384
# Bytes that lie ready to be sent: more are asked for when they are fewer, so that what is late can still be dropped.
_READY_BYTES = 65_536
_UNSENT_BYTES = 131_072
_RECEIVE_BYTES = 65_536
# Answers to pings that wait for a viewer who asks on and on and doesn't read.
_MOST_PONGS_BYTES = 262_144
_TICK_S = 0.5
_PING_EVERY_S = 20.0
# A viewer that takes nothing, or answers nothing, for so long has gone.
_STALLED_S = 30.0
_SILENT_S = 60.0
_CLOSING_S = 2.0

Message = str | bytes


class Session(Protocol):
    """What is talked about over a wire; all calls come from its thread."""

    def received(self, text: str) -> None: ...

    def next_message(self) -> Message | None:
        """What is to be sent now; None if nothing is."""

    def tick(self) -> tuple[int, str] | None:
        """About twice a second; a close code and reason end it."""

    def close(self) -> None: ...


class Waker:
    """Wakes the wire's thread, from any other. The descriptor is the wire's."""

    def __init__(self) -> None:
        self.fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def wake(self) -> None:
        os.eventfd_write(self.fd, 1)

    def clear(self) -> None:
        try:
            os.eventfd_read(self.fd)
        except BlockingIOError:
            pass

    def close(self) -> None:
        os.close(self.fd)


class Wire:
    """`serve` returns when the connection is over; the socket stays open, and is the server's to close."""

    def __init__(
        self, client: socket.socket, protocol: ServerProtocol, waker: Waker, is_stopping: Callable[[], bool]
    ) -> None:
        self._socket = client
        self._protocol = protocol
        self._waker = waker
        self._is_stopping = is_stopping
        self._out: deque[memoryview] = deque()
        self._out_bytes = 0
        self._pongs_bytes = 0
        self._message = bytearray()
        self._heard_s = self._sent_s = self._pinged_s = self._ticked_s = time.monotonic()
        self._closing_s: float | None = None
        self._gone = False
        self._poll = select.poll()
        self._poll.register(waker.fd, select.POLLIN)
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # What the kernel holds can't be dropped any more, and is what a viewer is behind.
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)

    def serve(self, session: Session) -> None:
        """Until either side ends it."""
        self._collect()
        while not self._gone:
            self._fill(session)
            self._flush()
            self._tick(session)
            if self._gone or self._is_done():
                return
            self._wait()
            self._receive(session)

    def _is_done(self) -> bool:
        if self._closing_s is None:
            return False
        return (not self._out and self._protocol.close_expected()) or time.monotonic() - self._closing_s > _CLOSING_S

    def _fill(self, session: Session) -> None:
        while self._out_bytes < _READY_BYTES and self._closing_s is None:
            message = session.next_message()
            if message is None:
                return
            if isinstance(message, str):
                self._protocol.send_text(message.encode())
            else:
                self._protocol.send_binary(message)
            self._collect()

    def _collect(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._out.append(memoryview(data))
                self._out_bytes += len(data)

    def _flush(self) -> None:
        while self._out:
            try:
                sent = self._socket.send(self._out[0])
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                return
            except OSError:
                self._gone = True
                return
            self._sent_s = time.monotonic()
            self._out_bytes -= sent
            if sent == len(self._out[0]):
                self._out.popleft()
            else:
                self._out[0] = self._out[0][sent:]
        self._pongs_bytes = 0

    def _wait(self) -> None:
        self._poll.register(self._socket, select.POLLIN | (select.POLLOUT if self._out else 0))
        pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0
        for fd, _ in self._poll.poll(0 if pending else _TICK_S * 1000):
            if fd == self._waker.fd:
                self._waker.clear()

    def _receive(self, session: Session) -> None:
        try:
            data = self._socket.recv(_RECEIVE_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError:
            self._gone = True
            return
        if not data:
            self._gone = True
            return
        self._heard_s = time.monotonic()
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._take(event, session)
        before_bytes = self._out_bytes
        self._collect()
        self._pongs_bytes += self._out_bytes - before_bytes
        if self._pongs_bytes > _MOST_PONGS_BYTES:
            self._gone = True
        if self._closing_s is None and self._protocol.close_expected():
            # Theirs came, and ours is on its way; or they broke the rules, and were told so.
            self._closing_s = time.monotonic()

    def _take(self, frame: Frame, session: Session) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            is_binary = frame.opcode is Opcode.BINARY
            self._message += frame.data
            if is_binary:
                self._end(1003, "only text is understood here")
            elif frame.fin:
                text, self._message = bytes(self._message), bytearray()
                try:
                    session.received(text.decode())
                except UnicodeDecodeError:
                    self._end(1007, "this isn't UTF-8")

    def _tick(self, session: Session) -> None:
        now_s = time.monotonic()
        if now_s - self._ticked_s < _TICK_S or self._closing_s is not None:
            return
        self._ticked_s = now_s
        if self._is_stopping():
            self._end(1001, "PyNVR stops")
        elif (end := session.tick()) is not None:
            self._end(*end)
        elif self._out and now_s - self._sent_s > _STALLED_S:
            self._gone = True
        elif now_s - self._heard_s > _SILENT_S:
            self._end(1001, "no answer to pings")
        elif now_s - self._pinged_s > _PING_EVERY_S:
            self._pinged_s = now_s
            self._protocol.send_ping(b"")
            self._collect()
        self._flush()

    def _end(self, code: int, reason: str) -> None:
        if self._closing_s is None:
            self._closing_s = time.monotonic()
            try:
                self._protocol.send_close(code, reason)
            except (ProtocolError, InvalidState):
                pass  # it is being closed already, or what came with this broke the rules
            self._collect()
