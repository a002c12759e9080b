"""Spans that the reaper never touches."""

from pynvr.model.cause import Cause
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.timeline import Timeline
from pynvr.store.keeps import Keep
from pynvr.web.access import who
from pynvr.web.api.chosen import CAMERA_IDS, LIMIT, OFFSET, asked_cameras, page, refuse_unknown
from pynvr.web.api.given import TIME, given_camera, given_span, given_text, refuse_others
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.audit.deed import deed
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import query_range, seconds

LONGEST_REASON = 500
BEGINNING_US, END_US = 1, 1 << 61
_KEEP = record(
    {
        "id": {"type": "integer"},
        "camera_id": TEXT,
        "start": INSTANT,
        "end": INSTANT,
        "reason": TEXT,
        "made_by": TEXT,
        "made": INSTANT,
    }
)
_MADE = record(
    {
        **_KEEP["properties"],
        "recorded_seconds": {"type": "number", "description": "of the span, what is there to be kept, up to now"},
        "missing_seconds": {"type": "number"},
        "deleted_seconds": {"type": "number", "description": "of those missing: recorded, and deleted since"},
        "note": {**TEXT, "description": "what of it isn't there any more, in words; empty if all is"},
    }
)
_LIST = (
    CAMERA_IDS,
    Parameter("from", "query", "only those that end later"),
    Parameter("to", "query", "only those that begin earlier"),
    LIMIT,
    OFFSET,
)


def routes(site: Site, timeline: Timeline) -> list[Route]:
    return [
        Route(
            "GET",
            "/api/1/keeps",
            lambda: _list(site),
            Access.VIEWER,
            "Kept spans by start",
            _LIST,
            answer=enveloped(record({"keeps": list_of(_KEEP), "total": {"type": "integer"}})),
        ),
        Route(
            "POST",
            "/api/1/keeps",
            lambda: _add(site, timeline),
            Access.ADMIN,
            "Keep a span of a camera: nothing of it is deleted until the keep is",
            body=record(
                {"camera_id": TEXT, "from": TIME, "to": TIME}, {"reason": {**TEXT, "maxLength": LONGEST_REASON}}
            ),
            answer=enveloped(_MADE),
            status=201,
        ),
        Route(
            "DELETE",
            r"/api/1/keeps/<keep_id:re:\d{1,18}>",
            lambda keep_id: _remove(site, keep_id),
            Access.ADMIN,
            "End a keep; the recordings stay until the reaper needs their room",
            (Parameter("keep_id", "path", "its id", {"type": "integer"}),),
            status=204,
        ),
    ]


def keep_json(keep: Keep) -> dict[str, object]:
    return {
        "id": keep.id,
        "camera_id": keep.camera_id,
        "start": seconds(keep.start_us),
        "end": seconds(keep.end_us),
        "reason": keep.reason,
        "made_by": keep.made_by,
        "made": seconds(keep.made_us),
    }


def _list(site: Site) -> dict[str, object]:
    camera_ids = asked_cameras()
    refuse_unknown(site, camera_ids or [])
    from_us, to_us = query_range(site.settings().system.timezone, BEGINNING_US, END_US)
    limit, offset = page()
    keeps, total = site.store.keeps.page(camera_ids, from_us, to_us, limit=limit, offset=offset)
    return envelope(site, {"keeps": [keep_json(keep) for keep in keeps], "total": total})


def _add(site: Site, timeline: Timeline) -> dict[str, object]:
    refuse_others("camera_id", "from", "to", "reason")
    camera_id = given_camera(site)
    from_us, to_us = given_span(site)
    reason = given_text("reason", longest=LONGEST_REASON, empty=True)
    now_us = site.clock.now_us()
    keep = site.store.keeps.add(camera_id, from_us, to_us, reason=reason, made_by=who().name, now_us=now_us)
    return envelope(site, {**keep_json(keep), **_what_is_there(site, timeline, keep, now_us)})


def _what_is_there(site: Site, timeline: Timeline, keep: Keep, now_us: int) -> dict[str, object]:
    """Told when it is made, so that nobody believes to have kept what was deleted before."""
    sums_us: dict[Cause, int] = {}
    if keep.start_us < now_us:
        settings = site.settings()
        covered = timeline.coverage(settings, [keep.camera_id], keep.start_us, keep.end_us, now_us=now_us)
        sums_us = covered[keep.camera_id].sums_us
    recorded_us = sums_us.get(Cause.RECORDED, 0)
    missing_us = sum(sums_us.values()) - recorded_us
    deleted_us = sums_us.get(Cause.DELETED, 0)
    return {
        "recorded_seconds": recorded_us / MICROSECONDS,
        "missing_seconds": missing_us / MICROSECONDS,
        "deleted_seconds": deleted_us / MICROSECONDS,
        "note": _note(recorded_us, missing_us, deleted_us),
    }


def _note(recorded_us: int, missing_us: int, deleted_us: int) -> str:
    if missing_us < MICROSECONDS:
        return ""
    total_us = recorded_us + missing_us
    there = f"{recorded_us / MICROSECONDS:.0f} of {total_us / MICROSECONDS:.0f} s are there"
    if deleted_us >= MICROSECONDS:
        return f"{there}; {deleted_us / MICROSECONDS:.0f} s were deleted before"
    return f"{there}; the rest was never recorded"


def _remove(site: Site, keep_id: str) -> None:
    keep = site.store.keeps.remove(int(keep_id))
    if keep is None:
        raise not_found(f"there is no keep {keep_id}")
    deed().names |= keep_json(keep)
