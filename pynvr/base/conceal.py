"""Known passwords out of any text, in whatever form they turn up; `redaction` knows only the forms of URLs."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from pynvr.base.redaction import MASK, QUERY_SECRET, redact

# A shorter password is masked inside URLs only, or half of the words of a log would be masked.
_SHORTEST = 4
# In a path, a field may end at an underscore too, which is also a letter of passwords: both are taken for the secret.
_FIELD = re.compile(r"[^_/?;]+")


def secrets_of(urls: Iterable[str]) -> tuple[str, ...]:
    """Every form in which the passwords of the URLs may turn up: as written, decoded, encoded, quoted, in a header."""
    found: set[str] = set()
    for url in urls:
        for user, password in _credentials(url):
            plain = unquote(password)
            found |= {password, *_written(plain)}
            found |= {base64.b64encode(f"{name}:{plain}".encode()).decode() for name in {user, unquote(user)} if name}
    return tuple(sorted(secret for secret in found if len(secret) >= _SHORTEST))


def forms_of(secret: str) -> set[str]:
    """Every form in which a secret that stands alone may turn up; none if it is too short to be looked for."""
    return {form for form in _written(secret) | _written(unquote(secret)) if len(form) >= _SHORTEST}


def _written(plain: str) -> set[str]:
    return {plain, quote(plain, safe=""), repr(plain)[1:-1], json.dumps(plain)[1:-1]}


def _credentials(url: str) -> list[tuple[str, str]]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    secrets = [match["secret"] for match in QUERY_SECRET.finditer(url)]
    fields = [field.group() for field in map(_FIELD.match, secrets) if field is not None]
    return [
        (user, password),
        *(("", form) for secret in (*secrets, *fields) for form in (secret, unquote_plus(secret))),
    ]


class Conceal:
    """A text with every password masked: those of URLs, and the given ones wherever they stand."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        longest_first = sorted(set(secrets), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        masked = redact(text)
        return self._known.sub(MASK, masked) if self._known else masked
