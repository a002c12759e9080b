"""Headers that go with every answer, whoever made it: Bottle, a handler, an error."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from pynvr.web.peer import is_secure
from pynvr.web.session_cookie import cookie_header
from pynvr.web.site import Site

Environ = dict[str, Any]  # Any: WSGI's environ holds text and objects (PEP 3333)
Headers = list[tuple[str, str]]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None
StartResponse = Callable[..., Callable[[bytes], object]]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# blob: is what Media Source Extensions and hls.js's worker play from.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A month, this name alone: other services of the machine may have no TLS.
_STRICT_TRANSPORT = "max-age=2592000"
# Players and browsers ask for the same piece again when they seek; those who know how long set their own.
_MEDIA = ("image/", "video/", "audio/", "application/vnd.apple.mpegurl", "text/css", "text/javascript", "font/")


def with_headers(site: Site, application: Application) -> Application:
    """The application, with the security headers, the session cookie and a cache rule on each of its answers."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, exc_info: ExcInfo = None) -> Callable[[bytes], object]:
            secure = is_secure(environ, site.settings().system.server.trusted_proxies)
            return start_response(status, completed(headers, secure, cookie_header(environ)), exc_info)

        _make_readable(environ)
        return application(environ, start)

    return answer


def _make_readable(environ: Environ) -> None:
    """Bottle reads headers as UTF-8 and fails on others; names and tokens that are none hold nothing for us."""
    for name, value in environ.items():
        if name.startswith(("HTTP_", "CONTENT_TYPE")) and isinstance(value, str) and not value.isascii():
            try:
                value.encode("latin-1").decode()
            except UnicodeError:
                environ[name] = value.encode("ascii", "replace").decode()


def completed(headers: Headers, secure: bool, cookie: str | None) -> Headers:
    """The headers and what they lack; a handler's own Cache-Control stays."""
    present = {name.lower(): value for name, value in headers}
    added = [(name, value) for name, value in _ALWAYS.items() if name.lower() not in present]
    if secure:
        added.append(("Strict-Transport-Security", _STRICT_TRANSPORT))
    if "cache-control" not in present:
        is_media = present.get("content-type", "").lower().startswith(_MEDIA)
        added.append(("Cache-Control", "private, no-cache" if is_media else "no-store"))
    if cookie is not None:
        added.append(("Set-Cookie", cookie))
    return [*headers, *added]
