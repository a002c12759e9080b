"""Passwords out of everything that a person or a log may see."""

import re

MASK = "***"

# user:password@ behind a scheme; the password may hold anything but white space, and runs to the last @ before a slash.
# Only the scheme's end is looked for: to find its beginning took the square of the length of a text without breaks.
CREDENTIALS = re.compile(r"(?P<begin>://)(?P<user>[^\s:/@]*):(?P<password>[^\s/]*)@")
# Some cameras take user and password in the path: /user=admin_password=secret_channel=1.sdp
QUERY_SECRET = re.compile(
    r"(?P<name>[?&;/_](?:[a-z]*pass(?:word|wd)?|pwd|token|secret|auth|api_?key)=)(?P<secret>[^&\s#\"']+)", re.IGNORECASE
)


def redact(text: str) -> str:
    """The text with the password of every URL in it masked (`rtsp://user:***@host/`, `?password=***`)."""
    return QUERY_SECRET.sub(rf"\g<name>{MASK}", CREDENTIALS.sub(rf"\g<begin>\g<user>:{MASK}@", text))
