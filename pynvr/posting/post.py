"""One POST over a connection of its own, with an end in sight at each step.

By http.client and not by a library above it: those limit each wait for a receiver, but not all waits together, so one
that answers a letter a minute would hold a request for hours; and they give up on an answer that comes while something
large is still being sent, as "too large" does.
"""

import base64
import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

from pynvr import __version__
from pynvr.base.errors import ConfigError
from pynvr.posting.answer import REDIRECTS, Answer, judge, next_url, port_of
from pynvr.posting.body import Body
from pynvr.posting.errors import UndeliveredError

KEY_HEADER = "Idempotency-Key"
_MOST_REDIRECTS = 3
_MOST_WORDS_BYTES = 300
_LONGEST_REASON = 100
# Of an answer that came before the receiver stopped reading all is here, or as good as here.
_SAID_WITHIN_S = 1.0
# What a URL's path may hold unquoted; "%" too, for what is quoted already stays so (RFC 3986 §2).
_PLAIN = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds: for the connection, for a receiver that takes no bytes, from the last byte to its answer, for all."""

    connect_s: float = 10.0
    stall_s: float = 30.0
    answer_s: float = 30.0
    whole_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where to. `token` goes into the header Authorization; `ca`: PEM file, None = the system's authorities."""

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    token: str = field(default="", repr=False)
    ca: Path | None = None

    @property
    def target(self) -> tuple[str, str, int]:
        """Scheme, host and port. Raises ValueError if it has none."""
        parts = urlsplit(self.url)
        return parts.scheme, parts.hostname or "", port_of(parts.scheme, parts.port)


def post(address: Address, body: Body, headers: Mapping[str, str], limits: Limits) -> None:
    """Returns when it was taken. Raises UndeliveredError, WrongAddressError, UnacceptableError, BodyError, ConfigError.

    Redirects to the same host are followed if they keep method and body. Neither a proxy nor a login comes from the
    account that PyNVR happens to run under.
    """
    url = address.url
    until_s = time.monotonic() + limits.whole_s
    for _ in range(_MOST_REDIRECTS + 1):
        answer = _Request(address, url, limits, until_s).send(body, headers)
        if answer.status not in REDIRECTS:
            judge(answer)
            return
        url = next_url(url, answer.location)
    raise UndeliveredError(f"it redirects more than {_MOST_REDIRECTS} times")


def tls_context(ca: Path | None) -> ssl.SSLContext:
    """Checks certificates and names. Raises ConfigError if the file of authorities is none."""
    try:
        return ssl.create_default_context(cafile=ca)
    except FileNotFoundError as err:
        raise ConfigError([f"{ca}: found no such file, expected certificates in PEM"]) from err
    except (OSError, ssl.SSLError) as err:
        raise ConfigError([f"{ca}: can't be used, expected certificates in PEM"]) from err


