"""Searches in recorded pictures, from the side of who asks: another process decodes, this one waits for what it tells.

The searcher isn't there all the time: it is wanted, starts within a second or two, and goes when nobody wants it any
more. If it dies, which a broken stream may do to a decoder, its searches end with an error and the next one finds
another searcher.
"""

import math
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pynvr.base.errors import SearchError
from pynvr.base.local_socket import connect
from pynvr.model.search import SOCKET_NAME, Asked, Told

# After a search the searcher stays for so long: who looks for something looks again.
STAYS_S = 180.0
# From being wanted to being there: as long as the master gives it for its first word, on a machine that records and
# has no time for anybody else; also after its death.
PATIENCE_S = 90.0
# Who gets no word meanwhile: most proxies give up on an answer after 60 s.
SILENT_PATIENCE_S = 45.0
# Searches that no searcher has heard of yet: each keeps a thread of the web process. It takes in as many.
MOST_WAITING = 32
_TRY_EVERY_S = 0.1
_SEND_WITHIN_S = 5.0
# So often a waiting caller gets to look whether its own caller is still there.
TICK_S = 0.5
_MOST_BYTES = 16 << 20
_PIECE_BYTES = 65_536

_GONE = (
    "the process that looks at recorded pictures ended meanwhile, perhaps by a picture that it can't bear; try again"
)
_SILENT = (
    "the process that looks at recorded pictures is there, but has too much to do to answer; try again in a moment"
)
_MANY = "too many searches wait for the process that looks at recorded pictures; try again in a moment"
_MISSING = "the process that looks at recorded pictures isn't there, and doesn't come; the page System says more"


class Searches:
    """For all threads. `run_dir`: where its socket is; `want`: says for how many seconds the searcher is wanted.

    `patience_s`: how long a search waits for it to be there and to hear what is asked; `most_waiting`: how many do at
    a time.
    """

    def __init__(
        self,
        run_dir: Path,
        want: Callable[[float], None],
        patience_s: float = PATIENCE_S,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._run_dir = run_dir
        self._want = want
        self._patience_s = patience_s
        self._places = threading.BoundedSemaphore(most_waiting)

    def begin(self, job: str, asker: str, order: Mapping[str, Any], most_patience_s: float = math.inf) -> "Search":
        """Begin a search, which a `with` ends. If nobody is there yet to hear of it, it waits while it is iterated, at
        most `most_patience_s`. Raises SearchError if too many wait already."""
        asked = Asked(job, asker, order).to_line()
        if not self._places.acquire(blocking=False):
            raise SearchError("busy", _MANY)
        patience_s = min(self._patience_s, most_patience_s)
        path, release = self._run_dir / SOCKET_NAME, self._places.release
        return Search(path, asked, lambda: self._want(STAYS_S), patience_s, release)


class Search:
    """Iterated, it tells how far it is, at least each half second; then `result` is there. For one thread.

    `wait_ends` is called once: when it is heard, or closed before that.
    """

    def __init__(
        self, path: Path, asked: bytes, renew: Callable[[], None], patience_s: float, wait_ends: Callable[[], None]
    ) -> None:
        self.result: Any = None  # Any: JSON, as the job has it
        self._path = path
        self._asked = asked
        self._renew = renew
        self._until_s = time.monotonic() + patience_s
        self._inbox = bytearray()
        self._is_heard = False
        self._failure = SearchError("missing", _MISSING)
        self._connection: socket.socket | None = None
        self._wait_ends = wait_ends
        self._waits = True
        try:
            self._renew()
            self._ask()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Told]:
        """Raises SearchError."""
        told = Told()
        while True:
            yield told
            told = self._next() or told
            if told.refused:
                raise SearchError(told.refused, told.message)
            if told.result is not None:
                self.result = told.result
                return

    def close(self) -> None:
        """Whoever is at it gives it up."""
        self._end_wait()
        if self._connection is not None:
            self._connection.close()

    def _end_wait(self) -> None:
        if self._waits:
            self._waits = False
            self._wait_ends()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _next(self) -> Told | None:
        """The newest that was told; None if a tick went by without a word."""
        self._renew()
        if b"\n" not in self._inbox and not self._take_in():
            return None
        line, newline, rest = self._inbox.partition(b"\n")
        if not newline:
            return None
        self._inbox = rest
        try:
            return Told.from_line(bytes(line))
        except ValueError as err:
            raise SearchError("failed", "the searcher's answer can't be understood") from err

    def _take_in(self) -> bool:
        """Whether something was told within a tick. Raises SearchError."""
        connection = self._connected()
        if connection is None or not _is_readable(connection, self._tick_s()):
            if not self._is_heard and time.monotonic() >= self._until_s:
                raise self._failure
            return False
        try:
            piece = connection.recv(_PIECE_BYTES)
        except OSError:
            piece = b""
        if not piece and self._is_heard:
            raise SearchError("died", _GONE)
        if not piece:
            # One that was just ending takes connections but says nothing; there will be another.
            connection.close()
            self._connection = None
            time.sleep(_TRY_EVERY_S)
            return False
        self._is_heard = True
        self._end_wait()
        self._inbox += piece
        if len(self._inbox) > _MOST_BYTES:
            raise SearchError("failed", "the searcher's answer has no end")
        return True

    def _connected(self) -> socket.socket | None:
        """The connection over which it was asked; None if there was none within a tick."""
        until_s = time.monotonic() + self._tick_s()
        while self._connection is None and time.monotonic() < until_s:
            time.sleep(_TRY_EVERY_S)
            self._ask()
        return self._connection

    def _tick_s(self) -> float:
        return TICK_S if self._is_heard else min(TICK_S, max(0.0, self._until_s - time.monotonic()))

    def _ask(self) -> None:
        """Try once; what nobody hears is asked again."""
        self._failure = SearchError("missing", _MISSING)
        try:
            made = connect(self._path, _SEND_WITHIN_S)
        except BlockingIOError:
            self._failure = SearchError("busy", _SILENT)  # it is there, and others stand in line
            return
        except OSError:
            return
        try:
            made.sendall(self._asked)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it may have said why it doesn't listen
        except OSError:
            made.close()
            self._failure = SearchError("busy", _SILENT)
            return
        self._failure = SearchError("busy", _SILENT)  # unless it hears
        self._connection = made


def _is_readable(connection: socket.socket, within_s: float) -> bool:
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    return bool(waiting.poll(within_s * 1000))
