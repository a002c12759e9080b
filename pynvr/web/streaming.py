"""Files over HTTP: whole or a part of them, asked for again without sending them again (RFC 9110 §13 and §14)."""

import errno
import logging
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

from bottle import HTTPResponse, request

from pynvr.base.errors import FootageGoneError
from pynvr.playback.byte_source import ByteSource
from pynvr.web.answers import error_answer
from pynvr.web.caching import is_known
from pynvr.web.errors import ApiError

_log = logging.getLogger(__name__)

_RANGE = re.compile(r"bytes=[ \t]*(\d{0,19})-(\d{0,19})[ \t]*", re.ASCII)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')
_LONGEST_NAME = 200
_PLAIN_NAME = re.compile(r'filename="([^"]*)"')
_EXTENDED_NAME = re.compile(r"filename\*=UTF-8''(\S+)")


def serve(source: ByteSource, *, download: bool = False) -> HTTPResponse:
    """The answer to the request that is being handled; the source is closed when it is sent, or the client has gone.

    `download`: to be saved under the source's name, instead of shown. Raises FootageGoneError.
    """
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(source.filename, download),
        "ETag": f'"{source.etag}"',
    }
    if is_known(source.etag):
        source.close()
        return _answer(304, headers)
    asked = asked_range(request.get_header("Range", ""), source.length) if _may_be_part(source.etag) else None
    if asked == (0, 0):
        source.close()
        told = {"Accept-Ranges": "bytes", "Content-Range": f"bytes */{source.length}"}
        message = f"{source.filename} ends before that: it has {source.length} bytes"
        return error_answer(ApiError(416, "range_not_satisfiable", message, headers=told))
    start, end = asked or (0, source.length)
    headers |= {"Content-Type": source.media_type, "Content-Length": str(end - start)}
    if asked is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{source.length}"
    if request.method == "HEAD":
        source.close()
        return _answer(200, headers)
    body = Sending(source.read(start, end), end - start, source.filename, source.close)
    return _answer(200 if asked is None else 206, headers, body)


def asked_range(text: str, length: int) -> tuple[int, int] | None:
    """`[start, end)` of the header `Range`; (0, 0) = nothing of the file, None = all of it.

    What isn't understood, and several ranges at once, may be answered with the whole file (RFC 9110 §14.2).
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        count = min(int(found[2]), length)
        return (length - count, length) if count else (0, 0)
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    end = min(int(found[2]) + 1, length) if found[2] else length
    return (start, end) if start < length else (0, 0)


def disposition(filename: str, download: bool) -> str:
    """The header `Content-Disposition` (RFC 6266) for any name."""
    name = _UNSAFE.sub("_", filename).strip(" .")[:_LONGEST_NAME] or "video"
    plain = name.encode("ascii", "replace").decode("ascii").replace("?", "_")
    kind = "attachment" if download else "inline"
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{kind}; filename="{plain}"{extended}'


def name_in(disposition: str) -> str:
    """The name that such a header gives, empty if it gives none."""
    found = _EXTENDED_NAME.search(disposition)
    if found is not None:
        return unquote(found[1])
    found = _PLAIN_NAME.search(disposition)
    return found[1] if found is not None else ""


class Sending:
    """A body of `length` bytes, called `name` in the log. Its first piece is read at once, so that what is gone already
    can be said with a status; `close` is called when it is sent, or nobody wants more of it."""

    def __init__(self, pieces: Iterator[bytes], length: int, name: str, close: Callable[[], None]) -> None:
        self._pieces = pieces
        self._left = length
        self._name = name
        self._close = close
        try:
            self._first = next(self._pieces, b"")
        except BaseException:
            close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        try:
            if self._first:
                self._left -= len(self._first)
                yield self._first
            self._first = b""
            for piece in self._pieces:
                self._left -= len(piece)
                yield piece
        except FootageGoneError as err:
            # With the connection cut short of Content-Length the client knows that it hasn't got all.
            reason = f"{self._name} broke off while it was sent, {self._left} bytes are missing: {err}"
            _log.warning("%s", reason)
            raise ConnectionAbortedError(errno.ECONNRESET, reason) from err

    def close(self) -> None:
        """Called by the server, also when the client went away."""
        pieces = self._pieces
        self._pieces = iter(())
        if hasattr(pieces, "close"):
            pieces.close()
        self._close()


def _answer(status: int, headers: dict[str, str], body: object = "") -> HTTPResponse:
    answer = HTTPResponse(body, status)
    for name, value in headers.items():
        answer.set_header(name, value)
    return answer


def _may_be_part(etag: str) -> bool:
    """Whether a part may be answered, of this file; dates aren't given out, so none is right.

    `Range` is for GET alone (RFC 9110 §14.2): HEAD tells of the whole file.
    """
    if request.method != "GET":
        return False
    given: str = request.get_header("If-Range", "").strip()
    return given in ("", f'"{etag}"')
