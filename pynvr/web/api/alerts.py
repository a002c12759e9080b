"""Detections that call for a person."""

from bottle import request

from pynvr.store.alerts import Alert
from pynvr.web.api.chosen import CAMERA_IDS, LIMIT, OFFSET, asked_cameras, page, refuse_unknown
from pynvr.web.api.detections import DETECTION, FROM, KIND, TO, asked_kind, detection_json
from pynvr.web.api.given import refuse_others
from pynvr.web.api.keeps import BEGINNING_US, END_US
from pynvr.web.api.schemas import TEXT, list_of, record
from pynvr.web.api.slashes import with_and_without
from pynvr.web.audit.deed import deed
from pynvr.web.body import body
from pynvr.web.errors import bad_request, not_found
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.site import Site
from pynvr.web.times import query_range

_ALERT = record(
    {
        **DETECTION["properties"],
        "detection": {"type": "integer", "description": "id of the detection"},
        "viewed": {"type": "boolean"},
    }
)
_VIEWED = {"true": True, "false": False, "1": True, "0": False}
_ORDER: Schema = {"type": "string", "enum": ["newest", "oldest"], "default": "newest"}
_ID = Parameter("alert_id", "path", "its id", {"type": "integer"})
_RULE = r"/api/alerts/<alert_id:re:\d{1,18}>/"


def routes(site: Site) -> list[Route]:
    viewer, admin = Access.VIEWER, Access.ADMIN
    return with_and_without(
        [
            Route(
                "GET",
                "/api/alerts/",
                lambda: _list(site),
                viewer,
                "Alerts, newest first unless asked for otherwise",
                (
                    CAMERA_IDS,
                    FROM,
                    TO,
                    KIND,
                    Parameter("viewed", "query", "only those that were viewed, or weren't", {"type": "boolean"}),
                    Parameter("order", "query", "which come first", _ORDER),
                    LIMIT,
                    OFFSET,
                ),
                answer=record({"alerts": list_of(_ALERT), "total": {"type": "integer"}}),
            ),
            Route(
                "POST",
                "/api/alerts/viewed/",
                lambda: _mark_all(site),
                admin,
                "Say that all up to an alert were viewed; those that have come since aren't",
                body=record({"newest": {"type": "integer"}}, {"camera_ids": list_of(TEXT), "kind": TEXT}),
                answer=record({"changed": {"type": "integer", "description": "how many weren't before"}}),
            ),
            Route("GET", _RULE, lambda alert_id: _one(site, alert_id), viewer, "One of them", (_ID,), answer=_ALERT),
            Route(
                "PATCH",
                _RULE,
                lambda alert_id: _mark(site, alert_id),
                admin,
                "Say that it was viewed, or wasn't",
                (_ID,),
                body=record({"viewed": {"type": "boolean"}}),
                answer=_ALERT,
            ),
            Route(
                "DELETE",
                _RULE,
                lambda alert_id: _remove(site, alert_id),
                admin,
                "Delete an alert; its detection stays",
                (_ID,),
                status=204,
            ),
        ]
    )


def alert_json(alert: Alert) -> dict[str, object]:
    """The detection's fields under the alert's id."""
    seen = alert.detection
    return {**detection_json(seen), "id": alert.id, "detection": seen.id, "viewed": alert.viewed}


def _list(site: Site) -> dict[str, object]:
    camera_ids = asked_cameras()
    refuse_unknown(site, camera_ids or [])
    from_us, to_us = query_range(site.settings().system.timezone, BEGINNING_US, END_US)
    limit, offset = page()
    word = request.query.getunicode("viewed", "")
    if word and word not in _VIEWED:
        raise bad_request("'viewed' must be true or false")
    order = request.query.getunicode("order", "") or "newest"
    if order not in ("newest", "oldest"):
        raise bad_request("'order' must be newest or oldest")
    found, total = site.store.alerts.page(
        camera_ids,
        from_us,
        to_us,
        kind=asked_kind(),
        viewed=_VIEWED.get(word),
        oldest_first=order == "oldest",
        limit=limit,
        offset=offset,
    )
    return {"alerts": [alert_json(one) for one in found], "total": total}


def _one(site: Site, alert_id: str) -> dict[str, object]:
    found = site.store.alerts.get(int(alert_id))
    if found is None:
        raise not_found(f"there is no alert {alert_id}")
    return alert_json(found)


def _mark(site: Site, alert_id: str) -> dict[str, object]:
    refuse_others("viewed")
    viewed = body().get("viewed")
    if not isinstance(viewed, bool):
        raise bad_request("'viewed' must be true or false")
    site.store.alerts.mark(int(alert_id), viewed)
    deed().names["seen"] = "seen" if viewed else "not seen"
    return _one(site, alert_id)


def _mark_all(site: Site) -> dict[str, object]:
    refuse_others("newest", "camera_ids", "kind")
    given = body()
    newest, camera_ids, kind = given.get("newest"), given.get("camera_ids"), given.get("kind", "")
    if isinstance(newest, bool) or not isinstance(newest, int) or not 0 <= newest < 1 << 63:
        raise bad_request("'newest' must be the id of an alert")
    if camera_ids is not None and not (
        isinstance(camera_ids, list) and all(isinstance(one, str) for one in camera_ids)
    ):
        raise bad_request("'camera_ids' must be a list of ids")
    if not isinstance(kind, str):
        raise bad_request("'kind' must be a word")
    refuse_unknown(site, camera_ids or [])
    return {"changed": site.store.alerts.mark_all(newest, camera_ids, kind)}


def _remove(site: Site, alert_id: str) -> None:
    if not site.store.alerts.remove(int(alert_id)):
        raise not_found(f"there is no alert {alert_id}")
