"""The body of a request, JSON or (where a route takes it) a form: read once, within limits, before its handler runs."""

import io
import json
from typing import Any
from urllib.parse import parse_qsl

from bottle import HTTPError, request
from gunicorn.http.errors import ParseException

from pynvr.web.errors import ApiError, bad_request

LONGEST_BYTES = 1_000_000
# Far deeper than any document of ours; a parser's recursion ends long after it.
_DEEPEST = 32
_MOST_FIELDS = 100
_MULTIPART = "multipart/form-data"
_FORMS = frozenset({"application/x-www-form-urlencoded", _MULTIPART})
_KEY = "pynvr.body"
# Where the next request begins isn't known then.
_CLOSE = {"Connection": "close"}


def body() -> dict[str, Any]:  # Any: what a client sent; each handler checks what it takes
    """The JSON object that came with the request being handled; in routes that declare a body only."""
    found = request.environ.get(_KEY)
    if not isinstance(found, dict):
        raise AssertionError("the route declares no body")
    return found


def taken() -> dict[str, Any]:  # Any: what a client sent
    """The same, empty where none was taken."""
    found = request.environ.get(_KEY)
    return found if isinstance(found, dict) else {}


def text_of(document: dict[str, Any], name: str, *, longest: int = 1024) -> str:
    """A required text of the body; raises ApiError 400."""
    value = document.get(name)
    if not isinstance(value, str) or not value or len(value) > longest:
        raise bad_request(f"{name!r} must be a text of 1 to {longest} characters")
    return value


def take(form: bool = False) -> None:
    """Read the body and let `body()` give it; raises ApiError 400, 413, 415.

    `form`: what HTML forms send is taken too; its fields are texts.
    """
    media_type = request.get_header("Content-Type", "").partition(";")[0].strip().lower()
    data = _read()
    if form and (media_type in _FORMS or (not media_type and not data)):
        request.environ[_KEY] = _fields(media_type, data)
        return
    if media_type != "application/json":
        raise ApiError(415, "unsupported_media_type", "a JSON body is expected, with Content-Type: application/json")
    try:
        document = json.loads(data, parse_constant=_refuse)
    except RecursionError as err:
        raise bad_request("the body is nested too deep") from err
    except ValueError as err:
        raise bad_request(f"the body is no JSON: {err}") from err
    if not isinstance(document, dict):
        raise bad_request("the body must be a JSON object")
    if b"\\u" in data and not _is_text(document):
        raise bad_request("the body holds half a character (a surrogate alone)")
    if _deeper(document, _DEEPEST):
        raise bad_request("the body is nested too deep")
    request.environ[_KEY] = document


def _fields(media_type: str, data: bytes) -> dict[str, Any]:
    """The form's fields, the last of those of one name; files are left out. Raises ApiError 400."""
    try:
        if media_type == _MULTIPART:
            request.environ["wsgi.input"] = io.BytesIO(data)
            request.environ["CONTENT_LENGTH"] = str(len(data))
            request.environ.pop("HTTP_TRANSFER_ENCODING", None)  # it is undone already
            forms = request.forms.decode()
            return {name: forms[name] for name in forms}
        pairs = parse_qsl(data.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except (ValueError, HTTPError) as err:
        raise bad_request("the form can't be read") from err
    return dict(pairs)


def refuse_large() -> None:
    """For routes that take no body: whatever comes, it isn't long. Raises ApiError 413."""
    if _declared() > LONGEST_BYTES:
        raise _too_large()


def _read() -> bytes:
    """The server has undone chunked encoding; `wsgi.input` ends where the body does."""
    declared = _declared()
    if declared > LONGEST_BYTES:
        raise _too_large()
    chunked = "chunked" in request.environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    wanted = LONGEST_BYTES + 1 if chunked else declared
    source = request.environ["wsgi.input"]
    parts: list[bytes] = []
    try:
        while wanted > 0 and (part := source.read(wanted)):
            parts.append(part)
            wanted -= len(part)
    except TimeoutError as err:
        raise ApiError(408, "too_slow", "the body didn't come in time", headers=_CLOSE) from err
    except (OSError, ParseException) as err:
        raise ApiError(400, "bad_request", f"the body can't be read: {err}", headers=_CLOSE) from err
    data = b"".join(parts)
    if len(data) > LONGEST_BYTES:
        raise _too_large()
    return data


def _declared() -> int:
    text = request.environ.get("CONTENT_LENGTH") or "0"
    if not text.isdecimal() or not text.isascii():
        raise bad_request("Content-Length is no number")
    return int(text[:20])


def _too_large() -> ApiError:
    return ApiError(413, "too_large", f"the body is longer than {LONGEST_BYTES} bytes", headers=_CLOSE)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


def _is_text(document: object) -> bool:
    """Whether it can be written as UTF-8: no database, file or hash takes it otherwise."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels == 0 or any(_deeper(item, levels - 1) for item in value.values())
    if isinstance(value, list):
        return levels == 0 or any(_deeper(item, levels - 1) for item in value)
    return False
