"""Passwords out of everything that a person or a log may see."""

import re

MASK = "***"

# user:password@ behind a scheme; the password may hold anything but white space, and runs to the last @ before a slash.
_CREDENTIALS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^\s:/@]*):(?P<password>[^\s/]*)@")
_QUERY_SECRET = re.compile(
    r"(?P<name>[?&](?:[a-z]*pass(?:word|wd)?|pwd|token|secret|auth|api_?key)=)[^&\s#\"']+", re.IGNORECASE
)


def redact(text: str) -> str:
    """The text with the password of every URL in it masked (`rtsp://user:***@host/`, `?password=***`)."""
    return _QUERY_SECRET.sub(rf"\g<name>{MASK}", _CREDENTIALS.sub(rf"\g<scheme>\g<user>:{MASK}@", text))
