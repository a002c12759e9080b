"""The best frames of a camera's time, which the searcher looks for."""

from dataclasses import asdict
from typing import Any

from bottle import request

from pynvr.model.search import BEST_FRAMES, BYS, SEARCHER, BestFramesOrder
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.searches import PATIENCE_S, Searches
from pynvr.web.api.addresses import frame_address
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, refuse_unknown, whole_number
from pynvr.web.api.schemas import INSTANT, list_of, record
from pynvr.web.api.searching import PROGRESS, searched
from pynvr.web.envelope import enveloped
from pynvr.web.errors import bad_request
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import query_range, seconds

_LONGEST_S = 31 * 86_400
_MOST = 50
_USUAL = 9
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_FACE = record(
    {"box": record(dict.fromkeys(("x", "y", "width", "height"), _SHARE)), "confidence": _SHARE},
    description="Shares of the picture's width and height, from the upper left corner.",
)
_FRAME = record(
    {
        "time": INSTANT,
        "score": {"type": "number", "description": "brightness: 0 to 1; sharpness: bits a pixel; faces: 0 to 1"},
        "url": {"type": "string", "description": "the frame's picture"},
        "faces": list_of(_FACE),
    }
)
_ANSWER = record(
    {
        "frames": list_of(_FRAME),
        "looked_at": {"type": "integer", "description": "frames that were looked at"},
        "unreadable": {"type": "integer", "description": "times that a part couldn't be read or decoded"},
        "recorded": {"type": "number", "description": "seconds of the time that are recorded"},
    }
)


def routes(site: Site) -> list[Route]:
    searches = Searches(site.settings().system.run_dir, lambda for_s: site.wishes.want(SEARCHER, for_s), PATIENCE_S)
    return [
        Route(
            "GET",
            f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>/best-frames",
            lambda camera_id: _best_frames(site, searches, camera_id),
            Access.VIEWER,
            "The brightest or sharpest frames of a time, or those with the best faces, best first; fewer if there are "
            "fewer. Of a long time not every frame is looked at. Who hangs up ends the search",
            (
                CAMERA_ID,
                Parameter("from", "query", "beginning", required=True),
                Parameter("to", "query", "end, exclusive; at most 31 days later", required=True),
                Parameter("by", "query", "what is best", {"type": "string", "enum": list(BYS), "default": BYS[0]}),
                Parameter(
                    "count", "query", "how many", {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _USUAL}
                ),
                Parameter("apart", "query", "seconds between any two", {"type": "integer", "minimum": 1, "default": 1}),
                PROGRESS,
            ),
            answer=enveloped(_ANSWER),
        ),
    ]


def _best_frames(site: Site, searches: Searches, camera_id: str) -> object:
    order = _order(site, camera_id)
    return searched(site, searches, BEST_FRAMES, asdict(order), lambda result: _answer(camera_id, result))


def _order(site: Site, camera_id: str) -> BestFramesOrder:
    from_us, to_us = query_range(site.settings().system.timezone, longest_s=_LONGEST_S)
    given = request.query.getunicode("by", BYS[0])
    by = next((by for by in BYS if by == given), None)
    if by is None:
        raise bad_request(f"'by' must be one of {', '.join(BYS)}")
    count = whole_number("count", 1, _MOST, _USUAL)
    apart_s = whole_number("apart", 1, _LONGEST_S, 1)
    refuse_unknown(site, [camera_id])
    return BestFramesOrder(camera_id, from_us, to_us, by, count, apart_s * MICROSECONDS)


def _answer(camera_id: str, result: Any) -> dict[str, object]:  # Any: JSON of the searcher
    return {
        "frames": [
            {
                "time": seconds(frame["at_us"]),
                "score": frame["score"],
                "url": frame_address(camera_id, frame["at_us"]),
                "faces": frame["faces"],
            }
            for frame in result["frames"]
        ],
        "looked_at": result["looked_at"],
        "unreadable": result["unreadable"],
        "recorded": seconds(result["recorded_us"]),
    }
