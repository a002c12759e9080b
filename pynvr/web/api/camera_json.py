"""A camera as `/api/cameras` shows it: its document, passwords masked, and how it stands."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pynvr.base.redaction import MASK
from pynvr.config.camera_document import Document
from pynvr.config.masked_url import masked
from pynvr.model.settings import Camera
from pynvr.model.status import Status
from pynvr.model.ticks import MICROSECONDS
from pynvr.store.cameras import CameraNote
from pynvr.web.api.schemas import TEXT, record
from pynvr.web.api.standing import is_recording, standing_of, status_word
from pynvr.web.routing import Schema
from pynvr.web.times import seconds

_FIGURES = ("fps", "kbps", "drift_ppm", "drift_over_s", "reconnects", "repaired_stamps", "clock_jumps")
_FACTS = ("codec", "size", "declared_fps")
_SHOWN = (
    "status", "state", "cause", "detail", "since", "bytes", "first", "last", "created_at", "updated_at",
    "sub_stream", *_FIGURES, *_FACTS,
)  # fmt: skip
# What answers add to the document; sent back with a change it is left out.
READ_ONLY = frozenset(_SHOWN)

_OBJECT: Schema = {"type": "object"}
KEYS: Schema = {
    "id": {**TEXT, "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    "url": {**TEXT, "description": "passwords in it come as ***, and stay when *** comes back"},
    "rtsp_url": {**TEXT, "description": "the same as url"},
    "name": TEXT,
    "description": TEXT,
    "dst": TEXT,
    "enabled": {"type": "boolean"},
    "initial_timeout": {"type": "number"},
    "frame_timeout": {"type": "number"},
    "retry": _OBJECT,
    "transport": {"enum": ["tcp", "udp", "auto"]},
    "audio": {"enum": ["auto", "copy", "aac", "off"]},
    "record": _OBJECT,
    "retention": _OBJECT,
    "detect": _OBJECT,
    "live": {**_OBJECT, "description": "`url` of a sub-stream; passwords in it as in url"},
    "post_url": {
        "type": ["string", "null"],
        "description": "where clips of incidents are delivered; as url; viewers see its host",
    },
    "post_token": {"type": ["string", "null"], "description": "comes as ***, and stays when *** comes back"},
    "post_headers": {"type": ["object", "null"], "description": "values come as ***, and stay when *** comes back"},
    "incident": _OBJECT,
}
CAMERA = record(
    {
        "id": KEYS["id"],
        "status": {**TEXT, "description": "recording, or why not"},
        "created_at": {**TEXT, "format": "date-time"},
        "updated_at": {**TEXT, "format": "date-time"},
    },
    {
        **{key: schema for key, schema in KEYS.items() if key != "id"},
        **{key: {"type": "number"} for key in ("bytes", *_FIGURES)},
        **{key: {"type": ["number", "null"]} for key in ("since", "first", "last")},
        **dict.fromkeys(("state", "cause", "detail", *_FACTS), TEXT),
        "sub_stream": {
            "type": ["object", "null"],
            "description": "while live.url is taken in: state, cause, detail, fps, kbps, codec, size",
        },
    },
    "Keys of nvr.json as docs/config.md explains them, as far as the file has them; and how the camera stands.",
)


def filled_in(camera: Camera) -> dict[str, object]:
    """What answers show of a camera even if its part of the file leaves that to `defaults`."""
    return {
        "name": camera.name,
        "description": camera.description,
        "enabled": camera.enabled,
        "post_url": masked(camera.delivery.url) or None,
    }


class Stock:
    """What lies on disk of a camera. `first_us`, `last_us`: its extent, 0 if there is nothing."""

    def __init__(self, file_bytes: int = 0, first_us: int = 0, last_us: int = 0) -> None:
        self.file_bytes = file_bytes
        self.first_us = first_us
        self.last_us = last_us


def camera_json(
    document: Document, camera: Camera | None, note: CameraNote, status: Status | None, stock: Stock
) -> dict[str, object]:
    """`document`: the camera's part of nvr.json; `camera`: what it means, None if the file can't be used just now."""
    standing = standing_of(status, camera.id) if camera else None
    shown: dict[str, object] = dict(_masked(document))
    shown["rtsp_url"] = shown.get("url", "")
    shown["name"] = camera.name if camera else document.get("name", document.get("id"))
    shown["enabled"] = camera.enabled if camera else document.get("enabled", True)
    shown = filled_in(camera) | shown if camera else shown
    shown |= {
        "status": status_word(status, camera),
        "state": standing.state if standing else "",
        "cause": standing.cause if standing else "",
        "detail": standing.detail if standing else "",
        "since": seconds(standing.since_us) if standing and standing.since_us else None,
        "bytes": stock.file_bytes,
        "first": seconds(stock.first_us) if stock.first_us else None,
        "last": seconds(stock.last_us) if stock.last_us else None,
        "created_at": iso(note.created_us),
        "updated_at": iso(note.updated_us),
    }
    if standing is None:
        return shown
    shown["sub_stream"] = dict(standing.sub_stream) or None
    shown |= {name: standing.figures[name] for name in _FIGURES if name in standing.figures}
    shown |= {name: standing.facts[name] for name in _FACTS if name in standing.facts}
    last_us = int(standing.figures.get("last_frame_us", 0))
    if is_recording(standing) and last_us > stock.last_us:
        shown["last"] = seconds(last_us)
    return shown


def for_viewers(shown: Mapping[str, object]) -> dict[str, object]:
    """What who changes nothing sees of it: of `post_url` the place alone, for its path or query may be a key."""
    url = shown.get("post_url")
    if not isinstance(url, str) or not url:
        return dict(shown)
    try:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    except ValueError:
        place = MASK  # a file that can't be used just now may hold anything
    return {**shown, "post_url": place}


def iso(at_us: int) -> str:
    moment = datetime.fromtimestamp(at_us // MICROSECONDS, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _masked(document: Document) -> Mapping[str, object]:
    found = masked(document)
    assert isinstance(found, Mapping)
    return found
