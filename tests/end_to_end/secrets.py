"""A secret in every form in which it may turn up, and where it did."""

import base64
import html
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus


def forms(secret: str) -> tuple[bytes, ...]:
    """As it is, in URLs, JSON, HTML, Python, base64 (wherever in it the secret begins) and hex."""
    plain = secret.encode()
    texts = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        html.escape(secret),
        repr(secret)[1:-1],
        plain.hex(),
    }
    lower = {text.replace(quote("ü"), quote("ü").lower()).replace("%2F", "%2f") for text in texts}
    return tuple({text.encode() for text in texts | lower} | set(_base64(plain)))


def _base64(plain: bytes) -> Iterable[bytes]:
    """What of its base64 doesn't depend on what stands before and behind it."""
    for before, skipped in ((0, 0), (1, 2), (2, 3)):
        for encode in (base64.standard_b64encode, base64.urlsafe_b64encode):
            coded = encode(b"\0" * before + plain)
            yield coded[skipped : len(coded) - (4 if (before + len(plain)) % 3 else 0)]


class Wanted:
    """The secrets by where they were put."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._forms = {place: forms(secret) for place, secret in secrets.items()}

    def found(self, texts: Iterable[tuple[str, bytes]], but: Iterable[str] = ()) -> list[str]:
        """`PLACE in NAME` for each secret that stands in one of the named texts; `but`: those that may."""
        wanted = {place: forms for place, forms in self._forms.items() if place not in but}
        return [
            f"{place} in {name}: …{data[max(0, data.index(form) - 60) : data.index(form) + 40]!r}…"
            for name, data in texts
            for place, forms in wanted.items()
            for form in forms
            if form in data
        ]
