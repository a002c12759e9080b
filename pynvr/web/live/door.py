"""In front of the application: requests that ask for a WebSocket are let in, or refused while they are still HTTP."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from bottle import HTTPResponse, request
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHeader
from websockets.http11 import Request
from websockets.server import ServerProtocol

from pynvr.base.errors import PyNVRError
from pynvr.base.redaction import redact
from pynvr.model import sub_stream
from pynvr.model.settings import Camera
from pynvr.playback.live import Live
from pynvr.playback.live_items import Form, Stream
from pynvr.web.access import Principal
from pynvr.web.answers import error_answer
from pynvr.web.errors import ApiError, bad_request, not_found
from pynvr.web.failures import as_api_error
from pynvr.web.gate import authenticated
from pynvr.web.headers import Application, Environ, StartResponse
from pynvr.web.live.channel import Channel
from pynvr.web.live.marks import Marks
from pynvr.web.live.permit import Permit
from pynvr.web.live.seats import Kind, Seat, Seats
from pynvr.web.live.sessions import TOO_MANY, PageSession, StreamSession
from pynvr.web.live.wire import MOST_MESSAGE_BYTES, Session, Waker, Wire
from pynvr.web.peer import own_origin
from pynvr.web.same_origin import is_foreign
from pynvr.web.site import Site
from pynvr.web.traffic import STOPPING_KEY

STREAM, PAGE = "/ws/stream/", "/ws/live"
# A sub-stream stays for so long after the last viewer: who turns a page comes back.
_LINGERS_S = 20.0

_log = logging.getLogger(__name__)
# Of a URL whose passwords are masked already.
_LOGIN = re.compile(r"^(?P<scheme>[^:/?#]+://)[^/?#]*@")
# What clients do wrong is theirs to know; that they come and go is nobody's.
_protocol_log = logging.getLogger(f"{__name__}.protocol")
_protocol_log.setLevel(logging.CRITICAL)


class LiveDoor:
    """The application, with WebSockets beside it. `live` is what all of them watch."""

    def __init__(self, site: Site, application: Application) -> None:
        self.live = Live(site.settings, site.clock, self._want_sub_stream)
        self.marks = Marks(site)
        self._site = site
        self._application = application
        self._seats = Seats()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        is_asked = environ.get("REQUEST_METHOD") == "GET" and environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        if path not in (STREAM, PAGE) or not is_asked:
            return self._application(environ, start_response)
        request.bind(environ)
        try:
            seat, serve = self._entered(environ, path)
        except PyNVRError as err:
            return _refused(error_answer(as_api_error(err)), start_response)
        try:
            serve()
        except Exception:
            _log.exception("a live view broke off")
        finally:
            seat.leave()
        # The socket was used for what isn't HTTP: the server drops the connection on this word.
        raise StopIteration

    def _entered(self, environ: Environ, path: str) -> tuple[Seat, Callable[[], None]]:
        """All that can be refused is refused here; what is returned talks, from that seat. Raises ApiError."""
        who = self._admitted(environ)
        camera, form = self._wanted(environ) if path == STREAM else (None, Form())
        protocol = _shaken(environ)
        client = environ.get("gunicorn.socket")
        if client is None:
            raise ApiError(501, "no_sockets", "this server can't give a WebSocket")
        seat = self._seats.take(Kind.LISTENING if camera is None else Kind.WATCHING)
        if seat is None:
            raise ApiError(503, "busy", TOO_MANY, headers={"Retry-After": "10"})
        permit = Permit(lambda: authenticated(self._site) == who, self._site.clock)
        is_stopping: Callable[[], bool] = environ.get(STOPPING_KEY, lambda: False)

        def serve() -> None:
            waker = Waker()
            session: Session | None = None
            try:
                session = self._session(camera, form, permit, waker, seat)
                Wire(client, protocol, waker, is_stopping).serve(session)
            finally:
                if session is not None:
                    session.close()
                waker.close()

        return seat, serve

    def _session(self, camera: Camera | None, form: Form, permit: Permit, waker: Waker, seat: Seat) -> Session:
        if camera is None:
            return PageSession(self._site, self.live, self.marks, permit, waker, seat=seat)
        channel = Channel(self._site, self.live, camera.id, form, waker.wake, marks=self.marks, framed=False)
        return StreamSession(self._site, self.live, permit, channel)

    def _want_sub_stream(self, camera_id: str) -> None:
        self._site.wishes.want(sub_stream.name_of(camera_id), _LINGERS_S)

    def _admitted(self, environ: Environ) -> Principal:
        """A browser sends its cookie along for any page, so the page must be ours; a program has a token."""
        own = own_origin(environ, self._site.settings().system.server.trusted_proxies)
        if is_foreign(environ, own):
            raise ApiError(403, "foreign_origin", "a page of another site sent this")
        who = authenticated(self._site)
        if who is None:
            raise ApiError(401, "unauthorized", "log in, or send a token (Authorization: Bearer …)")
        if who.kind == "session" and not environ.get("HTTP_ORIGIN"):
            raise ApiError(403, "no_origin", "with a session, a WebSocket needs the header Origin")
        return who

    def _wanted(self, environ: Environ) -> tuple[Camera, Form]:
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        given = {name: values[-1] for name, values in query.items()}
        mode = given.get("mode", "mp4")
        if mode not in ("mp4", "jpeg"):
            raise bad_request("'mode' is mp4 or jpeg")
        sound = given.get("sound", "1")
        if sound not in ("0", "1"):
            raise bad_request("'sound' is 1 or 0")
        camera, named = self._camera(given)
        stream = given.get("stream", named)
        if stream not in ("main", "sub"):
            raise bad_request("'stream' is main or sub")
        return camera, Form("jpeg" if mode == "jpeg" else "mp4", sound == "1", "main" if stream == "main" else "sub")

    def _camera(self, given: Mapping[str, str]) -> tuple[Camera, Stream]:
        """By its id, or by one of its URLs as it is in nvr.json, whatever the name and password in it; and which of its
        streams that names.
        """
        settings = self._site.settings()
        if "camera" in given:
            found = settings.camera(given["camera"])
            stream: Stream = "sub"
        elif "url" in given:
            url = given["url"]
            found = next((one for one in settings.cameras if any(_is(url, known) for known in one.urls)), None)
            stream = "main" if found is not None and _is(url, found.url) else "sub"
        else:
            raise bad_request("'camera' or 'url' is missing")
        if found is None:
            raise not_found("there is no such camera")
        return found, stream


def _shaken(environ: Mapping[str, Any]) -> ServerProtocol:  # Any: WSGI's environ
    """The protocol with its answer to the handshake ready to be sent. Raises ApiError."""
    # No compression: video doesn't get smaller, and trying costs more than all else.
    protocol = ServerProtocol(max_size=MOST_MESSAGE_BYTES, logger=_protocol_log)
    headers = Headers()
    for key, value in environ.items():
        if key.startswith("HTTP_") and isinstance(value, str):
            try:
                headers[key[5:].replace("_", "-").title()] = value
            except InvalidHeader as err:
                raise bad_request("a header holds what a header can't") from err
    # The parser begins in HTTP, so it is given the request that the server has read.
    protocol.receive_data(Request(environ.get("PATH_INFO", "/"), headers).serialize())
    asked = next((event for event in protocol.events_received() if isinstance(event, Request)), None)
    if asked is None:
        raise bad_request("this isn't the request of a WebSocket")
    answer = protocol.accept(asked)
    if answer.status_code != 101:
        raise ApiError(answer.status_code, "bad_handshake", (answer.body or b"").decode("utf-8", "replace").strip())
    protocol.send_response(answer)
    return protocol


def _is(url: str, known: str) -> bool:
    """Whether both name the same stream. The login doesn't count, or whoever may watch could guess it."""
    return _without_login(url) == _without_login(known)


def _without_login(url: str) -> str:
    return _LOGIN.sub(r"\g<scheme>", redact(url))


def _refused(answer: HTTPResponse, start_response: StartResponse) -> Iterable[bytes]:
    body = answer.body if isinstance(answer.body, bytes) else str(answer.body).encode()
    headers = [(name, value) for name, value in answer.headerlist if name.lower() != "content-length"]
    start_response(answer.status_line, [*headers, ("Content-Length", str(len(body)))])
    return [body]
