"""Kinds of values by which something is sent by HTTP: addresses, headers, tokens. None is ever shown in a message."""

import re
from urllib.parse import urlsplit

from pynvr.config.kinds import Kind, NotOfKindError, text

_LONGEST_URL = 4000
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
# PyNVR's own, or the connection's.
_RESERVED = {"host", "content-length", "content-type", "transfer-encoding", "connection", "idempotency-key"}


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise NotOfKindError
    for name, content in value.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _RESERVED:
            raise NotOfKindError
        if not isinstance(content, str) or not content.isprintable() or not content.isascii() or len(content) > 2000:
            raise NotOfKindError
    return tuple(value.items())


def _http_url(value: object) -> str:
    word = printable(value)
    try:
        parts = urlsplit(word)
        host, _port = parts.hostname, parts.port
    except ValueError as err:
        raise NotOfKindError from err
    if parts.scheme.lower() not in ("http", "https") or not host or parts.fragment:
        raise NotOfKindError
    return word


def printable(value: object) -> str:
    """A URL's text as far as its form goes: without blanks and control characters. Raises NotOfKindError."""
    if not isinstance(value, str) or not value or len(value) > _LONGEST_URL:
        raise NotOfKindError
    if not value.isprintable() or any(character.isspace() for character in value):
        raise NotOfKindError
    return value


def _secret(value: object) -> str:
    word = text(2000).read(value)
    if not word.isprintable():
        raise NotOfKindError
    return word


SECRET: Kind[str] = Kind("text on one line", _secret, secret=True)
HEADERS: Kind[tuple[tuple[str, str], ...]] = Kind(
    'an object of header names and their ASCII text, without those that belong to PyNVR, as {"X-Key": "abc"}',
    _headers,
    secret=True,
)
HTTP_URL: Kind[str] = Kind("a URL with http or https and a host, as https://example.org/hook", _http_url, secret=True)
