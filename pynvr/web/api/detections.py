"""What detectors saw, ours and outside ones."""

import base64
import binascii
import errno
import logging
import re
from datetime import UTC, datetime
from typing import Any

from bottle import request

from pynvr.archive.paths import detection_image
from pynvr.base.files import make_folder, write_atomic
from pynvr.model.box import Box
from pynvr.model.settings import Camera, DetectorSettings
from pynvr.store.detections import MOST_DETECTIONS, Detection
from pynvr.web.access import who
from pynvr.web.api.chosen import CAMERA_IDS, LIMIT, OFFSET, asked_cameras, page, refuse_unknown
from pynvr.web.api.given import TIME, given_time, refuse_others
from pynvr.web.api.keeps import BEGINNING_US, END_US
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.api.slashes import with_and_without
from pynvr.web.body import body
from pynvr.web.caching import keep
from pynvr.web.errors import ApiError, bad_request, conflict, not_found
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.site import Site
from pynvr.web.times import query_range, seconds

_KIND = re.compile(r"[a-z0-9_-]{1,32}", re.ASCII)
_BOX_KEYS = ("x", "y", "width", "height")
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_BOX: Schema = {
    **record(dict.fromkeys(_BOX_KEYS, _SHARE)),
    "type": ["object", "null"],
    "description": "Shares of the picture's width and height, from its upper left corner.",
}
_KIND_SCHEMA: Schema = {**TEXT, "pattern": "^[a-z0-9_-]{1,32}$", "description": "motion, face, or a word of its own"}
DETECTION = record(
    {
        "id": {"type": "integer"},
        "stream": {**TEXT, "description": "the camera's id"},
        "timestamp": {**TEXT, "format": "date-time"},
        "time": INSTANT,
        "kind": _KIND_SCHEMA,
        "confidence_score": _SHARE,
        "box": _BOX,
        "image_path": {"type": ["string", "null"], "description": "address of its picture; null = it has none"},
        "made_by": {**TEXT, "description": "user or token that reported it; empty = PyNVR"},
    }
)
KIND = Parameter("kind", "query", "only of this kind")
FROM = Parameter("from", "query", "only those from this time on")
TO = Parameter("to", "query", "only those before this time")
_ID = Parameter("detection_id", "path", "its id", {"type": "integer"})
_RULE = r"/api/detections/<detection_id:re:\d{1,18}>/"

_log = logging.getLogger(__name__)


def routes(site: Site) -> list[Route]:
    viewer, admin = Access.VIEWER, Access.ADMIN
    return with_and_without(
        [
            Route(
                "GET",
                "/api/detections/",
                lambda: _list(site),
                viewer,
                "What was seen, newest first",
                (
                    CAMERA_IDS,
                    FROM,
                    TO,
                    KIND,
                    Parameter("confidence", "query", "only those at least as sure", {"type": "number"}),
                    LIMIT,
                    OFFSET,
                ),
                answer=record({"detections": list_of(DETECTION), "total": {"type": "integer"}}),
            ),
            Route(
                "POST",
                "/api/detections/",
                lambda: _add(site),
                admin,
                "Report what an outside detector saw; an alert follows as for PyNVR's own (by the settings of "
                "`detect.motion` for motion, else by those of `detect.faces`)",
                body=record(
                    {"stream": TEXT, "timestamp": TIME, "confidence_score": _SHARE},
                    {"kind": _KIND_SCHEMA, "box": _BOX, "image": {**TEXT, "description": "a JPEG in base64"}},
                ),
                answer=record({**DETECTION["properties"], "alert": {"type": ["integer", "null"]}}),
                status=201,
            ),
            Route(
                "GET",
                _RULE,
                lambda detection_id: _one(site, detection_id),
                viewer,
                "One of them",
                (_ID,),
                answer=DETECTION,
            ),
            Route(
                "GET",
                _RULE + "image.jpg",
                lambda detection_id: _image(site, detection_id),
                viewer,
                "The picture in which it was seen",
                (_ID,),
                media_type="image/jpeg",
            ),
            Route(
                "DELETE",
                _RULE,
                lambda detection_id: _remove(site, detection_id),
                admin,
                "Delete it, its alert, and its picture",
                (_ID,),
                status=204,
            ),
        ]
    )


def detection_json(detection: Detection) -> dict[str, object]:
    return {
        "id": detection.id,
        "stream": detection.camera_id,
        "timestamp": datetime.fromtimestamp(detection.at_us / 1e6, UTC).isoformat(timespec="milliseconds"),
        "time": seconds(detection.at_us),
        "kind": detection.kind,
        "confidence_score": detection.confidence,
        "box": None if detection.box is None else detection.box._asdict(),
        "image_path": f"/api/detections/{detection.id}/image.jpg" if detection.image_path else None,
        "made_by": detection.made_by,
    }


