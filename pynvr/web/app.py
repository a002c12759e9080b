"""The application: all routes behind the gate, errors in one form, headers on every answer."""

import logging
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bottle import Bottle, HTTPResponse, request, response

from pynvr.base.errors import PyNVRError
from pynvr.web import body, openapi, pages
from pynvr.web.answers import bottle_error, encoded, error_answer, json_bytes
from pynvr.web.api import (
    alerts,
    best_frames,
    camera_test,
    captures,
    commands,
    configured,
    detections,
    exports,
    find_change,
    health,
    hls,
    incidents,
    live,
    login,
    logs,
    me,
    notified,
    pictures,
    reports,
    system_info,
    tokens,
    users,
    version_1,
    videos,
    zips,
)
from pynvr.web.audit.record import Record
from pynvr.web.errors import ApiError
from pynvr.web.failures import as_api_error
from pynvr.web.gate import admit, announce_setup
from pynvr.web.headers import Application, Environ, StartResponse, with_headers
from pynvr.web.hosts import is_host_right
from pynvr.web.live.door import LiveDoor
from pynvr.web.routing import Route
from pynvr.web.setup_code import SetupCode
from pynvr.web.site import Site

# Each group of routes adds its line; earlier ones are asked first.
GROUPS: tuple[Callable[[Site], list[Route]], ...] = (
    login.routes,
    me.routes,
    users.routes,
    tokens.routes,
    version_1.routes,
    exports.routes,
    camera_test.routes,
    captures.routes,
    commands.routes,
    configured.routes,
    detections.routes,
    alerts.routes,
    hls.routes,
    live.routes,
    videos.routes,
    zips.routes,
    pictures.routes,
    best_frames.routes,
    find_change.routes,
    incidents.routes,
    health.routes,
    system_info.routes,
    reports.routes,
    logs.routes,
    notified.routes,
    pages.routes,
)

_NOT_OURS = (
    "this name isn't PyNVR's: it listens on this machine alone. Call it localhost; behind a proxy, name the proxy in "
    "system.server.trusted_proxies"
)

_log = logging.getLogger(__name__)


def all_routes(site: Site) -> list[Route]:
    """Every route that is served."""
    routes = [route for group in GROUPS for route in group(site)]
    routes.append(openapi.route(lambda: routes))
    return routes


def build(site: Site) -> Application:
    """The WSGI application of a site."""
    bottle = Bottle()
    bottle.default_error_handler = bottle_error
    record = Record(site)
    for route in all_routes(site):
        bottle.route(route.rule, route.method, _audited(record, route, _guarded(site, route)))
    if site.store.users.exist():
        SetupCode(site.settings().system.run_dir).forget()
    else:
        announce_setup(site)
    return with_headers(site, _known_host(site, LiveDoor(site, bottle)))


def _audited(record: Record, route: Route, guarded: Callable[..., "_Answered"]) -> Callable[..., object]:
    """What is sent, after it was noted who asked for what."""

    def handle(**parameters: str) -> object:
        answered = guarded(**parameters)
        sent = answered.sent
        status = sent.status_code if isinstance(sent, HTTPResponse) else response.status_code
        record.note(route, parameters, answered.given, status)
        return sent

    return handle


class _Answered(NamedTuple):
    """What goes to the client, and what the handler gave for it."""

    sent: object
    given: object = None


def _guarded(site: Site, route: Route) -> Callable[..., _Answered]:
    """The route's handler behind access check and body limits; errors become answers."""

    def handle(**parameters: str) -> _Answered:
        try:
            admit(site, route)
            if route.body is None:
                body.refuse_large()
            else:
                body.take(route.form)
            response.status = route.status
            response.content_type = route.media_type
            given = route.handler(**parameters)
            return _Answered(encoded(given, route), given)
        except HTTPResponse as answer:
            return _Answered(answer, answer)
        except PyNVRError as err:
            error = as_api_error(err)
            if error.status >= 500 and not isinstance(err, ApiError):
                _log.error("%s %s: %s", request.method, route.rule, err)
            return _Answered(error_answer(error))
        except Exception:
            _log.exception("%s %s failed", request.method, route.rule)
            return _Answered(error_answer(ApiError(500, "internal", "something failed here; the log says what")))

    return handle


def _known_host(site: Site, application: Application) -> Application:
    """Refuse names that can't be ours before anything looks at the request."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        server = site.settings().system.server
        if not is_host_right(environ, server.host, server.trusted_proxies):
            refusal = json_bytes({"error": {"code": "unknown_host", "message": _NOT_OURS}})
            headers = [("Content-Type", "application/json"), ("Content-Length", str(len(refusal)))]
            start_response("400 Bad Request", headers)
            return [refusal]
        return application(environ, start_response)

    return answer
