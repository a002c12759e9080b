"""A camera tried out before it is saved: what it sends, with a picture, or why nothing comes."""

from dataclasses import replace
from typing import Any

from pynvr.config.camera_document import camera_in
from pynvr.model.settings import Camera
from pynvr.web.api.camera_json import KEYS, READ_ONLY
from pynvr.web.api.camera_urls import main_url, with_sub_stream
from pynvr.web.api.schemas import TEXT, record
from pynvr.web.body import body
from pynvr.web.camera_file import CameraFile, plain
from pynvr.web.probes import LIMIT_S, Probes
from pynvr.web.routing import Access, Route
from pynvr.web.site import Site

_NUMBER = {"type": "number"}
# A person waits for the answer.
_LONGEST_WAIT_S = 10.0
_UNNAMED = "test"


def routes(site: Site, file: CameraFile | None = None, probes: Probes | None = None) -> list[Route]:
    handler = _Handler(file or CameraFile(lambda: site.settings().path), probes or Probes())
    return [
        Route(
            "POST",
            "/api/cameras/test",
            handler.test,
            Access.ADMIN,
            f"Watch a camera for some seconds and say what it sends, with a picture; {LIMIT_S:g} s at most. With the "
            "`id` of a stored camera, *** in the URL is its password, as long as the host is its host",
            body=record({"url": KEYS["url"]}, {key: schema for key, schema in KEYS.items() if key != "url"}),
            answer=record(
                {"ok": {"type": "boolean"}, "detail": {**TEXT, "description": "what is seen, or why nothing is"}},
                {
                    "cause": TEXT,
                    "codec": TEXT,
                    "width": {"type": "integer"},
                    "height": {"type": "integer"},
                    "fps": _NUMBER,
                    "declared_fps": _NUMBER,
                    "keyframe_interval": {**_NUMBER, "description": "seconds"},
                    "kbps": _NUMBER,
                    "audio": {**TEXT, "description": "codec of the sound, empty without"},
                    "recorded_audio": TEXT,
                    "transport": TEXT,
                    "picture": {"type": ["string", "null"], "description": "JPEG as a data URL"},
                    "sub_stream": {"type": ["object", "null"], "description": "the same of live.url, if it is given"},
                },
            ),
        )
    ]


class _Handler:
    def __init__(self, file: CameraFile, probes: Probes) -> None:
        self._file = file
        self._probes = probes

    def test(self) -> dict[str, object]:
        camera = self._camera()
        if not camera.live.url:
            (found,) = self._probes.run(camera)
            return {**_told(found), "sub_stream": None}
        found, of_sub = self._probes.run(camera, replace(camera, url=camera.live.url))
        return {**_told(found), "sub_stream": _told(of_sub)}

    def _camera(self) -> Camera:
        """What would be recorded; raises ApiError 409, 422."""
        given = {key: value for key, value in plain(body()).items() if key not in READ_ONLY}
        document = self._file.read()
        stored = camera_in(document, given["id"]) if isinstance(given.get("id"), str) else None
        alias = given.pop("rtsp_url", None)
        given.setdefault("url", alias)
        if isinstance(given["url"], str):
            given["url"] = main_url(given["url"], stored or {})
        elif given["url"] is None:
            del given["url"]
        with_sub_stream(given, stored or {})
        given.setdefault("id", _UNNAMED)
        settings = self._file.checked({**document, "cameras": [given]}, given["id"])
        camera = settings.cameras[0]
        return replace(
            camera,
            initial_timeout_s=min(camera.initial_timeout_s, _LONGEST_WAIT_S),
            frame_timeout_s=min(camera.frame_timeout_s, _LONGEST_WAIT_S),
        )


def _told(found: dict[str, Any]) -> dict[str, object]:  # Any: JSON of our own child
    if not found["ok"]:
        return {"ok": False, "detail": found["problem"], "cause": found["cause"], "picture": None}
    return _seen(found)


def _seen(found: dict[str, Any]) -> dict[str, object]:  # Any: JSON of our own child
    interval_s = found["keyframe_interval_s"]
    detail = f"{found['codec']} {found['width']}x{found['height']}, {found['frame_rate']:.3g} fps"
    detail += f", a keyframe each {interval_s:.2g} s" if interval_s else ""
    detail += f", sound {found['audio_codec']}" if found["audio_codec"] else ", no sound"
    picture = found["picture_jpeg"]
    return {
        "ok": True,
        "detail": detail,
        "cause": "",
        "codec": found["codec"],
        "width": found["width"],
        "height": found["height"],
        "fps": found["frame_rate"],
        "declared_fps": found["declared_frame_rate"],
        "keyframe_interval": interval_s,
        "kbps": found["bitrate_kbps"],
        "audio": found["audio_codec"],
        "recorded_audio": found["recorded_audio"],
        "transport": found["transport"],
        "picture": f"data:image/jpeg;base64,{picture}" if picture else None,
    }
