"""nvr.json as a report may show it, and what of it must not turn up anywhere else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pynvr.base.conceal import forms_of, secrets_of
from pynvr.base.errors import ConfigError
from pynvr.base.redaction import CREDENTIALS, MASK, redact
from pynvr.config.json_text import JsonObject
from pynvr.config.load import read_document
from pynvr.config.mistakes import without_credentials
from pynvr.config.schema import known_paths, settings_despite_mistakes
from pynvr.model.notify import Mqtt, Service, Webhook
from pynvr.model.settings import Settings

_SECRET_KEYS = frozenset({"post_token", "token", "password"})
_SECRET_OBJECTS = frozenset({"post_headers", "headers"})
# Addresses of services: their key may be any part of it.
_SERVICE_URLS = frozenset({"cameras[].post_url", "defaults.post_url", "notify[].url"})
# Free text: whatever a person wrote there is nobody's business.
_FREE_TEXT = frozenset({"description"})
_LEFT_OUT = "(left out)"
# Of services by other schemes (`slack://key/…`), what stands in the host's place may be a key.
_SCHEMES_WITH_HOST = frozenset({"http", "https", "mailto", "mailtos"})
_HEADER_NAME = re.compile(r"[\w-]+")
# What may stand before the last @ of a text: a scheme, a user, and a password that is masked already.
_MASKED_HEAD = re.compile(rf"[\w+.-]*://[^\s:/@]*(?::{re.escape(MASK)})?")
_TELLING_KEY = re.compile(r"pass|pwd|token|secret|key|auth|cred", re.IGNORECASE)
_USERS_IN_URL = (
    CREDENTIALS,
    re.compile(r"://(?P<user>[^\s/@:]+)@"),
    re.compile(r"[?&;/_](?:user(?:_?name)?|usr|login)=(?P<user>[^\s&#/_]+)", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """nvr.json as it stands, and what of it can be understood. `document` is None if it can't be read at all."""

    document: object
    settings: Settings
    mistakes: tuple[str, ...]

    @property
    def shown(self) -> object:
        """The file without secrets; None if there is none that can be read."""
        if self.document is None:
            return None
        return shown(self.document, known_paths(self.document, self.settings.path))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret in it, in every form in which it may turn up."""
        return tuple({*self.settings.secrets, *secrets_in(self.document)})


def read_configuration(path: Path) -> Configuration:
    """The file, whatever is wrong with it."""
    try:
        document = read_document(path)
    except ConfigError as err:
        settings, _ = settings_despite_mistakes(JsonObject(), path)
        return Configuration(None, settings, tuple(err.mistakes))
    settings, mistakes = settings_despite_mistakes(document, path)
    return Configuration(document, settings, tuple(mistakes))


def shown(value: object, known: frozenset[str], path: str = "") -> object:
    """The JSON value without secrets. `known`: the paths of all keys that exist (`config.schema.known_paths`); of
    others, which may be a password's with a mistake in it, nothing is shown but that they are there."""
    key = path.rpartition(".")[2].rstrip("[]")
    if key in _SECRET_OBJECTS:
        return dict.fromkeys(map(_header_name, value), MASK) if isinstance(value, Mapping) else MASK
    if isinstance(value, Mapping):
        return {name: shown(item, known, f"{path}.{name}" if path else str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [shown(item, known, f"{path}[]") for item in value]
    place = path.rstrip("[]")
    if value is not None and (key in _SECRET_KEYS or not known & {path, place, _as_of_a_camera(place)}):
        return MASK
    return _shown_text(value, key, place) if isinstance(value, str) else value


def _shown_text(text: str, key: str, place: str) -> str:
    if key in _FREE_TEXT:
        return _LEFT_OUT if text else ""
    return _host_alone(text) if place in _SERVICE_URLS else _without_passwords(text)


def _without_passwords(text: str) -> str:
    """The text without the passwords of its URL, also of one so full of mistakes that it is none."""
    told = redact(text)
    head = told.rpartition("@")[0]
    return without_credentials(text) if head and not _MASKED_HEAD.fullmatch(head) else told


def _header_name(name: str) -> str:
    return name if _HEADER_NAME.fullmatch(name) else MASK


def _as_of_a_camera(path: str) -> str:
    """Keys of `defaults` are those of a camera."""
    return path.replace("defaults.", "cameras[].", 1)


def _host_alone(url: str) -> str:
    try:
        parts = urlsplit(redact(url))
        host = parts.hostname or ""
    except ValueError:
        return MASK
    return f"{parts.scheme}://{host}/{MASK}" if parts.scheme in _SCHEMES_WITH_HOST else f"{parts.scheme}://{MASK}"


def secrets_in(document: object) -> tuple[str, ...]:
    """Every secret of a file that may be full of mistakes, in every form in which it may turn up."""
    found: set[str] = set()
    for key, text in _texts(document, ""):
        found |= set(secrets_of([text])) if "://" in text else set()
        if _TELLING_KEY.search(key) and "://" not in text:
            found |= forms_of(text)
    return tuple(sorted(found))


def _texts(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Each text with the key that it stands under; those of headers count as under a secret's key."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            # The file of a TLS key is no secret.
            under = "" if key == "tls" else "secret" if key in _SECRET_OBJECTS else str(name)
            yield from _texts(item, under)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, key)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield key, str(value)


def users_in(settings: Settings) -> set[str]:
    """Names that PyNVR uses to get in somewhere."""
    urls = [url for camera in settings.cameras for url in (*camera.urls, camera.delivery.url)]
    channels = [target.channel for target in settings.notify]
    urls += [channel.url for channel in channels if isinstance(channel, Webhook | Service)]
    found = {channel.user for channel in channels if isinstance(channel, Mqtt)}
    for url in urls:
        users = {match["user"] for pattern in _USERS_IN_URL for match in pattern.finditer(url)}
        found |= users | {unquote(user) for user in users}
    return found - {""}


def hosts_in(settings: Settings) -> set[str]:
    """Names and addresses of machines that PyNVR talks to, and where it listens."""
    urls = [url for camera in settings.cameras for url in (*camera.urls, camera.delivery.url)]
    urls += [target.site for target in settings.notify]
    channels = [target.channel for target in settings.notify]
    urls += [channel.url for channel in channels if isinstance(channel, Webhook | Service)]
    found = {channel.host for channel in channels if isinstance(channel, Mqtt)} | {settings.system.server.host}
    for url in urls:
        try:
            found.add(urlsplit(redact(url)).hostname or "")
        except ValueError:
            continue
    return found - {"", "localhost"}
