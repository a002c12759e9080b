"""Pictures of any recorded instant, and when each frame was."""

from bottle import response

from pynvr.playback.frame_at import FramePictures
from pynvr.playback.frame_times import frames_within
from pynvr.playback.turns import BusyError
from pynvr.web.api.absence import nothing_recorded
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, switch, whole_number
from pynvr.web.api.schemas import INSTANT, list_of, record
from pynvr.web.caching import keep
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import ApiError
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import exact_seconds, query_range, read_time, seconds

JPEG = "image/jpeg"
_LONGEST_S = 600
_LEAST_WIDTH, _MOST_WIDTH = 16, 8192
_CAMERA = f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>"


def routes(site: Site, pictures: FramePictures) -> list[Route]:
    return [
        Route(
            "GET",
            _CAMERA + "/frame/<time:re:[^/]{1,60}>.jpg",
            lambda camera_id, time: _frame(site, pictures, camera_id, time),
            Access.VIEWER,
            "The frame that was shown at a time; `X-Frame-Time` says since when (epoch seconds)",
            (
                CAMERA_ID,
                Parameter("time", "path", "ISO 8601, epoch seconds or a stamp"),
                Parameter("width", "query", "pixels; never enlarged", {"type": "integer", "minimum": _LEAST_WIDTH}),
                Parameter(
                    "exact",
                    "query",
                    "0: the keyframe before it, which is quicker",
                    {"type": "integer", "enum": [0, 1], "default": 1},
                ),
            ),
            media_type=JPEG,
        ),
        Route(
            "GET",
            f"{_CAMERA}/frames",
            lambda camera_id: _frames(site, camera_id),
            Access.VIEWER,
            "When each frame of a range was, for going frame by frame",
            (
                CAMERA_ID,
                Parameter("from", "query", "beginning", required=True),
                Parameter("to", "query", "end, exclusive; at most ten minutes later", required=True),
            ),
            answer=enveloped(record({"frames": list_of(INSTANT), "keyframes": list_of(INSTANT)})),
        ),
    ]


def busy(error: BusyError) -> ApiError:
    """What a client gets when more pictures are asked for than can be made."""
    return ApiError(503, "busy", str(error), headers={"Retry-After": "1"})


def _frame(site: Site, pictures: FramePictures, camera_id: str, time: str) -> bytes:
    at_us = read_time(time, site.settings().system.timezone)
    width = _width()
    frame = pictures.find(camera_id, at_us, exact=switch("exact", default=True))
    if frame is None:
        raise nothing_recorded(site, camera_id, at_us, f"camera {camera_id}: nothing was recorded then")
    keep(f"{frame.piece.start_us:x}-{frame.index}-{width or 0}", forever=not frame.piece.growing)
    response.set_header("X-Frame-Time", exact_seconds(frame.time_us))
    try:
        return pictures.jpeg(frame, width)
    except BusyError as err:
        raise busy(err) from err


def _frames(site: Site, camera_id: str) -> dict[str, object]:
    from_us, to_us = query_range(site.settings().system.timezone, longest_s=_LONGEST_S)
    found = frames_within(site.footage, camera_id, from_us, to_us)
    return envelope(
        site,
        {
            "frames": [seconds(time_us) for time_us in found.frames_us],
            "keyframes": [seconds(time_us) for time_us in found.keyframes_us],
        },
    )


def _width() -> int | None:
    return whole_number("width", _LEAST_WIDTH, _MOST_WIDTH, 0) or None