class _Request:
    """To one place; `until_s`: by then it is over, on the monotonic clock."""

    def __init__(self, address: Address, url: str, limits: Limits, until_s: float) -> None:
        self._address, self._limits, self._until_s = address, limits, until_s
        self._parts = urlsplit(url)
        self._answer_s = limits.answer_s

    def send(self, body: Body, headers: Mapping[str, str]) -> Answer:
        try:
            connected = self._connected()
        except ssl.SSLCertVerificationError as err:
            raise UndeliveredError(f"its certificate can't be trusted: {err.verify_message}") from err
        except TimeoutError as err:
            raise UndeliveredError(f"no connection within {self._limits.connect_s:g} s") from err
        except (OSError, ValueError) as err:
            raise UndeliveredError(f"no connection: {_words(err)}") from err
        try:
            connection = self._spoken_over(connected)
            broken = self._give(connection, connected, body, headers)
            answer = self._take(connection, broken)
        except TimeoutError as err:
            raise UndeliveredError(f"no answer within {self._answer_s:g} s") from err
        except (OSError, ValueError, http.client.HTTPException) as err:
            raise UndeliveredError(f"the request failed: {_words(err)}") from err
        finally:
            connected.close()
        if broken is not None and 200 <= answer.status < 300:
            raise UndeliveredError(f"it answered {answer.status} before it had all, and hung up")
        return answer

    def _connected(self) -> socket.socket:
        parts = self._parts
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("this is no address of HTTP")
        place = parts.hostname, port_of(parts.scheme, parts.port)
        plain = socket.create_connection(place, self.left_s(self._limits.connect_s))
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if parts.scheme == "http":
                return plain
            return tls_context(self._address.ca).wrap_socket(plain, server_hostname=parts.hostname)
        except BaseException:
            plain.close()
            raise

    def _spoken_over(self, connected: socket.socket) -> http.client.HTTPConnection:
        parts = self._parts
        connection = http.client.HTTPConnection(parts.hostname or "", port_of(parts.scheme, parts.port))
        connection.default_port = port_of(parts.scheme, None)  # not named in the header Host
        connection.sock = _Bounded(connected, self)
        return connection

    def _give(
        self, connection: http.client.HTTPConnection, connected: socket.socket, body: Body, headers: Mapping[str, str]
    ) -> ConnectionError | None:
        """Send it all; gives the error by which the receiver hung up before it had all, or stopped reading when it had
        said something: that may be why."""
        try:
            connection.putrequest("POST", _path(self._parts), skip_accept_encoding=True)
            for name, value in self._headers(body, headers).items():
                connection.putheader(name, value)
            connection.endheaders()
        except ConnectionError as err:
            return err
        for block in body.blocks():
            try:
                connection.send(block)
            except ConnectionError as err:
                return err
            except TimeoutError as err:
                if not _has_said_something(connected):
                    raise UndeliveredError(self._too_slow()) from err
                self._answer_s = min(self._answer_s, _SAID_WITHIN_S)
                return ConnectionAbortedError(self._too_slow())
        return None

    def _take(self, connection: http.client.HTTPConnection, broken: ConnectionError | None) -> Answer:
        try:
            response = connection.getresponse()
        except (OSError, http.client.HTTPException):
            if broken is not None:
                raise broken from None
            raise
        try:
            words = _text(response)
        except (OSError, http.client.HTTPException):
            words = ""
        find = response.headers.get
        reason = _line(response.reason)[:_LONGEST_REASON]
        return Answer(response.status, reason, find("Location", ""), find("Retry-After", ""), words)

    def _headers(self, body: Body, headers: Mapping[str, str]) -> dict[str, str]:
        given = dict(self._address.headers)
        # Of the configured address: a redirect rarely repeats it, and leads to the same host only.
        user_parts = urlsplit(self._address.url)
        if self._address.token:
            given["Authorization"] = f"Bearer {self._address.token}"
        elif user_parts.username is not None and not any(name.lower() == "authorization" for name in given):
            login = f"{unquote(user_parts.username)}:{unquote(user_parts.password or '')}"
            given["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
        own = {
            "User-Agent": f"PyNVR/{__version__}",
            "Accept": "*/*",
            "Connection": "close",
            **headers,
            "Content-Type": body.content_type,
            "Content-Length": str(body.size_bytes),
        }
        names = {name.lower() for name in own}
        return {name: value for name, value in given.items() if name.lower() not in names} | own

    def left_s(self, at_most_s: float) -> float:
        """Until the end of it all, at most so long. Raises TimeoutError if that is reached."""
        left_s = min(at_most_s, self._until_s - time.monotonic())
        if left_s <= 0:
            raise TimeoutError("the time for it is over")
        return left_s

    def stall_left_s(self) -> float:
        return self.left_s(self._limits.stall_s)

    def answer_until_s(self) -> float:
        return min(self._until_s, time.monotonic() + self._answer_s)

    def _too_slow(self) -> str:
        if time.monotonic() >= self._until_s:
            return f"it didn't take all of it within {self._limits.whole_s:g} s"
        return f"it took nothing for {self._limits.stall_s:g} s"


class _Bounded:
    """A socket as http.client wants one, whose every wait is bounded by the request's end."""

    def __init__(self, connected: socket.socket, request: _Request) -> None:
        self._socket, self._request = connected, request

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._request.stall_left_s())
        self._socket.sendall(data)

    def makefile(self, *_args: Any) -> io.BufferedReader:  # Any: http.client says how it wants it, which is the same
        return io.BufferedReader(_Incoming(self._socket, self._request.answer_until_s()))

    def close(self) -> None:
        """http.client closes it as soon as it has the headers, when the answer's text is still to be read."""


class _Incoming(io.RawIOBase):
    """What the receiver says, up to an instant on the monotonic clock."""

    def __init__(self, connected: socket.socket, until_s: float) -> None:
        self._socket, self._until_s = connected, until_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # Any: whatever has writable memory
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the time for the answer is over")
        self._socket.settimeout(left_s)
        return self._socket.recv_into(buffer)


def _has_said_something(connected: socket.socket) -> bool:
    """Whether there is anything to be read; over TLS that may be its tickets alone."""
    waiting = select.poll()
    waiting.register(connected, select.POLLIN)
    return bool(waiting.poll(0))


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_PLAIN)
    return f"{path}?{quote(parts.query, safe=_PLAIN)}" if parts.query else path


def _text(response: http.client.HTTPResponse) -> str:
    """What a person may want to read of a refusal, in one line; a page of HTML isn't."""
    if 200 <= response.status < 400 or response.headers.get_content_type() not in ("text/plain", "application/json"):
        return ""
    return _line(response.read(_MOST_WORDS_BYTES).decode("utf-8", "replace"))


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _words(err: BaseException) -> str:
    """Without the address, which may hold a secret."""
    if isinstance(err, http.client.RemoteDisconnected):
        return "it hung up without an answer"
    if isinstance(err, http.client.HTTPException):
        return f"its answer isn't HTTP ({type(err).__name__})"
    if isinstance(err, ssl.SSLError):
        return f"TLS: {err.reason or 'it hung up'}"
    if isinstance(err, socket.gaierror):
        return str(err.args[-1])
    return (err.strerror if isinstance(err, OSError) and err.strerror else str(err)) or type(err).__name__
