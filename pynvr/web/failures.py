"""Which status answers which of our errors: the one table."""

from collections.abc import Mapping

from pynvr.base.errors import (
    ConfigError,
    DiskError,
    FootageGoneError,
    FormatChangesError,
    MediaError,
    NothingRecordedError,
    PyNVRError,
    SearchError,
    SourceError,
    StoreError,
    UnevenRangeError,
    UsageError,
    WishError,
)
from pynvr.web.errors import ApiError

_STATUS: tuple[tuple[type[PyNVRError], int, str], ...] = (
    (ConfigError, 422, "invalid_configuration"),
    (UsageError, 400, "bad_request"),
    (FootageGoneError, 404, "gone"),
    (NothingRecordedError, 404, "not_recorded"),
    (FormatChangesError, 409, "format_changes"),
    (UnevenRangeError, 422, "uneven_range"),
    (SourceError, 422, "source"),
    (MediaError, 422, "media"),
    (StoreError, 503, "database"),
    (DiskError, 503, "disk"),
)
_OF_WISHES: Mapping[str, tuple[int, str]] = {
    "invalid": (400, "bad_request"),
    "unknown": (404, "not_found"),
    "conflict": (409, "conflict"),
    "busy": (503, "busy"),
    "unheard": (503, "unheard"),
}
_OF_SEARCHES: Mapping[str, tuple[int, str]] = {
    "invalid": (400, "bad_request"),
    "nothing": (404, "not_recorded"),
    "gone": (404, "gone"),
    "library": (422, "missing_library"),
    "busy": (503, "busy"),
    "database": (503, "database"),
    "missing": (503, "searcher"),
    "died": (503, "searcher"),
    "failed": (500, "internal"),
}


def as_api_error(error: PyNVRError) -> ApiError:
    """What a client sees of an error that a handler let pass; messages never hold a password."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, WishError | SearchError):
        status, code = (_OF_WISHES if isinstance(error, WishError) else _OF_SEARCHES)[error.reason]
        return ApiError(status, code, str(error), headers={"Retry-After": "5"} if status == 503 else {})
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            headers = {"Retry-After": "5"} if status == 503 else {}
            more = {"mistakes": error.mistakes} if isinstance(error, ConfigError) else {}
            # The database's message names its path, which is nobody's business.
            message = "the database can't be used right now; try again" if isinstance(error, StoreError) else str(error)
            return ApiError(status, code, message, more, headers)
    return ApiError(500, "internal", "something failed here; the log says what")
