"""A client's connection: its TLS handshake and the head of each request are taken in without a thread waiting.

gunicorn reads a request's head blocking in a thread of its pool, so a few hundred clients that send a byte a second
hold every thread. Here what has come is collected while the connection waits in the poller, and a thread is asked
only when the head is whole.
"""

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn

HEAD_WITHIN_S = 10.0
# A body holds a thread until it is there; ours are some kB, and a megabyte at most.
BODY_WITHIN_S = 20.0
LONGEST_HEAD_BYTES = 32_768
_END_OF_HEAD = b"\r\n\r\n"
_PIECE_BYTES = 8192
_FIRST_BYTE_OF_TLS = 0x16  # a handshake record, RFC 8446 §5.1

# Gives the context for the next handshake; None: plain HTTP.
ContextOf = Callable[[], ssl.SSLContext | None]


class GoneError(Exception):
    """The client has left, or was too slow, or there is nobody to talk HTTP with."""


class HeadTooLongError(Exception):
    """More than any browser sends, and no end of it."""


class PlainHttpError(Exception):
    """Somebody speaks HTTP where HTTPS is spoken."""


class _Body:
    """The socket as gunicorn reads bodies from it: each read waits for its share of the time that a body has.

    A timeout of each read alone would let a byte a minute hold a thread for months.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.due_s = 0.0
        self.gettimeout = sock.gettimeout
        self.settimeout = sock.settimeout

    def recv(self, size: int) -> bytes:
        left_s = self.due_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the body didn't come in time")
        before_s = self._sock.gettimeout()
        self._sock.settimeout(left_s if before_s is None else min(before_s, left_s))
        try:
            return self._sock.recv(size)
        finally:
            self._sock.settimeout(before_s)


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """Read by one thread at a time; between them it waits in the poller."""

    sock: socket.socket
    parser: Any  # gunicorn's, which has no types

    def __init__(self, cfg: Config, sock: socket.socket, client: object, server: object, context_of: ContextOf) -> None:
        super().__init__(cfg, sock, client, server)
        self._context_of = context_of
        self._head = bytearray()
        self._shaken = False
        self._body: _Body | None = None
        self.is_open = True
        self.begin()

    def begin(self) -> None:
        """The next request's head is due."""
        self.head_due_s = time.monotonic() + HEAD_WITHIN_S

    def take_in(self) -> bool:
        """Take what has come, without waiting; whether a whole head is there for the parser.

        Raises GoneError, HeadTooLongError, PlainHttpError, OSError (ssl.SSLError is one).
        """
        if time.monotonic() > self.head_due_s:
            raise GoneError
        self.sock.setblocking(False)
        if not self._shaken and not self._shake_hands():
            return False
        if self._body is None:
            self._body = _Body(self.sock)
            self.parser = get_parser(self.cfg, self._body, self.client)
            self.initialized = True
        # A client may send its next request before the last one's answer; the parser has read it then.
        self._head[:0] = self.parser.unreader.take_buffered()
        while _END_OF_HEAD not in self._head:
            if len(self._head) > LONGEST_HEAD_BYTES:
                raise HeadTooLongError
            piece = self._piece()
            if piece is None:
                return False
            self._head += piece
        self.parser.unreader.unread(bytes(self._head))
        self._head.clear()
        self._body.due_s = time.monotonic() + BODY_WITHIN_S
        return True

    @property
    def has_more(self) -> bool:
        """Whether bytes of a next request were read already; the poller can't see those."""
        if self.parser is None:
            return False
        encrypted = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0
        return encrypted or bool(self.parser.unreader.buf.getvalue())

    def half_close(self) -> None:
        """Nothing more is sent. What still comes is to be drained, or the kernel cuts off the end of our answer."""
        self.sock.setblocking(False)
        # The plain one: a TLS socket's own would forget its keys under a thread that may still be sending.
        socket.socket.shutdown(self.sock, socket.SHUT_WR)

    def cut(self) -> None:
        """End whatever a thread is sending or waiting for; it gets an error and closes the connection."""
        try:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            pass  # it has gone by itself

    def drained(self) -> bool:
        """After `half_close`: whether the client has closed too."""
        try:
            for _ in range(8):
                if not socket.socket.recv(self.sock, _PIECE_BYTES):
                    return True
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        return False

    def close(self, graceful: bool = False) -> None:
        """At once; lingering is the worker's, in its poller."""
        if self.is_open:
            self.is_open = False
            self.sock.close()

    def _shake_hands(self) -> bool:
        if not isinstance(self.sock, ssl.SSLSocket):
            context = self._context_of()
            if context is not None:
                first = self._peeked()
                if first is None:
                    return False
                if first != _FIRST_BYTE_OF_TLS:
                    raise PlainHttpError
                self.sock = context.wrap_socket(self.sock, server_side=True, do_handshake_on_connect=False)
        if isinstance(self.sock, ssl.SSLSocket):
            try:
                self.sock.do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return False
        self._shaken = True
        return True

    def _peeked(self) -> int | None:
        """The first byte, which stays where it is; None if there is none yet."""
        try:
            first = self.sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        if not first:
            raise GoneError
        return first[0]

    def _piece(self) -> bytes | None:
        """What has come; None if that is nothing."""
        try:
            piece = self.sock.recv(_PIECE_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        if not piece:
            raise GoneError
        return piece
