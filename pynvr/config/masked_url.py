"""Passwords of cameras' URLs on their way out and back: masked for whoever reads, put in again for whoever saves.

A mask that comes back stands for the stored password only as long as the host stays: with another host, whoever may
save would have the password sent wherever he likes.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pynvr.base.redaction import CREDENTIALS, MASK, QUERY_SECRET, redact


class MaskError(Exception):
    """A mask that stands for no password; the message says what is expected."""


def masked(value: object) -> object:
    """The JSON value with the passwords of every URL in it masked, and what is secret in a camera's `post_…` keys."""
    if isinstance(value, Mapping):
        return {key: masked(_secret(key, item)) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return redact(value) if isinstance(value, str) else value


def _secret(key: object, value: object) -> object:
    if key == "post_token" and value:
        return MASK
    if key == "post_headers" and isinstance(value, Mapping):
        return dict.fromkeys(value, MASK)
    return value


def holds_mask(url: str) -> bool:
    """Whether a password in the URL is the mask."""
    return any(secret == MASK for secret in _secrets(url))


def unmasked(url: str, stored: str) -> str:
    """The URL with each mask replaced by the password that the stored URL has there; raises MaskError."""
    if not holds_mask(url):
        return url
    if not stored:
        raise MaskError(f"a password in place of {MASK}: none is stored")
    if _host(url) != _host(stored):
        raise MaskError(f"the password in place of {MASK}: the host is another one, which the stored one isn't for")
    return CREDENTIALS.sub(lambda match: _with_password(match, stored), _with_query(url, stored))


def _with_password(match: re.Match[str], stored: str) -> str:
    if match["password"] != MASK:
        return match.group()
    found = CREDENTIALS.search(stored)
    if found is None:
        raise MaskError(f"a password in place of {MASK}: none is stored")
    return f"{match['begin']}{match['user']}:{found['password']}@"


def _with_query(url: str, stored: str) -> str:
    known = {match["name"][1:].lower(): match["secret"] for match in QUERY_SECRET.finditer(stored)}

    def put_in(match: re.Match[str]) -> str:
        if match["secret"] != MASK:
            return match.group()
        secret = known.get(match["name"][1:].lower())
        if secret is None:
            raise MaskError(f"a value in place of {MASK} behind {match['name'][1:]}")
        return match["name"] + secret

    return QUERY_SECRET.sub(put_in, url)


def _secrets(url: str) -> list[str]:
    return [match["password"] for match in CREDENTIALS.finditer(url)] + [
        match["secret"] for match in QUERY_SECRET.finditer(url)
    ]


def _host(url: str) -> str:
    try:
        # A password may hold what would end the host; masked, it doesn't.
        return (urlsplit(redact(url)).hostname or "").lower()
    except ValueError:
        return ""
