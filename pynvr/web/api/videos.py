"""Recorded video to take away: a segment's MP4, any range as one MP4."""

from pathlib import Path

from bottle import HTTPResponse, request

from pynvr.archive.paths import segment_path
from pynvr.base.errors import FormatChangesError, NothingRecordedError
from pynvr.model.stamp import stamp_start_us
from pynvr.playback.byte_source import FileSource
from pynvr.playback.footage import Piece
from pynvr.playback.range_name import range_name
from pynvr.playback.range_plan import Gaps, RangePlan
from pynvr.playback.range_planner import plan_range
from pynvr.playback.ranges import Ranges
from pynvr.web.api.absence import nothing_recorded
from pynvr.web.api.addresses import range_address
from pynvr.web.api.chosen import CAMERA_PATTERN, STAMP_PATTERN, switch
from pynvr.web.api.schemas import INSTANT, list_of, record
from pynvr.web.api.tag_names import named_by_tags
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import ApiError, bad_request, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.streaming import serve
from pynvr.web.times import read_time, seconds

_MP4 = "video/mp4"
_CAMERA = f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>"
_STAMP = f"<stamp:re:{STAMP_PATTERN}>"
_TIME = "[0-9A-Za-z:.+ -]{1,40}"
# A segment is an hour long at most, and then waits for the next keyframe.
_LONGEST_SEGMENT_US = 2 * 3600 * 1_000_000
_LONGEST_NAME = 120

GAPS = Parameter(
    "gaps",
    "query",
    "close: what wasn't recorded is left out; keep: it takes its time, and time 0 is the beginning asked for",
    {"type": "string", "enum": ["close", "keep"], "default": "close"},
)
_PLAN = record(
    {
        "bytes": {"type": "integer", "description": "Length of the MP4."},
        "start": INSTANT,
        "end": INSTANT,
        "seconds": {"type": "number", "description": "How long it plays."},
        "name": {"type": "string", "description": "What the download is called."},
        "missing": list_of({"type": "array", "items": INSTANT, "minItems": 2, "maxItems": 2}),
    },
    description="What the MP4 would be, with `plan=1`.",
)


def routes(site: Site) -> list[Route]:
    handlers = _Handlers(site)
    segment = "The MP4 of one segment, with byte ranges; of the growing minute what is there of it"
    return [
        Route("GET", f"{_CAMERA}.{_STAMP}.mp4", handlers.segment, Access.VIEWER, segment, media_type=_MP4),
        Route("GET", f"{_CAMERA}.preview.{_STAMP}.mp4", handlers.segment, Access.VIEWER, segment, media_type=_MP4),
        Route(
            "GET",
            f"{_CAMERA}.range.<start:re:{_TIME}>.to.<end:re:{_TIME}>.mp4",
            handlers.range,
            Access.VIEWER,
            "What was recorded from `start` to `end` (exclusive) as one MP4; any length, byte ranges, resumable. "
            "409 with the parts if codec, size or sound change inside",
            (
                GAPS,
                Parameter("name", "query", "what the download is to be called; else camera, time and the tags of it"),
                Parameter("plan", "query", "1: answer with JSON what it would be", {"type": "integer", "enum": [0, 1]}),
            ),
            answer=enveloped(_PLAN),
            media_type=_MP4,
        ),
    ]


class _Handlers:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._ranges = Ranges(site.footage, site.store, site.clock)

    def segment(self, camera_id: str, stamp: str) -> HTTPResponse:
        zone = self._site.settings().system.timezone
        name = f"{camera_id}.{stamp}.mp4"
        found = self._site.store.segments.find(camera_id, stamp)
        if found is not None:
            path = segment_path(Path(found.dst), camera_id, stamp)
            return serve(FileSource.open(path, name))
        try:
            start_us = stamp_start_us(stamp, zone)
        except ValueError as err:
            raise not_found(f"{stamp} is no time") from err
        growing = self._growing(camera_id, stamp, start_us)
        if growing is None:
            raise self._nothing(camera_id, start_us, f"no segment of camera {camera_id} is called {stamp}")
        # Itself alone: the one before may reach a little into it, and be of another format.
        plan = plan_range(self._site.footage, camera_id, growing.start_us, growing.end_us, pieces=[growing])
        return serve(self._ranges.source(plan, name))

    def range(self, camera_id: str, start: str, end: str) -> HTTPResponse | dict[str, object]:
        zone = self._site.settings().system.timezone
        from_us, to_us = read_time(start, zone), read_time(end, zone)
        if to_us <= from_us:
            raise bad_request("the range must end after it begins")
        plan = self._planned(camera_id, from_us, to_us, asked_gaps())
        name = asked_name(".mp4") or self._default_name(camera_id, plan.start_us, plan.end_us)
        if switch("plan", default=False):
            return envelope(self._site, _plan_json(plan, name))
        return serve(self._ranges.source(plan, name), download=True)

    def _default_name(self, camera_id: str, start_us: int, end_us: int) -> str:
        name = range_name(camera_id, start_us, end_us, self._site.settings().system.timezone)
        return named_by_tags(self._site.store, camera_id, start_us, end_us, name)

    def _planned(self, camera_id: str, from_us: int, to_us: int, gaps: Gaps) -> RangePlan:
        try:
            return self._ranges.plan(camera_id, from_us, to_us, gaps)
        except NothingRecordedError as err:
            raise self._nothing(camera_id, from_us, str(err)) from err
        except FormatChangesError as err:
            parts = [
                {"from": seconds(begin), "to": seconds(end), "url": _range_url(camera_id, begin, end, gaps)}
                for begin, end in err.parts
            ]
            raise ApiError(409, "format_changes", str(err), {"at": seconds(err.at_us), "parts": parts}) from err

    def _growing(self, camera_id: str, stamp: str, start_us: int) -> Piece | None:
        pieces = self._site.footage.pieces(camera_id, start_us, start_us + _LONGEST_SEGMENT_US)
        return next((piece for piece in pieces if piece.growing and piece.stamp == stamp), None)

    def _nothing(self, camera_id: str, at_us: int, message: str) -> ApiError:
        return nothing_recorded(self._site, camera_id, at_us, message, code="not_found", say_when=True)


def asked_gaps() -> Gaps:
    """What the query says of gaps; raises ApiError 400."""
    match request.query.get("gaps", "close"):
        case "close" | "":
            return "close"
        case "keep":
            return "keep"
        case other:
            raise bad_request(f"gaps={other[:20]!r}: close or keep is expected")


def asked_name(ending: str) -> str:
    """The name wanted for the download, with this ending; empty = none."""
    given: str = request.query.getunicode("name", "").strip()[:_LONGEST_NAME]
    return given if not given or given.endswith(ending) else f"{given}{ending}"


def _plan_json(plan: RangePlan, name: str) -> dict[str, object]:
    return {
        "bytes": plan.length,
        "start": seconds(plan.start_us),
        "end": seconds(plan.end_us),
        "seconds": plan.shown_us / 1_000_000,
        "name": name,
        "missing": [[seconds(start_us), seconds(end_us)] for start_us, end_us in plan.missing],
    }


def _range_url(camera_id: str, from_us: int, to_us: int, gaps: Gaps) -> str:
    return range_address(camera_id, from_us, to_us) + ("?gaps=keep" if gaps == "keep" else "")
