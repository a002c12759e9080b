"""Labelled moments and spans of cameras."""

from bottle import request

from pynvr.store.tags import LONGEST_LABEL, MOST_TAGS, Tag
from pynvr.web.access import who
from pynvr.web.api.chosen import CAMERA_IDS, LIMIT, OFFSET, asked_cameras, page, refuse_unknown
from pynvr.web.api.given import TIME, given_camera, given_span, given_text, given_time, refuse_others
from pynvr.web.api.keeps import BEGINNING_US, END_US
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.audit.deed import deed
from pynvr.web.body import body
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import bad_request, conflict, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.times import query_range, seconds

_TAG = record(
    {
        "id": {"type": "integer"},
        "camera_id": TEXT,
        "start": INSTANT,
        "end": {**INSTANT, "description": "The same as `start` for a moment."},
        "label": TEXT,
        "made_by": TEXT,
        "made": INSTANT,
    }
)
_LABEL = {**TEXT, "minLength": 1, "maxLength": LONGEST_LABEL}
_ONE = r"/api/1/tags/<tag_id:re:\d{1,18}>"
_ID = Parameter("tag_id", "path", "its id", {"type": "integer"})


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "GET",
            "/api/1/tags",
            lambda: _list(site),
            Access.VIEWER,
            "Labels by start",
            (
                CAMERA_IDS,
                Parameter("from", "query", "only those that end later"),
                Parameter("to", "query", "only those that begin earlier"),
                Parameter("q", "query", "only labels that hold this text"),
                Parameter("order", "query", "by start", {"type": "string", "enum": ["oldest", "newest"]}),
                LIMIT,
                OFFSET,
            ),
            answer=enveloped(record({"tags": list_of(_TAG), "total": {"type": "integer"}})),
        ),
        Route(
            "POST",
            "/api/1/tags",
            lambda: _add(site),
            Access.ADMIN,
            "Label a moment (`time`) or a span (`from`, `to`) of a camera",
            body=record(
                {"camera_id": TEXT, "label": _LABEL},
                {"time": TIME, "from": TIME, "to": TIME},
            ),
            answer=enveloped(_TAG),
            status=201,
        ),
        Route(
            "PATCH",
            _ONE,
            lambda tag_id: _rename(site, tag_id),
            Access.ADMIN,
            "Put other words to a label",
            (_ID,),
            body=record({"label": _LABEL}),
            answer=enveloped(_TAG),
        ),
        Route(
            "DELETE",
            _ONE,
            lambda tag_id: _remove(site, tag_id),
            Access.ADMIN,
            "Take a label away",
            (_ID,),
            status=204,
        ),
    ]


def tag_json(tag: Tag) -> dict[str, object]:
    return {
        "id": tag.id,
        "camera_id": tag.camera_id,
        "start": seconds(tag.start_us),
        "end": seconds(tag.end_us),
        "label": tag.label,
        "made_by": tag.made_by,
        "made": seconds(tag.made_us),
    }


def _list(site: Site) -> dict[str, object]:
    camera_ids = asked_cameras()
    refuse_unknown(site, camera_ids or [])
    from_us, to_us = query_range(site.settings().system.timezone, BEGINNING_US, END_US)
    words = request.query.getunicode("q", "").strip()
    if len(words) > LONGEST_LABEL:
        raise bad_request(f"'q' must be at most {LONGEST_LABEL} characters")
    order = request.query.get("order", "oldest")
    if order not in ("oldest", "newest"):
        raise bad_request("'order' must be oldest or newest")
    limit, offset = page()
    tags, total = site.store.tags.page(
        camera_ids, from_us, to_us, words=words, newest_first=order == "newest", limit=limit, offset=offset
    )
    return envelope(site, {"tags": [tag_json(tag) for tag in tags], "total": total})


def _add(site: Site) -> dict[str, object]:
    refuse_others("camera_id", "time", "from", "to", "label")
    camera_id = given_camera(site)
    start_us, end_us = _when(site)
    label = given_text("label", longest=LONGEST_LABEL)
    if site.store.tags.count(camera_id) >= MOST_TAGS:
        raise conflict(f"camera {camera_id!r} has {MOST_TAGS} tags, which is the most; delete some first")
    tag = site.store.tags.add(camera_id, start_us, end_us, label=label, made_by=who().name, now_us=site.clock.now_us())
    return envelope(site, tag_json(tag))


def _when(site: Site) -> tuple[int, int]:
    """A moment or a span; `from` alone is a moment too."""
    given = body()
    if "time" in given and ("from" in given or "to" in given):
        raise bad_request("'time' names a moment, 'from' and 'to' a span: give one of them")
    if "to" in given:
        return given_span(site)
    at_us = given_time(site, "time" if "time" in given else "from")
    return at_us, at_us


def _rename(site: Site, tag_id: str) -> dict[str, object]:
    refuse_others("label")
    tag = site.store.tags.rename(int(tag_id), given_text("label", longest=LONGEST_LABEL))
    if tag is None:
        raise not_found(f"there is no tag {tag_id}")
    return envelope(site, tag_json(tag))


def _remove(site: Site, tag_id: str) -> None:
    tag = site.store.tags.remove(int(tag_id))
    if tag is None:
        raise not_found(f"there is no tag {tag_id}")
    deed().names |= tag_json(tag)
