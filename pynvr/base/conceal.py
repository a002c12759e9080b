"""Known passwords out of any text, in whatever form they turn up; `redaction` knows only the forms of URLs."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pynvr.base.redaction import MASK, redact

# A shorter password is masked inside URLs only, or half of the words of a log would be masked.
_SHORTEST = 4
_SECRET_NAME = re.compile(r"(?:[a-z]*pass(?:word|wd)?|pwd|token|secret|auth|api_?key)", re.IGNORECASE)


def secrets_of(urls: Iterable[str]) -> tuple[str, ...]:
    """Every form in which the passwords of the URLs may turn up: as written, decoded, encoded, quoted, in a header."""
    found: set[str] = set()
    for url in urls:
        for user, password in _credentials(url):
            plain = unquote(password)
            found |= {password, plain, quote(plain, safe=""), repr(plain)[1:-1], json.dumps(plain)[1:-1]}
            found |= {base64.b64encode(f"{name}:{plain}".encode()).decode() for name in {user, unquote(user)} if name}
    return tuple(sorted(secret for secret in found if len(secret) >= _SHORTEST))


def _credentials(url: str) -> list[tuple[str, str]]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    query = [("", value) for name, value in parse_qsl(parts.query) if _SECRET_NAME.fullmatch(name)]
    return [(user, password), *query]


class Conceal:
    """A text with every password masked: those of URLs, and the given ones wherever they stand."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        longest_first = sorted(set(secrets), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        masked = redact(text)
        return self._known.sub(MASK, masked) if self._known else masked
