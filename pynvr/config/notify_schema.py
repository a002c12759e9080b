"""The keys of `notify[]`. What may be a secret is never shown, also not in a message about a mistake."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from pynvr.config.json_text import JsonObject
from pynvr.config.kinds import BOOLEAN, IDENTIFIER, Kind, NotOfKindError, choice, file, number, optional, text, whole
from pynvr.config.mistakes import Mistakes
from pynvr.config.post_kinds import HEADERS, HTTP_URL, SECRET, printable
from pynvr.config.section import Layer, Section
from pynvr.model.notify import EVENTS, Channel, Event, Mqtt, Quiet, Service, Target, Webhook

_MOST_TARGETS = 32
_ALERT_KIND = re.compile(r"[a-z0-9_-]{1,32}", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.+", re.ASCII | re.DOTALL)
_HOST_FORM = re.compile(r"(?!.*[^.:]{64})(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|[0-9A-Fa-f:.]+)", re.ASCII)
_KIND = choice("webhook", "mqtt", "apprise")
_DELAY = number(0, 86_400, "seconds")


def targets_from(top: Section, mistakes: Mistakes, base: Path) -> tuple[Target, ...]:
    """All targets; `base`: what relative file names stand under."""
    targets: list[Target] = []
    items = top.items("notify")
    if len(items) > _MOST_TARGETS:
        mistakes.add("notify", f"found {len(items)} targets, expected {_MOST_TARGETS} at most")
    for path, item in items[:_MOST_TARGETS]:
        if not isinstance(item, JsonObject):
            mistakes.add(path, 'found something else, expected an object with "name" and "kind"')
            continue
        section = Section([Layer(path, item)], mistakes, "notify[]")
        if str(item.get("kind")) not in _CHANNELS:
            # Which other keys there may be isn't known then.
            section.need("kind", _KIND, "webhook")
            continue
        target = _target(section, base)
        section.end()
        if target.name and target.name in (other.name for other in targets):
            section.wrong("name", "a name of its own for each target")
        if any(_is_same_place(target.channel, other.channel) for other in targets):
            mistakes.add(
                f"{path}.topic",
                "found the same broker and topic as another target's, expected a topic of its own: "
                "each would take away what the other one says",
            )
        targets.append(target)
    return tuple(targets)


def _is_same_place(one: Channel, other: Channel) -> bool:
    if not (isinstance(one, Mqtt) and isinstance(other, Mqtt)):
        return False
    return (one.host.lower(), one.port, one.topic) == (other.host.lower(), other.port, other.topic)


def _target(section: Section, base: Path) -> Target:
    kind = section.need("kind", _KIND, "webhook")
    plain = Target("", Service(""))
    return Target(
        name=section.need("name", IDENTIFIER, ""),
        channel=_CHANNELS[kind](section, base),
        events=section.get("events", _EVENTS, plain.events),
        cameras=section.get("cameras", _CAMERAS, ()),
        kinds=section.get("kinds", _KINDS, ()),
        quiet=_quiet(section.section("quiet_seconds")),
        after_s=section.get("after_seconds", _DELAY, plain.after_s),
        pictures=section.get("pictures", BOOLEAN, plain.pictures),
        site=section.get("site", optional(_SITE), None) or "",
    )


def _webhook(section: Section, base: Path) -> Webhook:
    webhook = Webhook(
        url=section.need("url", HTTP_URL, ""),
        headers=section.get("headers", HEADERS, ()),
        token=section.get("token", SECRET, ""),
        ca=section.get("ca", optional(file(base)), None),
    )
    if webhook.token and "authorization" in (name.lower() for name, _ in webhook.headers):
        section.mistakes.add(
            f"{section.path}.token", "found a token beside a header Authorization, expected one of them"
        )
    return webhook


def _mqtt(section: Section, base: Path) -> Mqtt:
    tls = section.get("tls", BOOLEAN, False)
    plain = Mqtt("")
    return Mqtt(
        host=section.need("host", _HOST, ""),
        port=section.get("port", whole(1, 65_535), 8883 if tls else plain.port),
        user=section.get("user", text(200), ""),
        password=section.get("password", SECRET, ""),
        tls=tls,
        ca=section.get("ca", optional(file(base)), None),
        topic=section.get("topic", _TOPIC, plain.topic),
        discovery_prefix=section.get("discovery_prefix", optional(_TOPIC), plain.discovery_prefix) or "",
    )


def _service(section: Section, _base: Path) -> Service:
    return Service(section.need("url", _SERVICE_URL, ""))


_CHANNELS: Mapping[object, Callable[[Section, Path], Channel]] = {
    "webhook": _webhook,
    "mqtt": _mqtt,
    "apprise": _service,
}


def _quiet(section: Section) -> Quiet:
    quiet = Quiet()
    for event in EVENTS:
        field = f"{event}_s"
        quiet = replace(quiet, **{field: section.get(event, _DELAY, getattr(quiet, field))})
    section.end()
    return quiet


def _events(value: object) -> tuple[Event, ...]:
    if not isinstance(value, list) or not value or not set(map(str, value)) <= set(EVENTS):
        raise NotOfKindError
    return tuple(event for event in EVENTS if event in value)


def _identifiers(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise NotOfKindError
    return tuple(dict.fromkeys(IDENTIFIER.read(item) for item in value))


def _kinds(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and _ALERT_KIND.fullmatch(item) for item in value):
        raise NotOfKindError
    return tuple(dict.fromkeys(value))


def _topic(value: object) -> str:
    word = text(200, empty=False).read(value)
    if any(character in "+#$" for character in word) or word.startswith("/") or word.endswith("/") or "//" in word:
        raise NotOfKindError
    return word


def _host(value: object) -> str:
    word = text(253, empty=False).read(value)
    if not _HOST_FORM.fullmatch(word):
        raise NotOfKindError
    return word


def _site(value: object) -> str:
    word = HTTP_URL.read(value)
    if urlsplit(word).query or "@" in urlsplit(word).netloc:
        raise NotOfKindError
    return word.rstrip("/")


def _service_url(value: object) -> str:
    word = printable(value)
    if not _SCHEME.fullmatch(word):
        raise NotOfKindError
    return word


_EVENTS: Kind[tuple[Event, ...]] = Kind("a list of " + ", ".join(f'"{event}"' for event in EVENTS), _events)
_CAMERAS: Kind[tuple[str, ...]] = Kind("a list of ids of cameras; empty for all", _identifiers)
_KINDS: Kind[tuple[str, ...]] = Kind('a list of kinds of alerts, as ["face"]; empty for all', _kinds)
_TOPIC: Kind[str] = Kind("an MQTT topic without +, #, $ and without a slash at its ends", _topic)
_HOST: Kind[str] = Kind("a host name or an address, without port and scheme", _host)
_SITE: Kind[str] = Kind("the web site's address, as https://nvr.example.org, without user, password and query", _site)
_SERVICE_URL: Kind[str] = Kind(
    "a URL of Apprise, as mailtos://user:password@example.org?to=me@example.org", _service_url, secret=True
)