def _list(site: Site) -> dict[str, object]:
    camera_ids = asked_cameras()
    refuse_unknown(site, camera_ids or [])
    from_us, to_us = query_range(site.settings().system.timezone, BEGINNING_US, END_US)
    limit, offset = page()
    found, total = site.store.detections.page(
        camera_ids,
        from_us,
        to_us,
        kind=asked_kind(),
        least_confidence=_asked_confidence(),
        limit=limit,
        offset=offset,
    )
    return {"detections": [detection_json(one) for one in found], "total": total}


def asked_kind() -> str:
    """The query's `kind`, empty if there is none; raises ApiError 400."""
    kind: str = request.query.getunicode("kind", "")
    if kind and not _KIND.fullmatch(kind):
        raise bad_request("'kind' must be a word of lower-case letters, digits, - and _")
    return kind


def _asked_confidence() -> float:
    text = request.query.getunicode("confidence", "") or "0"
    if not re.fullmatch(r"0?(\.\d{1,6})?|0|1(\.0{1,6})?", text, re.ASCII):
        raise bad_request("'confidence' must be a number from 0 to 1")
    return float(text or 0)


def _add(site: Site) -> dict[str, object]:
    refuse_others("stream", "timestamp", "confidence_score", "kind", "box", "image")
    given, settings = body(), site.settings()
    if not isinstance(given.get("stream"), str):
        raise bad_request("'stream' must be the id of a camera of nvr.json")
    camera = settings.camera(given["stream"])
    if camera is None:
        raise not_found(f"there is no camera {given['stream'][:64]!r} in nvr.json")
    kind = given.get("kind", "object")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise bad_request("'kind' must be a word of at most 32 lower-case letters, digits, - and _")
    at_us, confidence = given_time(site, "timestamp"), _share(given.get("confidence_score"), "confidence_score")
    box, image = _given_box(given.get("box")), _given_image(given.get("image"))
    if site.store.detections.count(camera.id) >= MOST_DETECTIONS:
        raise conflict(f"camera {camera.id!r} has {MOST_DETECTIONS} detections, which is the most; delete some first")
    path = ""
    if image:
        path = detection_image(camera.id, kind, at_us, settings.system.timezone)
        _write(site, path, image)
    with site.store.transaction():
        stored = site.store.detections.add(Detection(0, camera.id, at_us, kind, confidence, box, path, who().name))
        rules = _settings_of(camera, kind)
        is_sure = confidence >= rules.confidence_threshold
        alert = site.store.alerts.follow(stored, round(rules.cooldown_s * 1_000_000)) if is_sure else None
    return {**detection_json(stored), "alert": None if alert is None else alert.id}


def _settings_of(camera: Camera, kind: str) -> DetectorSettings:
    return camera.detect.motion if kind == "motion" else camera.detect.faces


def _share(value: Any, name: str) -> float:  # Any: what a client sent
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise bad_request(f"{name!r} must be a number from 0 to 1")
    return float(value)


def _given_box(value: Any) -> Box | None:  # Any: what a client sent
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != set(_BOX_KEYS):
        raise bad_request(f"'box' must be an object with {', '.join(_BOX_KEYS)}")
    return Box(*(_share(value[key], f"box.{key}") for key in _BOX_KEYS))


def _given_image(value: Any) -> bytes:  # Any: what a client sent
    if value is None:
        return b""
    try:
        image = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        image = b""
    if not image.startswith(b"\xff\xd8\xff"):
        raise bad_request("'image' must be a JPEG in base64")
    return image


def _write(site: Site, image_path: str, image: bytes) -> None:
    path = site.settings().system.jpg_cache_dir / image_path
    try:
        make_folder(path.parent)
        write_atomic(path, image, durable=False)
    except OSError as err:
        status = 507 if err.errno == errno.ENOSPC else 503
        raise ApiError(status, "not_writable", f"the picture can't be written: {err.strerror}") from err


def _known(site: Site, detection_id: str) -> Detection:
    found = site.store.detections.get(int(detection_id))
    if found is None:
        raise not_found(f"there is no detection {detection_id}")
    return found


def _one(site: Site, detection_id: str) -> dict[str, object]:
    return detection_json(_known(site, detection_id))


def _image(site: Site, detection_id: str) -> bytes:
    found = _known(site, detection_id)
    if not found.image_path:
        raise not_found(f"detection {detection_id} has no picture")
    try:
        image = (site.settings().system.jpg_cache_dir / found.image_path).read_bytes()
    except OSError as err:
        raise not_found(f"the picture of detection {detection_id} can't be read: {err.strerror}") from err
    # It is asked for again each time, for it may be deleted; a database that was put back may give a number twice.
    keep(f"detection-{found.id:x}-{found.at_us:x}", forever=False)
    return image


def _remove(site: Site, detection_id: str) -> None:
    image_path = site.store.detections.remove(int(detection_id))
    if image_path is None:
        raise not_found(f"there is no detection {detection_id}")
    if image_path:
        try:
            (site.settings().system.jpg_cache_dir / image_path).unlink(missing_ok=True)
        except OSError as err:
            _log.warning("the picture %s can't be deleted: %s", image_path, err.strerror)
