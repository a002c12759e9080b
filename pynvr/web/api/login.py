"""In and out: login, logout, and the first user."""

import logging

from pynvr.base.errors import UsageError
from pynvr.web.access import who
from pynvr.web.api.schemas import NAME, PASSWORD, ROLE, TEXT, record
from pynvr.web.body import body, text_of
from pynvr.web.entry import address, checked, let_in, let_out, new_name, new_password
from pynvr.web.errors import ApiError, conflict
from pynvr.web.gate import announce_setup
from pynvr.web.routing import Access, Route
from pynvr.web.setup_code import SetupCode
from pynvr.web.site import Site

_PERSON = record({"name": NAME, "role": ROLE})
_CREDENTIALS = record({"name": NAME, "password": {"type": "string", "writeOnly": True}})
_FIRST = record({"code": TEXT, "name": NAME, "password": PASSWORD})

_log = logging.getLogger(__name__)


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "POST",
            "/api/login",
            lambda: _login(site),
            Access.OPEN,
            "Log in: sets the session cookie",
            body=_CREDENTIALS,
            answer=_PERSON,
        ),
        Route("POST", "/api/logout", lambda: _logout(site), Access.VIEWER, "End this session", status=204),
        Route(
            "POST",
            "/api/setup",
            lambda: _setup(site),
            Access.OPEN,
            "Make the first user, an admin, with the code from the log; logs in",
            body=_FIRST,
            answer=_PERSON,
            status=201,
        ),
    ]


def _login(site: Site) -> dict[str, object]:
    if not site.store.users.exist():
        announce_setup(site)
        raise ApiError(503, "setup_needed", "there is no user yet; the log tells the link that makes the first one")
    name, password = text_of(body(), "name"), text_of(body(), "password")
    user = checked(site, name, password)
    if user is None:
        raise ApiError(401, "wrong_credentials", "name or password is wrong")
    let_in(site, user.name)
    return {"name": user.name, "role": user.role}


def _logout(site: Site) -> None:
    principal = who()
    if principal.kind == "session":
        site.store.sessions.end(principal.session_id, principal.name)
    let_out(site)


def _setup(site: Site) -> dict[str, object]:
    if site.store.users.exist():
        raise conflict("there is a user already: log in")
    name, password = new_name(body().get("name")), new_password(body().get("password"))
    code = SetupCode(site.settings().system.run_dir)
    site.door.attempt(address(site), "")
    if not code.matches(text_of(body(), "code")):
        _log.warning("setup refused: wrong code, from %s", address(site))
        raise ApiError(403, "wrong_code", "this link isn't the one in the log (any more)")
    with site.door.hashing.one():
        try:
            site.store.users.add(name, password, "admin", site.clock.now_us(), only_as_first=True)
        except UsageError as err:
            raise conflict(str(err)) from err
    code.forget()
    site.door.succeeded(address(site), "")
    _log.info("the first user was made: %r, from %s", name, address(site))
    let_in(site, name)
    return {"name": name, "role": "admin"}
