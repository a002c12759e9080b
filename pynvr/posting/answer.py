"""What a receiver's answer means, and where a redirect may lead. Pure, but for the clock that a date is compared to."""

import email.utils
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from pynvr.posting.errors import UnacceptableError, UndeliveredError, WrongAddressError

# Those that keep method and body.
REDIRECTS = frozenset({307, 308})
LONGEST_PAUSE_S = 3600.0
# About what was sent, not about the address or the receiver's day.
_UNACCEPTABLE = frozenset({400, 409, 413, 415, 422})
# The receiver's day, though the status is one of those that blame the sender (too early, too much, too slow).
_LATER = frozenset({408, 421, 423, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one request. `words`: what it says beyond its status, if that is text, in one line."""

    status: int
    reason: str = ""
    location: str = ""
    retry_after: str = ""
    words: str = ""


def judge(answer: Answer) -> None:
    """Returns if it was taken. Raises UndeliveredError, WrongAddressError or UnacceptableError."""
    status = answer.status
    if 200 <= status < 300:
        return
    text = f"it answers {status} {answer.reason}".rstrip()
    if 300 <= status < 400:
        raise WrongAddressError(f"{text}, a redirect that isn't followed (only 307 and 308 keep what is sent)")
    text += f": {answer.words}" if answer.words else ""
    if status in _UNACCEPTABLE:
        raise UnacceptableError(text)
    if 400 <= status < 500 and status not in _LATER:
        raise WrongAddressError(text, pause_s(answer.retry_after))
    raise UndeliveredError(text, pause_s(answer.retry_after))


def next_url(url: str, location: str) -> str:
    """Where a redirect leads; only to the same host, and never out of TLS: the token is for that host alone.

    Raises WrongAddressError.
    """
    try:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
        is_same = (old.hostname, port_of(old.scheme, old.port)) == (new.hostname, port_of(new.scheme, new.port))
        # From port 80 to 443 of the same host is the usual way into TLS.
        is_upgrade = old.hostname == new.hostname and (old.scheme, new.scheme) == ("http", "https")
    except ValueError as err:
        raise WrongAddressError("it redirects to something that is no address") from err
    if not location or not (is_upgrade or (is_same and old.scheme == new.scheme)):
        raise WrongAddressError(f"it redirects to another place ({new.hostname}), which isn't followed")
    return target


def port_of(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)


def pause_s(text: str) -> float | None:
    """Of a header Retry-After (RFC 9110 §10.2.3): seconds or a date; None if there is none that can be read."""
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_PAUSE_S)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST_PAUSE_S)
