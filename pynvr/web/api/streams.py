"""The cameras of nvr.json as streams."""

from bottle import request, response

from pynvr.config.camera_document import Document
from pynvr.config.masked_url import masked
from pynvr.model.settings import Camera
from pynvr.model.status import Status
from pynvr.web.api.camera_edits import CameraEdits, no_such_camera
from pynvr.web.api.camera_json import iso
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, LIMIT, OFFSET, page
from pynvr.web.api.given import refuse_others
from pynvr.web.api.schemas import TEXT, list_of, record
from pynvr.web.api.slashes import with_and_without
from pynvr.web.api.standing import current_status, standing_of, status_word
from pynvr.web.body import body
from pynvr.web.errors import bad_request
from pynvr.web.peer import own_origin
from pynvr.web.routing import Access, Route, Schema
from pynvr.web.site import Site

_RULE = f"/api/streams/<camera_id:re:{CAMERA_PATTERN}>/"
_ACTIONS = {"start": True, "resume": True, "pause": False}
_GIVEN: Schema = {
    "name": TEXT,
    "description": TEXT,
    "rtsp_url": {**TEXT, "description": "passwords in it come as ***, and stay when *** comes back"},
    "detection_enabled": {"type": "boolean", "description": "detect.faces.enabled of the camera"},
    "confidence_threshold": {"type": "number", "minimum": 0, "maximum": 1, "description": "of faces"},
}
_STREAM = record(
    {
        "id": TEXT,
        **_GIVEN,
        "status": {**TEXT, "description": "recording, or why not"},
        "last_connected": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "when the last frame came",
        },
        "ws_url": {**TEXT, "description": "live view over WebSocket"},
    }
)


def routes(site: Site, edits: CameraEdits) -> list[Route]:
    streams = _Streams(site, edits)
    viewer, admin = Access.VIEWER, Access.ADMIN
    return with_and_without(
        [
            Route(
                "GET",
                "/api/streams/",
                streams.all,
                viewer,
                "The cameras of nvr.json, as streams",
                (LIMIT, OFFSET),
                answer=record({"streams": list_of(_STREAM), "total": {"type": "integer"}}),
            ),
            Route(
                "POST",
                "/api/streams/",
                streams.add,
                admin,
                "Add a camera; its id is made of its name",
                body=record(
                    {"name": TEXT, "rtsp_url": TEXT},
                    {key: schema for key, schema in _GIVEN.items() if key not in {"name", "rtsp_url"}},
                ),
                answer=_STREAM,
                status=201,
            ),
            Route("GET", _RULE, streams.one, viewer, "One of them", (CAMERA_ID,), answer=_STREAM),
            Route(
                "PATCH",
                _RULE,
                streams.change,
                admin,
                "Change what is given of a camera; nvr.json is written, and what is detected follows at once",
                (CAMERA_ID,),
                body=record({}, _GIVEN),
                answer=_STREAM,
            ),
            Route(
                "DELETE",
                _RULE,
                edits.remove,
                admin,
                "Take a camera out of nvr.json; its recordings stay",
                (CAMERA_ID,),
                status=204,
            ),
            Route(
                "PATCH",
                f"{_RULE}status/",
                streams.act,
                admin,
                "Start, pause or resume recording of a camera (`enabled` in nvr.json)",
                (CAMERA_ID,),
                body=record({"action": {"enum": list(_ACTIONS)}}),
                answer=_STREAM,
            ),
        ]
    )


class _Streams:
    def __init__(self, site: Site, edits: CameraEdits) -> None:
        self._site = site
        self._edits = edits

    def all(self) -> dict[str, object]:
        limit, offset = page()
        cameras, status = self._site.settings().cameras, current_status(self._site)
        shown = [self._stream(camera, status) for camera in cameras[offset : offset + limit]]
        return {"streams": shown, "total": len(cameras)}

    def one(self, camera_id: str) -> dict[str, object]:
        return self._stream(self._known(camera_id), current_status(self._site))

    def add(self) -> dict[str, object]:
        camera_id = str(self._edits.add(_as_camera()).camera["id"])
        response.set_header("Location", f"/api/streams/{camera_id}/")
        return self.one(camera_id)

    def change(self, camera_id: str) -> dict[str, object]:
        self._known(camera_id)
        self._edits.change(camera_id, _as_camera())
        return self.one(camera_id)

    def act(self, camera_id: str) -> dict[str, object]:
        refuse_others("action")
        action = body().get("action")
        if not isinstance(action, str) or action not in _ACTIONS:
            raise bad_request(f"'action' must be one of {', '.join(_ACTIONS)}")
        self._known(camera_id)
        self._edits.change(camera_id, {"enabled": _ACTIONS[action]})
        return self.one(camera_id)

    def _known(self, camera_id: str) -> Camera:
        camera = self._site.settings().camera(camera_id)
        if camera is None:
            raise no_such_camera(camera_id)
        return camera

    def _stream(self, camera: Camera, status: Status | None) -> dict[str, object]:
        standing = standing_of(status, camera.id)
        last_us = int(standing.figures.get("last_frame_us", 0)) if standing is not None else 0
        last_us = max(last_us, self._site.store.axis.extent(camera.id)[1])
        origin = own_origin(request.environ, self._site.settings().system.server.trusted_proxies)
        return {
            "id": camera.id,
            "name": camera.name,
            "description": camera.description,
            "rtsp_url": masked(camera.url),
            "detection_enabled": camera.detect.faces.enabled,
            "confidence_threshold": camera.detect.faces.confidence_threshold,
            "status": status_word(status, camera),
            "last_connected": iso(last_us) if last_us else None,
            "ws_url": f"{origin.replace('http', 'ws', 1)}/ws/stream/?camera={camera.id}",
        }


def _as_camera() -> Document:
    """The keys of nvr.json that the request means; what is wrong with a value is said as for `/api/cameras`."""
    refuse_others(*_GIVEN)
    given = body()
    camera: Document = {key: given[key] for key in ("name", "description", "rtsp_url") if key in given}
    faces = {
        key: given[name]
        for name, key in (("detection_enabled", "enabled"), ("confidence_threshold", "confidence_threshold"))
        if name in given
    }
    return camera | ({"detect": {"faces": faces}} if faces else {})
