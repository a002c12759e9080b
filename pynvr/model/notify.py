"""`notify` of nvr.json: who is told of what, and by which way."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from pynvr.base.conceal import forms_of, secrets_of

Event = Literal["alert", "camera", "disk", "system"]
EVENTS: tuple[Event, ...] = ("alert", "camera", "disk", "system")
# Shorter pieces of an address aren't secrets, and masking them would mask half of the words of a log.
_SHORTEST_PIECE = 6


@dataclass(frozen=True, slots=True)
class Webhook:
    """A URL that takes a JSON document by POST. `token` goes into the header Authorization; `ca`: PEM file."""

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    token: str = field(default="", repr=False)
    ca: Path | None = None

    kind = "webhook"


@dataclass(frozen=True, slots=True)
class Mqtt:
    """An MQTT broker. Everything goes below `topic`; `discovery_prefix` empty = Home Assistant isn't told of it."""

    host: str
    port: int = 1883
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ca: Path | None = None
    topic: str = "pynvr"
    discovery_prefix: str = "homeassistant"

    kind = "mqtt"


@dataclass(frozen=True, slots=True)
class Service:
    """Whatever Apprise can send to, by its URL: e-mail and a hundred others."""

    url: str = field(repr=False)

    kind = "apprise"


Channel = Webhook | Mqtt | Service


@dataclass(frozen=True, slots=True)
class Quiet:
    """`quiet_seconds`: after a message, how long none of the same kind about the same thing follows."""

    alert_s: float = 0.0
    camera_s: float = 300.0
    disk_s: float = 300.0
    system_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Target:
    """`notify[]`. `cameras` and `kinds` (of alerts) empty = all. `after_s`: trouble that is over sooner isn't told.

    `site`: address of the web site as the receiver reaches it, without a slash at its end; empty = no links.
    """

    name: str
    channel: Channel
    events: tuple[Event, ...] = EVENTS
    cameras: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    quiet: Quiet = Quiet()
    after_s: float = 30.0
    pictures: bool = True
    site: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it no log and no page may show, in every form in which it may turn up."""
        match self.channel:
            case Webhook(url, headers, token):
                plain = [token, *(value for _, value in headers), *_pieces(url), _user_of(url)]
                known = secrets_of([url])
            case Mqtt(password=password):
                plain, known = [password], ()
            case Service(url):
                plain, known = [*_pieces(url), _user_of(url), *_host_of(url)], secrets_of([url])
        return tuple(sorted({*known, *(form for secret in plain for form in forms_of(secret))}))

    def wants_camera(self, camera_id: str) -> bool:
        return not self.cameras or camera_id in self.cameras


def _pieces(url: str) -> list[str]:
    """The parts of the URL behind its host that may be a key: services hide theirs in the path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]
    found = [*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
    return [piece for piece in found if len(piece) >= _SHORTEST_PIECE]


def _user_of(url: str) -> str:
    """The user, if there is no password: then it is often the key."""
    user = _place_of(url).rpartition("@")[0]
    return user if len(user) >= _SHORTEST_PIECE and ":" not in user else ""


def _host_of(url: str) -> list[str]:
    """What stands in the host's place, if it is no host: some services have half of their key there, some all of it."""
    place = _place_of(url).rpartition("@")[2]
    name, colon, port = place.partition(":")
    if colon:
        return [] if port.isdigit() or place.startswith("[") else [place, port]
    return [] if "." in name or name == "localhost" else [name]


def _place_of(url: str) -> str:
    return url.partition("://")[2].partition("?")[0].partition("/")[0]
