"""At most so many long responses at once: each holds a thread, and threads must be left for whoever clicks."""

import threading
from collections.abc import Callable, Iterable, Iterator

from pynvr.web.headers import Application, Environ, ExcInfo, Headers, StartResponse
from pynvr.web.traffic import Traffic

# A body of known length up to this is on its way in no time: it takes no place.
SHORT_BYTES = 1_000_000
RETRY_AFTER_S = 10

_REFUSAL = (
    b'{"error": {"code": "busy", "message": "too many downloads and videos are being sent at the moment; '
    b'try again in a few seconds"}}'
)


class LongResponses:
    """The application, with places for long responses. Answers 503 with Retry-After when all are taken."""

    def __init__(self, application: Application, places: int, traffic: Traffic) -> None:
        self._application = application
        self._places = places
        self._traffic = traffic
        self._lock = threading.Lock()
        self.taken = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started: list[tuple[str, Headers, ExcInfo]] = []

        def remember(status: str, headers: Headers, exc_info: ExcInfo = None) -> Callable[[bytes], object]:
            started[:] = [(status, headers, exc_info)]
            return _no_write

        body = self._application(environ, remember)
        if not started:
            # Only a generator of WSGI's old kind starts late; none of ours does.
            raise AssertionError("the application answered without a status")
        status, headers, exc_info = started[0]
        if _is_long(body, headers):
            if not self._take():
                _close(body)
                start_response(
                    "503 Service Unavailable",
                    [
                        ("Content-Type", "application/json"),
                        ("Content-Length", str(len(_REFUSAL))),
                        ("Retry-After", str(RETRY_AFTER_S)),
                    ],
                )
                return [_REFUSAL]
            body = _Held(body, self._give_back)
        start_response(status, headers, exc_info)
        return body

    def _take(self) -> bool:
        with self._lock:
            if self.taken >= self._places:
                self._traffic.refuse()
                return False
            self.taken += 1
            return True

    def _give_back(self) -> None:
        with self._lock:
            self.taken -= 1


class _Held:
    def __init__(self, body: Iterable[bytes], give_back: Callable[[], None]) -> None:
        self._body = body
        self._close_body = getattr(body, "close", None)
        self._give_back: Callable[[], None] | None = give_back

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back is None:
            return
        try:
            if self._close_body is not None:
                self._close_body()
        finally:
            give_back()


def _is_long(body: Iterable[bytes], headers: Headers) -> bool:
    if isinstance(body, list | tuple):
        return False  # it is in memory already
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    return not length.isdecimal() or int(length) > SHORT_BYTES


def _close(body: object) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _no_write(_data: bytes) -> object:
    raise AssertionError("no part of PyNVR writes by WSGI's old way")
