"""A URL that takes messages as JSON, by POST."""

import email.utils
import json
import time
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from requests import RequestException, Response, Session
from requests.exceptions import ConnectionError as UnconnectedError
from requests.exceptions import ConnectTimeout, ReadTimeout, SSLError

from pynvr import __version__
from pynvr.base.errors import ConfigError
from pynvr.model.notify import Webhook
from pynvr.notifier.channel import UnacceptableError, UndeliveredError
from pynvr.notifier.message import Message, Sender, document_of

CONNECT_WITHIN_S = 10.0
ANSWER_WITHIN_S = 30.0
KEY_HEADER = "Idempotency-Key"
_MOST_REDIRECTS = 3
# Those that keep method and body.
_REDIRECTS = frozenset({307, 308})
# About the document, not about the address or the receiver's day.
_UNACCEPTABLE = frozenset({400, 413, 415, 422})
_LONGEST_PAUSE_S = 3600.0
_ANSWER_BYTES = 300


class WebhookChannel:
    """A connection for each message. What `sender` says goes into each document."""

    def __init__(self, webhook: Webhook, sender: Sender) -> None:
        self._webhook = webhook
        self._sender = sender
        if webhook.ca is not None and not webhook.ca.is_file():
            raise ConfigError([f"{webhook.ca}: found no such file, expected certificates in PEM"])

    def send(self, message: Message, picture: bytes | None) -> None:
        headers = dict(self._webhook.headers) | {"Content-Type": "application/json", KEY_HEADER: message.key}
        if self._webhook.token:
            headers["Authorization"] = f"Bearer {self._webhook.token}"
        body = json.dumps(document_of(message, self._sender, picture), ensure_ascii=False).encode("utf-8", "replace")
        url = self._webhook.url
        until_s = time.monotonic() + ANSWER_WITHIN_S
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._post(url, body, headers, until_s)
            if response.status_code not in _REDIRECTS:
                _judge(response)
                return
            url = _next(url, response.headers.get("Location", ""))
        raise UndeliveredError(f"it redirects more than {_MOST_REDIRECTS} times")

    def close(self) -> None:
        """Nothing is kept."""

    def _session(self) -> Session:
        """For one request: messages are rare, and the other end would have closed a connection that is kept."""
        session = Session()
        # Neither a proxy nor a .netrc of the account that PyNVR happens to run under.
        session.trust_env = False
        session.headers.update({"User-Agent": f"PyNVR/{__version__}", "Connection": "close"})
        if self._webhook.ca is not None:
            session.verify = str(self._webhook.ca)
        return session

    def _post(self, url: str, body: bytes, headers: dict[str, str], until_s: float) -> Response:
        """The answer without its body."""
        timeout_s = (CONNECT_WITHIN_S, max(1.0, until_s - time.monotonic()))
        try:
            with self._session() as session:
                response = session.post(
                    url, data=body, headers=headers, timeout=timeout_s, allow_redirects=False, stream=True
                )
                # What it says beyond its status is of no use, and reading it to its end could take for ever.
                response.close()
                return response
        except ConnectTimeout as err:
            raise UndeliveredError(f"no connection within {CONNECT_WITHIN_S:g} s") from err
        except ReadTimeout as err:
            raise UndeliveredError(f"no answer within {ANSWER_WITHIN_S:g} s") from err
        except SSLError as err:
            raise UndeliveredError(f"its certificate can't be trusted: {_reason(err)}") from err
        except UnconnectedError as err:
            raise UndeliveredError(f"no connection: {_reason(err)}") from err
        except (RequestException, OSError, ValueError) as err:
            raise UndeliveredError(f"the request failed: {_reason(err)}") from err


def _judge(response: Response) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    words = f"it answers {status} {response.reason or ''}".rstrip()
    if status in _UNACCEPTABLE:
        raise UnacceptableError(words)
    if 300 <= status < 400:
        raise UndeliveredError(f"{words}, a redirect that isn't followed (only 307 and 308 keep the message)")
    raise UndeliveredError(words, _pause_s(response.headers.get("Retry-After", "")))


def _next(url: str, location: str) -> str:
    """Where a redirect leads; only to the same host, and never out of TLS: the token is for that host alone."""
    target = urljoin(url, location)
    old, new = urlsplit(url), urlsplit(target)
    try:
        is_same = (old.hostname, _port(old.scheme, old.port)) == (new.hostname, _port(new.scheme, new.port))
        # From port 80 to 443 of the same host is the usual way into TLS.
        is_upgrade = old.hostname == new.hostname and (old.scheme, new.scheme) == ("http", "https")
    except ValueError as err:
        raise UndeliveredError("it redirects to something that is no address") from err
    if not location or not (is_upgrade or (is_same and old.scheme == new.scheme)):
        raise UndeliveredError(f"it redirects to another place ({new.hostname}), which isn't followed")
    return target


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)


def _pause_s(text: str) -> float | None:
    """Of a header Retry-After (RFC 9110 §10.2.3): seconds or a date."""
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_PAUSE_S)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), _LONGEST_PAUSE_S)


def _reason(err: BaseException) -> str:
    """The innermost error's words: those of urllib3 around it repeat the address and the place of objects in memory."""
    seen = err
    while True:
        inner = getattr(seen, "reason", None) or seen.__cause__ or seen.__context__
        if not isinstance(inner, BaseException):
            inner = next((one for one in seen.args if isinstance(one, BaseException)), None)
        if inner is None or inner is err:
            break
        seen = inner
    words = getattr(seen, "strerror", None) or getattr(seen, "verify_message", None) or str(seen) or type(seen).__name__
    return str(words)[:_ANSWER_BYTES]
