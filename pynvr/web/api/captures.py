"""Captures: any stream's brightest pictures, on request of an admin."""

from dataclasses import replace
from typing import Any

from bottle import HTTPResponse, request

from pynvr.base.errors import WishError
from pynvr.base.redaction import MASK
from pynvr.config.camera_document import cameras_in
from pynvr.config.masked_url import MaskError, holds_mask, masked, unmasked
from pynvr.model.settings import Camera
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.body import body, text_of
from pynvr.web.camera_file import CameraFile
from pynvr.web.capture_page import page
from pynvr.web.captures import Capture, Captures
from pynvr.web.errors import ApiError, bad_request, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site

# A person waits to see whether anything comes.
_LONGEST_WAIT_S = 10.0
_ID = "capture"
_HTML = "text/html; charset=utf-8"
_RULE = "/api/captures/<capture_id:re:[0-9]{1,20}>"
_CAPTURE_ID = Parameter("capture_id", "path", "the capture's id")
_WHICH = Parameter(_ID, "query", "id of the capture to show instead of the last")
_URL = {"type": "string", "description": "Any URL; *** stands for the password of the camera that has this URL."}
_WHOLE = {"type": "integer"}
_CAPTURE = record(
    {
        "id": TEXT,
        "url": TEXT,
        "runs": {"type": "boolean"},
        "state": {"type": "string", "enum": ["connecting", "capturing", "waiting", "ended"]},
        "detail": {**TEXT, "description": "How it stands, in words."},
        "started": INSTANT,
        "ended": {**INSTANT, "type": ["number", "null"]},
        "frames": {**_WHOLE, "description": "Looked at."},
        "left_out": {**_WHOLE, "description": "Frames that there was no time for."},
        "width": _WHOLE,
        "height": _WHOLE,
        "pictures": list_of(
            record({"time": INSTANT, "brightness": {"type": "number", "description": "0 to 1"}, "url": TEXT})
        ),
    }
)


def routes(site: Site) -> list[Route]:
    handlers = _Handlers(site)
    admin = Access.ADMIN
    return [
        Route(
            "POST",
            "/start",
            handlers.start,
            admin,
            "Start a capture of any URL, in a process of its own: it keeps the brightest pictures. 409 if that URL is "
            "being captured already",
            body=record({"rtsp_url": _URL}),
            answer=_CAPTURE,
            status=201,
            form=True,
        ),
        Route(
            "POST",
            "/stop",
            handlers.stop,
            admin,
            "End a capture (`capture`: its id; `rtsp_url`: its URL; else the one that began last), and see the page "
            "of its nine brightest frames",
            body=record({}, {_ID: TEXT, "rtsp_url": _URL}),
            media_type=_HTML,
            form=True,
        ),
        Route(
            "GET",
            "/stop",
            lambda: handlers.page(must_be_one=True),
            admin,
            "The page of the last capture: its nine brightest frames",
            (_WHICH,),
            media_type=_HTML,
        ),
        Route(
            "GET",
            "/captures",
            lambda: handlers.page(must_be_one=False),
            admin,
            "captures: to start and stop them, and what they found",
            (_WHICH,),
            media_type=_HTML,
            documented=False,
        ),
        Route(
            "GET",
            "/api/captures",
            lambda: {"captures": [_told(one) for one in handlers.captures.all()]},
            admin,
            "Captures that run, and the last ones that have ended, newest first",
            answer=record({"captures": list_of(_CAPTURE)}),
        ),
        Route(
            "GET",
            _RULE,
            lambda capture_id: _told(handlers.captures.one(capture_id)),
            admin,
            "A capture with its brightest pictures so far, brightest first, at least a second apart",
            (_CAPTURE_ID,),
            answer=_CAPTURE,
        ),
        Route(
            "DELETE",
            _RULE,
            handlers.captures.remove,
            admin,
            "Delete a capture that has ended, with its pictures",
            (_CAPTURE_ID,),
            status=204,
        ),
        Route(
            "GET",
            f"{_RULE}/<at_us:re:[0-9]{{1,18}}>.jpg",
            lambda capture_id, at_us: HTTPResponse(
                handlers.captures.picture(capture_id, at_us),
                headers={"Content-Type": "image/jpeg", "Cache-Control": "private, max-age=86400"},
            ),
            admin,
            "One of its pictures",
            (_CAPTURE_ID, Parameter("at_us", "path", "when it was, microseconds since 1970")),
            media_type="image/jpeg",
        ),
    ]


