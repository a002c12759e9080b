"""Who may pass: every request goes through here before its handler runs."""

import logging
from urllib.parse import quote

from bottle import HTTPResponse, request

from pynvr.store.sessions import Session
from pynvr.web.access import Principal, remember
from pynvr.web.errors import ApiError
from pynvr.web.peer import is_secure, own_origin
from pynvr.web.routing import Access, Route
from pynvr.web.same_origin import changes_something, is_foreign, says_its_ours
from pynvr.web.session_cookie import read_cookie, send_cookie
from pynvr.web.setup_code import SetupCode
from pynvr.web.site import Site

LOGIN_PAGE, SETUP_PAGE = "/login", "/setup"
_DAY_US = 86_400_000_000

_log = logging.getLogger(__name__)


def admit(site: Site, route: Route) -> None:
    """Let the request pass to its handler, which may ask `who()`; raises ApiError, or a redirect for pages."""
    if route.access is Access.OPEN:
        _refuse_foreign(site)
        _send_to_the_right_door(site)
        return
    principal = authenticated(site)
    if principal is None:
        raise _unknown(site, route)
    remember(principal)
    if route.access is Access.ADMIN and principal.role != "admin":
        raise ApiError(403, "forbidden", f"{principal.name} may look, but not do this: it needs the role admin")


def authenticated(site: Site) -> Principal | None:
    """Whose token or cookie this request carries. A token in the header counts alone, right or wrong."""
    authorization = request.get_header("Authorization")
    if authorization is not None:
        return _by_token(site, authorization)
    cookie = read_cookie()
    if not cookie:
        return None
    now_us = site.clock.now_us()
    session = site.store.sessions.find(cookie, now_us)
    if session is None:
        return None
    if changes_something(request.method):
        _refuse_foreign(site)
        if not says_its_ours(request.environ):
            raise ApiError(403, "no_header", "a change from a browser needs the header X-PyNVR: 1")
    _note_use(site, session, cookie, now_us)
    return Principal(session.name, session.role, "session", session.id)


def _by_token(site: Site, authorization: str) -> Principal | None:
    scheme, _, token = authorization.partition(" ")
    found = site.store.tokens.authenticate(token.strip()) if scheme.lower() == "bearer" else None
    return None if found is None else Principal(found.name, found.role, "token")


def _refuse_foreign(site: Site) -> None:
    trusted = site.settings().system.server.trusted_proxies
    if changes_something(request.method) and is_foreign(request.environ, own_origin(request.environ, trusted)):
        raise ApiError(403, "foreign_origin", "a page of another site sent this")


def _note_use(site: Site, session: Session, cookie: str, now_us: int) -> None:
    """A session slides on with its use; so does the browser's cookie, with the first request of each day."""
    is_written = site.by_the_way.note("that a session is used", lambda: site.store.sessions.touch(session, now_us))
    if is_written and session.seen_us // _DAY_US != now_us // _DAY_US:
        send_cookie(cookie, is_secure(request.environ, site.settings().system.server.trusted_proxies))


def _unknown(site: Site, route: Route) -> ApiError | HTTPResponse:
    is_page = route.media_type.startswith("text/html") and not changes_something(request.method)
    if not site.store.users.exist():
        announce_setup(site)
        if is_page:
            return _redirect(SETUP_PAGE)
        return ApiError(503, "setup_needed", "there is no user yet; the log tells the link that makes the first one")
    if is_page:
        asked = request.path + (f"?{request.query_string}" if request.query_string else "")
        return _redirect(f"{LOGIN_PAGE}?next={quote(asked, safe='')}" if asked != "/" else LOGIN_PAGE)
    bearer = {"WWW-Authenticate": 'Bearer realm="PyNVR"'}
    return ApiError(401, "unauthorized", "log in, or send a token (Authorization: Bearer …)", headers=bearer)


def _send_to_the_right_door(site: Site) -> None:
    """No login while there is nobody, no setup once there is somebody; raises a redirect."""
    if request.path == LOGIN_PAGE and not site.store.users.exist():
        raise _redirect(SETUP_PAGE)
    if request.path == SETUP_PAGE:
        if site.store.users.exist():
            raise _redirect(LOGIN_PAGE)
        announce_setup(site)


def announce_setup(site: Site) -> None:
    """Make the setup code and say its link in the log, unless that was done."""
    system = site.settings().system
    code = SetupCode(system.run_dir)
    if code.read() is not None:
        return
    try:
        code.announce(system.server)
    except OSError as err:
        _log.error("can't write the setup code into %s: %s; `pynvr user add` makes the first user", system.run_dir, err)


def _redirect(location: str) -> HTTPResponse:
    return HTTPResponse("", 303, {"Location": location})
