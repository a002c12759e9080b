"""E-mail and whatever else Apprise sends to, by its URL."""

import logging
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType

from pynvr import __version__
from pynvr.base.conceal import Conceal
from pynvr.base.errors import ConfigError
from pynvr.model.notify import Target
from pynvr.notifier.message import BAD, GOOD, Message, Sender
from pynvr.posting.errors import UndeliveredError

# All attempts at one message together.
WITHIN_S = 60.0
_KEY_HEADER = "X-PyNVR-Id"
_LONGEST_REASON = 300

# Its results hold what it logged: that a service failed as a warning, why only for whoever debugs. Ours says it once.
_its_log = logging.getLogger("apprise")
_its_log.setLevel(logging.DEBUG)
_its_log.propagate = False
_its_log.addHandler(logging.NullHandler())
_WHY = re.compile(r"Exception: (?:.*Caused by )?(?P<why>.+)", re.DOTALL)


class PushChannel:
    """One service. Raises ConfigError if Apprise doesn't know the URL."""

    def __init__(self, target: Target, url: str, sender: Sender) -> None:
        self._conceal = Conceal(target.secrets)
        asset = AppriseAsset(
            app_id=sender.name,
            app_desc=sender.name,
            app_url="",
            async_mode=False,
            http_redirects=False,
            secure_logging=True,
            service_timeout=WITHIN_S,
        )
        self._services = Apprise(asset=asset)
        if not self._services.add(url) or len(self._services) != 1:
            raise ConfigError(["found a URL that Apprise can't use, expected one of its services"])
        # Whatever the URL says: a key is for the host that it was given for.
        self._services[0].redirects = False

    def send(self, message: Message, picture: bytes | None) -> None:
        headers = getattr(self._services[0], "headers", None)
        if isinstance(headers, dict):
            headers[_KEY_HEADER] = message.key
        body = f"{message.text}\n\n{message.link}" if message.link else message.text
        with _file_of(picture) as path:
            result = self._services.notify(
                body,
                message.title,
                _type_of(message),
                # What a camera said of itself is among the words: they are no markup, and their lines are lines.
                body_format=NotifyFormat.TEXT,
                attach=None if path is None else [str(path)],
                timeout=WITHIN_S,
                log_level=logging.DEBUG,
            )
        with result:
            if result:
                return
            said = dict.fromkeys(words for entry in result.logs() if (words := _telling(entry.level, entry.message)))
        reason = self._conceal("; ".join(said)) or "no reason is given"
        raise UndeliveredError(f"Apprise couldn't send it: {reason}"[:_LONGEST_REASON])

    def close(self) -> None:
        self._services.clear()


def _telling(level: str, text: str) -> str:
    """What of a line of its log a person needs; empty = nothing."""
    why = _WHY.search(text)
    if why is not None:
        return " ".join(why["why"].split())
    return " ".join(text.split()) if level in ("WARNING", "ERROR", "CRITICAL") else ""


def _type_of(message: Message) -> NotifyType:
    if message.event in BAD:
        return NotifyType.FAILURE
    return NotifyType.SUCCESS if message.event in GOOD else NotifyType.INFO


@contextmanager
def _file_of(picture: bytes | None) -> Iterator[Path | None]:
    """Apprise attaches files; one of our own, for the archive's may go while it is being sent."""
    if picture is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix=f"pynvr-{__version__}-") as folder:
        path = Path(folder) / "picture.jpg"
        path.write_bytes(picture)
        yield path
