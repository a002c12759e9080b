"""Searches in recorded pictures, from the side of who asks: another process decodes, this one waits for what it tells.

The searcher isn't there all the time: it is wanted, starts within a second or two, and goes when nobody wants it any
more. If it dies, which a broken stream may do to a decoder, its searches end with an error and the next one finds
another searcher.
"""

import select
import socket
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
# From being wanted to being there, on a busy machine; also after its death.
PATIENCE_S = 20.0
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
_MISSING = "the process that looks at recorded pictures isn't there, and doesn't come; the page System says more"


class Searches:
    """For all threads. `run_dir`: where its socket is; `want`: says for how many seconds the searcher is wanted.

    `patience_s`: how long a search waits for it to be there.
    """

    def __init__(self, run_dir: Path, want: Callable[[float], None], patience_s: float) -> None:
        self._run_dir = run_dir
        self._want = want
        self._patience_s = patience_s

    def begin(self, job: str, asker: str, order: Mapping[str, Any]) -> "Search":
        """Begin a search, which a `with` ends; it may be taken up later.

        Raises SearchError if there is no searcher, or it doesn't answer.
        """
        asked = Asked(job, asker, order).to_line()
        until_s = time.monotonic() + self._patience_s
        while True:
            self._want(STAYS_S)
            try:
                made = _asked(self._run_dir / SOCKET_NAME, asked)
                if made is not None:
                    return Search(made, lambda: self._want(STAYS_S))
                failure = SearchError("missing", _MISSING)
            except (TimeoutError, BlockingIOError):
                failure = SearchError("busy", _SILENT)
            if time.monotonic() > until_s:
                raise failure
            time.sleep(_TRY_EVERY_S)


class Search:
    """Iterated, it tells how far it is, at least each half second; then `result` is there. For one thread."""

    def __init__(self, connection: socket.socket, renew: Callable[[], None]) -> None:
        self.result: Any = None  # Any: JSON, as the job has it
        self._connection = connection
        self._renew = renew
        self._inbox = bytearray()
        self._waiting = select.poll()
        self._waiting.register(connection, select.POLLIN)

    def __iter__(self) -> Iterator[Told]:
        """Raises SearchError."""
        told = Told(waits=True)
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
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _next(self) -> Told | None:
        """The newest that was told; None if a tick went by without a word."""
        self._renew()
        if b"\n" not in self._inbox:
            if not self._waiting.poll(TICK_S * 1000):
                return None
            try:
                piece = self._connection.recv(_PIECE_BYTES)
            except OSError:
                piece = b""
            if not piece:
                raise SearchError("died", _GONE)
            self._inbox += piece
            if len(self._inbox) > _MOST_BYTES:
                raise SearchError("failed", "the searcher's answer has no end")
        line, newline, rest = self._inbox.partition(b"\n")
        if not newline:
            return None
        self._inbox = rest
        try:
            return Told.from_line(bytes(line))
        except ValueError as err:
            raise SearchError("failed", "the searcher's answer can't be understood") from err


def _asked(path: Path, asked: bytes) -> socket.socket | None:
    """A connection over which the searcher was asked, and has said that it heard; None if nobody is there.

    Raises TimeoutError or BlockingIOError if it is there and doesn't listen.
    """
    try:
        made = connect(path, _SEND_WITHIN_S)
    except (TimeoutError, BlockingIOError):
        raise
    except OSError:
        return None
    try:
        try:
            made.sendall(asked)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it may have said why it doesn't listen
        # One that is just ending takes connections but says nothing.
        if made.recv(1, socket.MSG_PEEK):
            return made
    except TimeoutError:
        made.close()
        raise
    except OSError:
        pass
    made.close()
    return None
