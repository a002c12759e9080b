"""What a handler returns, as bytes; and errors in their two forms, for programs and for people."""

import json
from collections.abc import Mapping
from html import escape
from http import HTTPStatus

from bottle import HTTPError, HTTPResponse, request, response

from pynvr.web.errors import ApiError
from pynvr.web.routing import Route

_JSON = "application/json"
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="/login/site.css">
<script src="/login/static/shell/theme.js"></script></head>
<body class="message-page"><main><h1>{title}</h1><p>{message}</p><p><a href="/">To the start page</a></p></main></body>
</html>
"""


def encoded(answer: object, route: Route) -> object:
    """The handler's answer in a form that Bottle sends: dicts and lists become JSON."""
    if route.media_type != "application/json" and not isinstance(answer, dict | list):
        return answer
    if isinstance(answer, HTTPResponse | bytes | str) or answer is None:
        return answer
    response.content_type = _JSON
    return json_bytes(answer)


def json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


def error_answer(error: ApiError) -> HTTPResponse:
    """The error as JSON, or as a page if a person asked for one."""
    if _for_a_program():
        body = json_bytes({"error": {"code": error.code, "message": str(error), **error.more}})
        return _answer(error.status, body, _JSON, error.headers)
    title = HTTPStatus(error.status).phrase
    page = _PAGE.format(title=escape(title), message=escape(str(error)))
    return _answer(error.status, page.encode("utf-8", "replace"), "text/html; charset=utf-8", error.headers)


def bottle_error(error: HTTPError) -> HTTPResponse:
    """What Bottle itself refuses (unknown address, wrong method), in our forms."""
    status = error.status_code
    if status == HTTPStatus.NOT_FOUND:
        return error_answer(ApiError(404, "not_found", f"there is nothing at {request.path}"))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = [method for method in error.get_header("Allow", "").split(",") if method]
        allowed += ["HEAD"] if "GET" in allowed else []
        message = f"{request.path} takes {', '.join(allowed)}, not {request.method}"
        return error_answer(ApiError(405, "method_not_allowed", message, headers={"Allow": ", ".join(allowed)}))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return error_answer(ApiError(status, "internal", "something failed here; the log says what"))
    return error_answer(ApiError(status, HTTPStatus(status).name.lower(), str(error.body)))


def _for_a_program() -> bool:
    return request.path.startswith(("/api/", "/ws/")) or "text/html" not in request.get_header(
        "Accept", "text/html,*/*"
    )


def _answer(status: int, body: bytes, media_type: str, headers: Mapping[str, str]) -> HTTPResponse:
    answer = HTTPResponse(body, status)
    answer.set_header("Content-Type", media_type)
    for name, value in headers.items():
        answer.set_header(name, value)
    return answer
