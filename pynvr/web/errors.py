"""Errors that a client sees: a status, a code for programs and a sentence for people."""

from collections.abc import Mapping

from pynvr.base.errors import PyNVRError


class ApiError(PyNVRError):
    """Answered as `{"error": {"code", "message", …}}`; `more` adds fields beside them, `headers` go with the answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        more: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.more = dict(more or {})
        self.headers = dict(headers or {})


def bad_request(message: str) -> ApiError:
    return ApiError(400, "bad_request", message)


def not_found(message: str) -> ApiError:
    return ApiError(404, "not_found", message)


def conflict(message: str, more: Mapping[str, object] | None = None) -> ApiError:
    return ApiError(409, "conflict", message, more)
