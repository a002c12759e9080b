"""When a part of the picture changed for good, which the searcher looks for."""

from dataclasses import asdict
from typing import Any

from bottle import request

from pynvr.model.box import Box
from pynvr.model.search import SEARCHER
from pynvr.model.search_change import FIND_CHANGE, KINDS, FindChangeOrder, clipped
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.searches import PATIENCE_S, Searches
from pynvr.web.api.addresses import frame_address, range_address
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, refuse_unknown
from pynvr.web.api.given import TIME, given_span, given_time, refuse_others
from pynvr.web.api.schemas import INSTANT, list_of, record
from pynvr.web.api.searching import PROGRESS, searched
from pynvr.web.body import body
from pynvr.web.envelope import enveloped
from pynvr.web.errors import bad_request
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import query_time, seconds

_LONGEST_S = 31 * 86_400
_MOST = 50
_USUAL = 5
# Of the clip, on each side of the change.
_AROUND_US = 10 * MICROSECONDS
_ADDRESS = f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>/find-change"
_BOX = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 4,
    "maxItems": 4,
    "description": "x, y, width, height as shares of the picture's width and height, from the upper left corner.",
}
_INSTANT_OR_NOTHING = {"type": ["number", "null"], "description": "Epoch seconds, UTC; null: there is none."}
_CONFIDENCE = {
    "type": "number",
    "minimum": 0,
    "maximum": 1,
    "description": "How clearly it stands out from changes of light and weather. Orders answers; no probability.",
}
_CHANGE = record(
    {
        "time": {"type": "number", "description": "Epoch seconds of the first frame that shows it."},
        "confidence": _CONFIDENCE,
        "kind": {"type": "string", "enum": list(KINDS)},
        "exact": {"type": "boolean", "description": "`time` is right to the frame, else to the keyframe."},
        "before_time": INSTANT,
        "after_time": INSTANT,
        "before_url": {"type": "string", "description": "The picture before, with nobody in front of it."},
        "after_url": {"type": "string", "description": "The picture after, likewise."},
        "clip_url": {"type": "string", "description": "20 seconds around it, as one MP4."},
        "where": {**_BOX, "description": "What of the picture changed: x, y, width, height as shares of it."},
    }
)
_ANSWER = record(
    {
        "changes": list_of(_CHANGE),
        "from": {**INSTANT, "description": "Epoch seconds: from here on it was really looked for."},
        "to": INSTANT,
        "looked_at": {"type": "integer", "description": "Pictures that were compared."},
        "compared_with": {**_INSTANT_OR_NOTHING, "description": "Epoch seconds of the picture that shows it; or null."},
    }
)
_PROPOSAL = record(
    {
        "time": {**_INSTANT_OR_NOTHING, "description": "When it was otherwise last, in epoch seconds; or null."},
        "url": {"type": ["string", "null"], "description": "The picture of that time."},
        "confidence": _CONFIDENCE,
        "from": {**INSTANT, "description": "Epoch seconds: so far back it was looked for."},
    }
)


def routes(site: Site) -> list[Route]:
    searches = Searches(site.settings().system.run_dir, lambda for_s: site.wishes.want(SEARCHER, for_s), PATIENCE_S)
    return [
        Route(
            "POST",
            _ADDRESS,
            lambda camera_id: _find_change(site, searches, camera_id),
            Access.VIEWER,
            "When a part of the picture became what it is at `at`: the moments at which something in the box appeared, "
            "vanished or changed for good, the newest first. What only passes by, light, weather and night are left "
            "out. Who hangs up ends the search",
            (CAMERA_ID, PROGRESS),
            body=record(
                {"box": _BOX, "from": TIME, "to": {**TIME, "description": "Exclusive; at most 31 days later."}},
                {
                    "at": {
                        **TIME,
                        "description": "Within: when the box shows what is looked for; without it, at the end.",
                    },
                    "all": {
                        "type": "boolean",
                        "default": False,
                        "description": "Every lasting change in the box, whatever it looks like at `at`.",
                    },
                    "limit": {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _USUAL},
                },
            ),
            answer=enveloped(_ANSWER),
        ),
        Route(
            "GET",
            f"{_ADDRESS}/before",
            lambda camera_id: _before(site, searches, camera_id),
            Access.VIEWER,
            "The last moment before `at` at which the box looked otherwise than at `at`",
            (
                CAMERA_ID,
                Parameter("box", "query", "x,y,width,height as shares of the picture", required=True),
                Parameter("at", "query", "when it looks as it shall be found", required=True),
                Parameter("from", "query", "look no further back; without it 31 days"),
                PROGRESS,
            ),
            answer=enveloped(_PROPOSAL),
        ),
    ]


