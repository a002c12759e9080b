"""How a search of the searcher is answered: when it is done, or line by line while it goes on. Who hangs up ends it."""

import select
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bottle import HTTPResponse, request

from pynvr.base.errors import SearchError
from pynvr.playback.searches import PATIENCE_S, SILENT_PATIENCE_S, Search, Searches
from pynvr.web.access import who
from pynvr.web.answers import json_bytes
from pynvr.web.envelope import envelope
from pynvr.web.failures import as_api_error
from pynvr.web.headers import Environ
from pynvr.web.routing import Parameter
from pynvr.web.site import Site
from pynvr.web.traffic import STOPPING_KEY

LINES = "application/x-ndjson"
PROGRESS = Parameter(
    "progress",
    "query",
    f"1 (or `Accept: {LINES}`): answer in lines of JSON at once, "
    '`{"progress": 0.4, "waits": false}` every half second, at last `{"result": …}` or `{"error": …}`',
    {"type": "integer", "enum": [0, 1], "default": 0},
)

# What a client gets of the searcher's result. Any: JSON of the searcher
Answer = Callable[[Any], dict[str, object]]


def asker() -> str:
    """For whom it is searched, so that each gets their share."""
    found = who()
    return f"{found.kind} {found.name}"


def searched(site: Site, searches: Searches, job: str, order: Mapping[str, Any], answer: Answer) -> object:
    """What a handler returns for a search, which begins. Raises SearchError."""
    in_lines = request.query.getunicode("progress", "") == "1" or LINES in request.get_header("Accept", "")
    search = searches.begin(job, asker(), order, PATIENCE_S if in_lines else SILENT_PATIENCE_S)
    if in_lines:
        headers = {"Content-Type": LINES, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return HTTPResponse(_Lines(search, answer, request.environ), headers=headers)
    with search:
        for _ in search:
            go_on(request.environ)
            if has_left(request.environ):
                return b""
    return envelope(site, answer(search.result))


class _Lines:
    """The body that tells how far it is; closed, it ends the search."""

    def __init__(self, search: Search, answer: Answer, environ: Environ) -> None:
        self._search = search
        self._answer = answer
        self._environ = environ

    def __iter__(self) -> Iterator[bytes]:
        try:
            for told in self._search:
                go_on(self._environ)
                yield _line({"progress": round(told.progress, 3), "waits": told.waits})
            yield _line({"result": self._answer(self._search.result)})
        except SearchError as err:
            error = as_api_error(err)
            yield _line({"error": {"code": error.code, "message": str(error)}})

    def close(self) -> None:
        self._search.close()


def _line(value: object) -> bytes:
    return json_bytes(value) + b"\n"


def go_on(environ: Environ) -> None:
    """Raises SearchError if the server is being stopped."""
    is_stopping: Callable[[], bool] = environ.get(STOPPING_KEY, lambda: False)
    if is_stopping():
        raise SearchError("missing", "PyNVR is being stopped")


def has_left(environ: Environ) -> bool:
    """Whether the client hung up while it waits for its answer."""
    client = environ.get("gunicorn.socket")
    if client is None:
        return False
    looking = select.poll()
    looking.register(client, select.POLLRDHUP)
    return bool(looking.poll(0))
