"""Whether a request that changes something comes from our own pages; foreign pages can send one with our cookie."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

HEADER = "HTTP_X_PYNVR"
_SAFE = ("GET", "HEAD")


def changes_something(method: str) -> bool:
    return method not in _SAFE


def is_foreign(environ: Mapping[str, Any], own_origin: str) -> bool:  # Any: WSGI's environ
    """Whether the browser says that another site's page sent this.

    `Sec-Fetch-Site` and `Origin` are written by the browser alone. A program that sends neither isn't foreign: it
    has no cookie but its own.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return False
    if not own_origin:
        return True
    if site == "same-origin":
        # A proxy that speaks TLS and isn't named in trusted_proxies hides the scheme; the browser vouches for it.
        return not _host(origin) or _host(origin) != _host(own_origin)
    return bool(origin.lower() != own_origin)


def says_its_ours(environ: Mapping[str, Any]) -> bool:
    """Whether it carries the header that a foreign page can't send without asking us first, and we never allow it."""
    return bool(environ.get(HEADER) == "1")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""  # no browser wrote that