def _find_change(site: Site, searches: Searches, camera_id: str) -> object:
    order = _order(site, camera_id)
    return searched(site, searches, FIND_CHANGE, asdict(order), lambda result: _answer(camera_id, result))


def _before(site: Site, searches: Searches, camera_id: str) -> object:
    zone = site.settings().system.timezone
    at_us = query_time("at", zone)
    from_us = query_time("from", zone, max(1, at_us - _LONGEST_S * MICROSECONDS))
    box = _box([_number(part) for part in request.query.getunicode("box", "").split(",")])
    _checked_span(from_us, at_us)
    refuse_unknown(site, [camera_id])
    order = FindChangeOrder(camera_id, box, from_us, at_us, at_us, limit=1)
    return searched(site, searches, FIND_CHANGE, asdict(order), lambda result: _proposal(camera_id, result))


def _order(site: Site, camera_id: str) -> FindChangeOrder:
    refuse_others("box", "from", "to", "at", "all", "limit")
    document = body()
    from_us, to_us = given_span(site)
    _checked_span(from_us, to_us)
    at_us = given_time(site, "at") if document.get("at") is not None else None
    if at_us is not None and not from_us < at_us <= to_us:
        raise bad_request("'at' must lie behind 'from', and not behind 'to'")
    every, limit = document.get("all", False), document.get("limit", _USUAL)
    if not isinstance(every, bool):
        raise bad_request("'all' must be true or false")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= _MOST:
        raise bad_request(f"'limit' must be a whole number from 1 to {_MOST}")
    box = _box(document.get("box"))
    refuse_unknown(site, [camera_id])
    return FindChangeOrder(camera_id, box, from_us, to_us, at_us, limit, every)


def _checked_span(from_us: int, to_us: int) -> None:
    if to_us <= from_us:
        raise bad_request("'to' must lie after 'from'")
    if to_us - from_us > _LONGEST_S * MICROSECONDS:
        raise bad_request(f"'from' and 'to' are further apart than {_LONGEST_S} s")


def _box(given: Any) -> Box:  # Any: what a client sent
    if not isinstance(given, list) or len(given) != 4:
        raise bad_request("'box' must be [x, y, width, height], each a share of the picture")
    try:
        return clipped(Box(*given))
    except ValueError as err:
        raise bad_request(f"'box': {err}") from err


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _answer(camera_id: str, result: Any) -> dict[str, object]:  # Any: JSON of the searcher
    return {
        "changes": [_change(camera_id, change) for change in result["changes"]],
        "from": seconds(result["from_us"]),
        "to": seconds(result["to_us"]),
        "looked_at": result["looked_at"],
        "compared_with": None if result["compared_with_us"] is None else seconds(result["compared_with_us"]),
    }


def _change(camera_id: str, change: Any) -> dict[str, object]:  # Any: JSON of the searcher
    at_us = change["at_us"]
    return {
        "time": seconds(at_us),
        "confidence": change["confidence"],
        "kind": change["kind"],
        "exact": change["is_exact"],
        "before_time": seconds(change["before_us"]),
        "after_time": seconds(change["after_us"]),
        "before_url": frame_address(camera_id, change["before_us"]),
        "after_url": frame_address(camera_id, change["after_us"]),
        "clip_url": range_address(camera_id, at_us - _AROUND_US, at_us + _AROUND_US),
        "where": change["where"],
    }


def _proposal(camera_id: str, result: Any) -> dict[str, object]:  # Any: JSON of the searcher
    last = result["changes"][0] if result["changes"] else None
    return {
        "time": seconds(last["before_us"]) if last else None,
        "url": frame_address(camera_id, last["before_us"]) if last else None,
        "confidence": last["confidence"] if last else 0.0,
        "from": seconds(result["from_us"]),
    }