class _Handlers:
    def __init__(self, site: Site) -> None:
        self.captures = Captures(site)
        self._site = site
        self._file = CameraFile(lambda: site.settings().path)

    def start(self) -> dict[str, object]:
        return _told(self.captures.start(self._camera(text_of(body(), "rtsp_url", longest=2048).strip())))

    def stop(self) -> str:
        given = body()
        capture_id, url = given.get(_ID) or "", given.get("rtsp_url") or ""
        if not isinstance(capture_id, str) or not isinstance(url, str):
            raise bad_request(f"{_ID!r} and 'rtsp_url' are texts")
        try:
            stopped = self.captures.stop(capture_id, self._unmasked(url) if url else "")
        except WishError as err:
            # Whoever stops one that has just ended by itself wants to see it, too.
            if err.reason != "unknown" or url:
                raise
            shown = self.captures.one(capture_id) if capture_id else self.captures.last()
            if shown is None:
                raise not_found("nothing was captured yet") from err
            stopped = shown
        return self._page(stopped)

    def page(self, must_be_one: bool) -> str:
        capture_id = request.query.getunicode(_ID, "")
        shown = self.captures.one(capture_id) if capture_id else self.captures.last()
        if shown is None and must_be_one:
            raise not_found("nothing was captured yet; POST /start begins a capture")
        return self._page(shown)

    def _page(self, shown: Capture | None) -> str:
        settings = self._site.settings()
        known = [(camera.name, str(masked(camera.url))) for camera in settings.cameras]
        return page(shown, self.captures.all(), known, settings.system.timezone)

    def _camera(self, url: str) -> Camera:
        """What is to be looked at, with the settings of the camera that has this URL; raises ApiError 409, 422."""
        url = self._unmasked(url)
        known = next((camera for camera in self._site.settings().cameras if camera.url == url), None)
        if known is None:
            document: dict[str, Any] = {"id": _ID, "url": url}
            known = self._file.checked({**self._file.read(), "cameras": [document]}, _ID).cameras[0]
        return replace(
            known,
            initial_timeout_s=min(known.initial_timeout_s, _LONGEST_WAIT_S),
            frame_timeout_s=min(known.frame_timeout_s, _LONGEST_WAIT_S),
        )

    def _unmasked(self, url: str) -> str:
        """With the password of the camera that is shown under this URL; raises ApiError 422."""
        if not holds_mask(url):
            return url
        stored = [camera["url"] for camera in cameras_in(self._file.read()) if isinstance(camera.get("url"), str)]
        for candidate in stored:
            if masked(candidate) == url:
                try:
                    return unmasked(url, candidate)
                except MaskError:
                    continue
        message = f"found {MASK}, expected a password: no camera has this URL"
        raise ApiError(422, "invalid_url", f"rtsp_url: {message}")


def _told(capture: Capture) -> dict[str, object]:
    state = capture.state
    return {
        "id": capture.id,
        "url": state.url,
        "runs": capture.runs,
        "state": state.state if capture.runs else "ended",
        "detail": capture.words,
        "started": state.started_us / 1e6,
        "ended": state.ended_us / 1e6 if state.ended_us else None,
        "frames": state.frames,
        "left_out": state.left_out,
        "width": state.width,
        "height": state.height,
        "pictures": [
            {
                "time": shot.at_us / 1e6,
                "brightness": shot.score,
                "url": f"/api/captures/{capture.id}/{shot.at_us}.jpg",
            }
            for shot in capture.shots
        ],
    }
