"""The same range of several cameras to take away as one ZIP."""

from functools import partial
from zoneinfo import ZoneInfo

from bottle import HTTPResponse, request

from pynvr.base.errors import FootageGoneError, SearchError
from pynvr.playback.range_name import named_range, safe_name
from pynvr.playback.ranges import Ranges
from pynvr.playback.zip_places import ZipPlaces
from pynvr.playback.zip_plan import LONGEST_S, ZipPlan, ZipWish, plan_zip
from pynvr.playback.zip_source import ZipMember, ZipSource
from pynvr.playback.zip_tally import Tallies
from pynvr.playback.zip_text import TEXT_NAME, contents
from pynvr.web.api.chosen import CAMERA_IDS, chosen_cameras, switch
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.api.searching import go_on, has_left
from pynvr.web.api.videos import GAPS, asked_gaps, asked_name
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import ApiError, bad_request
from pynvr.web.headers import Environ
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.streaming import serve
from pynvr.web.times import query_range, seconds

_FILE = record(
    {
        "camera_id": TEXT,
        "name": TEXT,
        "bytes": {"type": "integer"},
        "start": INSTANT,
        "end": INSTANT,
        "seconds": {"type": "number", "description": "How long it plays."},
        "missing": list_of({"type": "array", "items": INSTANT, "minItems": 2, "maxItems": 2}),
    }
)
_LEFT_OUT = record({"camera_id": TEXT, "from": INSTANT, "to": INSTANT, "message": TEXT}, {"cause": TEXT})
_PLAN = record(
    {
        "bytes": {"type": "integer", "description": "Length of the ZIP."},
        "name": {"type": "string", "description": "What the download is called."},
        "files": list_of(_FILE),
        "left_out": list_of(_LEFT_OUT),
    },
    description="What the ZIP would be, with `plan=1`.",
)


def routes(site: Site) -> list[Route]:
    handler = _Handler(site)
    return [
        Route(
            "GET",
            "/api/1/range.zip",
            handler.zip,
            Access.VIEWER,
            "What several cameras recorded from `from` to `to` (exclusive) as one ZIP: an MP4 a camera, more where its "
            "format changes, and a text with times, what is missing and SHA-256 of each file. Starts at once, byte "
            f"ranges, resumable; at most {LONGEST_S // 86_400} days of all cameras together",
            (
                CAMERA_IDS,
                Parameter("from", "query", "beginning", required=True),
                Parameter("to", "query", "end, exclusive", required=True),
                GAPS,
                Parameter("name", "query", "what the download is to be called"),
                Parameter("plan", "query", "1: answer with JSON what it would be", {"type": "integer", "enum": [0, 1]}),
            ),
            answer=enveloped(_PLAN),
            media_type="application/zip",
        ),
    ]


class _Handler:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._ranges = Ranges(site.footage, site.store, site.clock)
        self._tallies = Tallies()
        self._places = ZipPlaces()

    def zip(self) -> HTTPResponse | dict[str, object]:
        site, settings = self._site, self._site.settings()
        zone = settings.system.timezone
        camera_ids = chosen_cameras(site)
        from_us, to_us = query_range(zone)
        if len(camera_ids) * (to_us - from_us) > LONGEST_S * 1_000_000:
            raise bad_request(
                f"a ZIP holds at most {LONGEST_S // 86_400} days of all its cameras together; "
                "take fewer cameras or a shorter time"
            )
        wish = ZipWish(camera_ids, from_us, to_us, asked_gaps())
        with self._places.planning() as is_let_in:
            if not is_let_in:
                raise _busy()
            plan = plan_zip(wish, self._ranges, site.store, settings, now_us=site.clock.now_us())
        if not plan.files:
            raise _nothing(plan)
        segments = sum(len(file.plan.segments) for file in plan.files)
        source = ZipSource(
            [
                ZipMember(file.name, *self._ranges.leased(file.plan, file.name), file.plan.start_us)
                for file in plan.files
            ],
            text_name=TEXT_NAME,
            text=partial(contents, plan, settings.system.name, zone, wish.gaps),
            filename=asked_name(".zip") or f"{_name(plan, settings.system.name, zone)}.zip",
            zone=zone,
            tallies=self._tallies,
            clock=site.clock,
            go_on=partial(_go_on, request.environ),
            let_go=partial(self._places.leave, segments),
        )
        if switch("plan", default=False):
            return envelope(site, _json(plan, source))
        if not self._places.take(segments):
            raise _busy()
        return serve(source, download=True)


def _go_on(environ: Environ) -> None:
    """Raises FootageGoneError if who asked has hung up, or the server is being stopped."""
    try:
        go_on(environ)
    except SearchError as err:
        raise FootageGoneError(str(err)) from err
    if has_left(environ):
        raise FootageGoneError("who asked for it has hung up")


def _busy() -> ApiError:
    message = "too many ZIPs are being made at the moment; try again in a few seconds"
    return ApiError(503, "busy", message, headers={"Retry-After": "10"})


def _name(plan: ZipPlan, system: str, zone: ZoneInfo) -> str:
    start_us = min(file.plan.start_us for file in plan.files)
    end_us = max(file.plan.end_us for file in plan.files)
    return named_range(safe_name(system) or "PyNVR", start_us, end_us, zone)


def _nothing(plan: ZipPlan) -> ApiError:
    """404 with the causes in words."""
    names = plan.camera_names
    words = "; ".join(f"{names[left.camera_id]}: {left.message}" for left in plan.left_out[:4])
    more = f"; and {len(plan.left_out) - 4} more" if len(plan.left_out) > 4 else ""
    return ApiError(404, "not_recorded", words + more or "there is no camera", {"left_out": _left_out(plan)})


def _json(plan: ZipPlan, source: ZipSource) -> dict[str, object]:
    return {
        "bytes": source.length,
        "name": source.filename,
        "files": [
            {
                "camera_id": file.camera_id,
                "name": file.name,
                "bytes": file.plan.length,
                "start": seconds(file.plan.start_us),
                "end": seconds(file.plan.end_us),
                "seconds": file.plan.shown_us / 1_000_000,
                "missing": [[seconds(begin), seconds(end)] for begin, end in file.plan.missing],
            }
            for file in plan.files
        ],
        "left_out": _left_out(plan),
    }


def _left_out(plan: ZipPlan) -> list[dict[str, object]]:
    return [
        {
            "camera_id": left.camera_id,
            "from": seconds(left.from_us),
            "to": seconds(left.to_us),
            "message": left.message,
            **({"cause": left.cause.value} if left.cause is not None else {}),
        }
        for left in plan.left_out
    ]
