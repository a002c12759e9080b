"""What is told: one message to one target, as it is kept until it is sent and as programs get it."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pynvr import __version__

Happening = Literal[
    "alert", "camera_lost", "camera_found", "disk_trouble", "disk_well", "system_trouble", "system_well", "test"
]
BAD: frozenset[str] = frozenset({"camera_lost", "disk_trouble", "system_trouble"})
GOOD: frozenset[str] = frozenset({"camera_found", "disk_well", "system_well"})


@dataclass(frozen=True, slots=True)
class Subject:
    """A camera, disk or process that a message is about. `name` for people; `cause` as in coverage, for cameras."""

    id: str
    name: str
    cause: str = ""
    detail: str = ""
    since_us: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What an alert says. `box`: x, y, width, height as shares of the picture; `image_path` below jpg_cache_dir."""

    alert_id: int
    kind: str
    confidence: float
    box: tuple[float, float, float, float] | None = None
    made_by: str = ""
    image_path: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `key`: by it a receiver knows a repeat; `cameras`, `things` (disks, processes): what it is about."""

    key: str
    event: Happening
    at_us: int
    title: str
    text: str
    link: str = ""
    cameras: tuple[Subject, ...] = ()
    things: tuple[Subject, ...] = ()
    seen: Seen | None = None

    def to_text(self) -> str:
        """As it is kept in the database."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_text(text: str) -> "Message":
        """Raises ValueError if it is no message of this version."""
        try:
            document = json.loads(text)
            subjects = {name: tuple(Subject(**one) for one in document.pop(name)) for name in ("cameras", "things")}
            return Message(**{**document, **subjects, "seen": _seen(document["seen"])})
        except (TypeError, KeyError, AttributeError) as err:
            raise ValueError(f"not a message: {err}") from err


@dataclass(frozen=True, slots=True)
class Sender:
    """Who tells it: name of the installation and its time zone."""

    name: str
    zone: ZoneInfo


def document_of(message: Message, sender: Sender, picture: bytes | None = None) -> dict[str, object]:
    """The message as programs get it (docs/notifications.md); times are epoch seconds."""
    seen = message.seen
    return {
        "id": message.key,
        "event": message.event,
        "time": message.at_us / 1e6,
        "iso_time": iso(message.at_us, sender.zone),
        "title": message.title,
        "text": message.text,
        "link": message.link or None,
        "system": {"name": sender.name, "version": __version__},
        "cameras": [
            {
                "id": one.id,
                "name": one.name,
                "cause": one.cause or None,
                "detail": one.detail,
                "since": one.since_us / 1e6 if one.since_us else None,
            }
            for one in message.cameras
        ],
        "things": [
            {
                "id": one.id,
                "name": one.name,
                "detail": one.detail,
                "since": one.since_us / 1e6 if one.since_us else None,
            }
            for one in message.things
        ],
        "alert": None
        if seen is None
        else {
            "id": seen.alert_id,
            "kind": seen.kind,
            "confidence": seen.confidence,
            "box": None if seen.box is None else dict(zip(("x", "y", "width", "height"), seen.box, strict=True)),
            "made_by": seen.made_by,
        },
        "picture": None
        if picture is None
        else {"content_type": "image/jpeg", "base64": base64.b64encode(picture).decode("ascii")},
    }


def iso(at_us: int, zone: ZoneInfo) -> str:
    """As 2026-05-01T14:03:22.000000+02:00."""
    return datetime.fromtimestamp(at_us / 1e6, zone).isoformat(timespec="microseconds")


def _seen(
    document: Mapping[str, Any] | None,
) -> Seen | None:  # Any: values of several types, checked by the constructor
    if document is None:
        return None
    box = document["box"]
    return Seen(**{**document, "box": None if box is None else tuple(box)})
