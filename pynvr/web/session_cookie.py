"""The cookie of a logged-in browser: an opaque random id, never signed, never unpickled."""

import re

from bottle import request

from pynvr.store.sessions import LIFETIME_US

NAME = "pynvr_s"
_KEY = "pynvr.set_cookie"
_ID = re.compile(r"[A-Za-z0-9_-]{43}")


def read_cookie() -> str:
    """The session id that the browser sent, empty if it sent none of our form."""
    value = str(request.get_cookie(NAME) or "")
    return value if _ID.fullmatch(value) else ""


def send_cookie(session_id: str, secure: bool) -> None:
    """Give the browser its session with whatever this request is answered."""
    request.environ[_KEY] = _cookie(session_id, LIFETIME_US // 1_000_000, secure)


def drop_cookie(secure: bool) -> None:
    """Make the browser forget its session."""
    request.environ[_KEY] = _cookie("", 0, secure)


def cookie_header(environ: dict[str, object]) -> str | None:
    """The value of Set-Cookie that this request's handling asked for."""
    value = environ.get(_KEY)
    return value if isinstance(value, str) else None


def _cookie(value: str, lifetime_s: int, secure: bool) -> str:
    # Lax, not Strict: a link to a moment that somebody was sent must open without a new login.
    attributes = f"{NAME}={value}; Max-Age={lifetime_s}; Path=/; HttpOnly; SameSite=Lax"
    return f"{attributes}; Secure" if secure else attributes
