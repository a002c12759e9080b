"""Letting a person in: passwords are checked, and sessions begun, here and nowhere else."""

import logging

from bottle import request

from pynvr.store.passwords import password_mistake
from pynvr.store.users import User
from pynvr.web.audit.deed import deed
from pynvr.web.errors import ApiError, bad_request
from pynvr.web.peer import client_address, is_secure
from pynvr.web.session_cookie import drop_cookie, read_cookie, send_cookie
from pynvr.web.site import Site

LONGEST_NAME = 64

_log = logging.getLogger(__name__)


def address(site: Site) -> str:
    """Where the request comes from."""
    return client_address(request.environ, site.settings().system.server.trusted_proxies)


def checked(site: Site, name: str, password: str) -> User | None:
    """The user, if name and password are right; raises ApiError 429 after too many guesses.

    An answer takes as long for a name that nobody has.
    """
    came_from = address(site)
    site.door.attempt(came_from, name)
    with site.door.hashing.one():
        user = site.store.users.authenticate(name, password)
    if user is not None:
        site.door.succeeded(came_from, name)
        return user
    # What isn't a user's name may be a password that slipped into the wrong field.
    known = site.store.users.find(name)
    deed().actor = known.name if known else ""
    _log.warning(
        "login refused: wrong password for %s, from %s",
        repr(known.name) if known else "a name that no user has",
        came_from,
    )
    return None


def let_in(site: Site, name: str) -> None:
    """Begin a session for the user and give its cookie to the browser; one that the browser had before ends."""
    now_us = site.clock.now_us()
    cookie = read_cookie()
    before = site.store.sessions.find(cookie, now_us) if cookie else None
    if before is not None:
        site.store.sessions.end(before.id, before.name)
    agent = request.get_header("User-Agent", "")
    session_id = site.store.sessions.begin(name, now_us, address=address(site), agent=agent)
    send_cookie(session_id, _secure(site))


def let_out(site: Site) -> None:
    """Make the browser forget its cookie."""
    drop_cookie(_secure(site))


def new_name(name: object) -> str:
    """The name of a user or token to be made; raises ApiError 400."""
    if (
        not isinstance(name, str)
        or not 1 <= len(name) <= LONGEST_NAME
        or not name.isprintable()
        or name != name.strip()
    ):
        raise bad_request(f"'name' must be 1 to {LONGEST_NAME} printable letters, without spaces around them")
    return name


def new_password(password: object) -> str:
    """A password that will do; raises ApiError 400, 422."""
    if not isinstance(password, str):
        raise bad_request("'password' must be a text")
    mistake = password_mistake(password)
    if mistake is not None:
        raise ApiError(422, "weak_password", mistake)
    return password


def _secure(site: Site) -> bool:
    return is_secure(request.environ, site.settings().system.server.trusted_proxies)
