"""Incidents: moments of a camera for which a clip is wanted, and its delivery."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from bottle import HTTPResponse, request, response

from pynvr.base.errors import FootageGoneError, IncidentStateError
from pynvr.model.incident import DELIVERER, LONGEST_NOTE, Incident, IncidentStatus, clip_path
from pynvr.model.incident_report import Report
from pynvr.model.stamp import stamp_of
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.byte_source import FileSource
from pynvr.store.incidents import IncidentFilter
from pynvr.web.access import who
from pynvr.web.api.chosen import LIMIT, OFFSET, asked_cameras, page, switch
from pynvr.web.api.given import TIME, given_camera, given_text, given_time, refuse_others
from pynvr.web.api.incident_json import INCIDENT, STATUSES, incident_json
from pynvr.web.api.keeps import BEGINNING_US, END_US
from pynvr.web.api.schemas import TEXT, list_of, record
from pynvr.web.body import body
from pynvr.web.errors import bad_request, conflict, not_found
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.site import Site
from pynvr.web.streaming import serve
from pynvr.web.times import query_range

MOST_OPEN = 10_000
# Until the web process has seen for itself that there is something to do.
_WANTED_S = 10.0
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SIDE: Schema = {"type": "number", "minimum": 0, "maximum": 3600, "description": "else as its camera has it"}
_RULE = r"/api/incidents/<incident_id:re:\d{1,18}>"
_ID = Parameter("incident_id", "path", "its id", {"type": "integer"})
_FILTERS = (
    Parameter("camera_id", "query", "only of these cameras, ids with commas between them"),
    Parameter("status", "query", f"only with these states, with commas between them: {', '.join(STATUSES)}"),
    Parameter("from", "query", "only moments from this time on"),
    Parameter("to", "query", "only moments before this time"),
    LIMIT,
    OFFSET,
)
_BODY = record(
    {"camera_id": TEXT},
    {
        "incident_time": {**TIME, "description": "the moment, also one that lies ahead; without it now"},
        "pre_seconds": _SIDE,
        "post_seconds": _SIDE,
        "exact": {"type": "boolean", "description": "begins and ends at the very frame, encoded anew"},
        "codec": {**TEXT, "enum": ["copy", "h264"]},
        "note": {**TEXT, "maxLength": LONGEST_NOTE},
    },
)
_log = logging.getLogger(__name__)


def routes(site: Site) -> list[Route]:
    handlers = _Handlers(site)
    viewer, admin = Access.VIEWER, Access.ADMIN
    return [
        Route(
            "GET",
            "/api/incidents",
            handlers.all,
            viewer,
            "Incidents, the newest moment first",
            _FILTERS,
            answer=record({"incidents": list_of(INCIDENT), "total": {"type": "integer"}}),
        ),
        Route(
            "POST",
            "/api/incidents",
            handlers.add,
            admin,
            "Report an incident: its clip is cut when its last second is there, and delivered to the camera's "
            "post_url. With a header Idempotency-Key a repeat answers with the incident that there is (200)",
            body=_BODY,
            answer=INCIDENT,
            status=201,
        ),
        Route("GET", _RULE, handlers.one, viewer, "One of them", (_ID,), answer=INCIDENT),
        Route(
            "GET",
            f"{_RULE}/clip.mp4",
            handlers.clip,
            viewer,
            "Its clip, also before it is delivered; byte ranges",
            (_ID, Parameter("download", "query", "1: to be saved, not shown")),
            media_type="video/mp4",
        ),
        Route(
            "POST",
            f"{_RULE}/retry",
            handlers.retry,
            admin,
            "Try it again now: cut it if there is no clip, else deliver it",
            (_ID,),
            answer=INCIDENT,
        ),
        Route(
            "DELETE",
            _RULE,
            handlers.remove,
            admin,
            "Delete it and its clip, and give up its delivery; the recording stays",
            (_ID,),
            status=204,
        ),
    ]


class _Handlers:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._incidents = site.store.incidents

    def all(self) -> dict[str, object]:
        from_us, to_us = query_range(self._site.settings().system.timezone, BEGINNING_US, END_US)
        wanted = IncidentFilter(asked_cameras("camera_id"), _asked_statuses(), from_us, to_us)
        limit, offset = page()
        found, total = self._incidents.page(wanted, limit=limit, offset=offset)
        return {"incidents": [incident_json(one) for one in found], "total": total}

    def add(self) -> dict[str, object]:
        refuse_others("camera_id", "incident_time", "pre_seconds", "post_seconds", "exact", "codec", "note")
        new = self._reported()
        stored = self._incidents.of_key(new.key)
        is_new = stored is None
        if stored is None:
            if self._incidents.open_count() >= MOST_OPEN:
                raise conflict(f"{MOST_OPEN} incidents are open, which is the most; deliver or delete some first")
            stored = self._incidents.add(new)
        is_another = "incident_time" in body() and stored.incident_us != new.incident_us
        if stored.camera_id != new.camera_id or is_another:
            raise conflict(f"the Idempotency-Key {new.key!r} is that of another incident, {stored.id}")
        self._site.wishes.want(DELIVERER, _WANTED_S)
        if is_new:
            _log.info("incident %d of camera %s was reported by %s", stored.id, stored.camera_id, who().name)
        else:
            response.status = 200
        response.set_header("Location", f"/api/incidents/{stored.id}")
        return incident_json(stored)

    def one(self, incident_id: str) -> dict[str, object]:
        return incident_json(self._known(incident_id))

    def clip(self, incident_id: str) -> HTTPResponse:
        incident, system = self._known(incident_id), self._site.settings().system
        name = f"{incident.camera_id}.incident.{stamp_of(incident.incident_us, system.timezone, seconds=True)}.mp4"
        if not incident.has_clip:
            raise not_found(f"incident {incident_id} has no clip{_why(incident)}")
        try:
            source = FileSource.open(clip_path(system, incident), name)
        except FootageGoneError as err:
            raise not_found(f"the clip of incident {incident_id} isn't there") from err
        return serve(source, download=switch("download", default=False))

    def retry(self, incident_id: str) -> dict[str, object]:
        incident = self._known(incident_id)
        camera = self._site.settings().camera(incident.camera_id)
        try:
            wanted = incident.retried(deliver=camera is not None and bool(camera.delivery.url))
        except IncidentStateError as err:
            raise conflict(str(err)) from err
        stored = self._incidents.write(wanted)
        if stored is None:
            self._known(incident_id)
            raise conflict("the incident changed just now; look again")
        self._site.wishes.want(DELIVERER, _WANTED_S)
        return incident_json(stored)

    def remove(self, incident_id: str) -> None:
        incident = self._known(incident_id)
        if not self._incidents.remove(incident.id):
            raise _unknown(incident_id)
        try:
            clip_path(self._site.settings().system, incident).unlink(missing_ok=True)
        except OSError as err:
            _log.warning("the clip of incident %d can't be deleted: %s", incident.id, err.strerror)

    def _known(self, incident_id: str) -> Incident:
        incident = self._incidents.get(int(incident_id))
        if incident is None:
            raise _unknown(incident_id)
        return incident

    def _reported(self) -> Incident:
        given = body()
        now_us = self._site.clock.now_us()
        camera_id = given_camera(self._site)
        key = request.get_header("Idempotency-Key", "").strip()
        if key and not _KEY.fullmatch(key):
            raise bad_request("the header Idempotency-Key must be 1 to 64 letters, digits, - or _")
        exact, codec = given.get("exact"), given.get("codec")
        if exact is not None and not isinstance(exact, bool):
            raise bad_request("'exact' must be true or false")
        if codec is not None and codec not in ("copy", "h264"):
            raise bad_request("'codec' must be copy or h264")
        report = Report(
            camera_id,
            given_time(self._site, "incident_time") if "incident_time" in given else now_us,
            _given_side(given, "pre_seconds"),
            _given_side(given, "post_seconds"),
            exact,
            codec,
            given_text("note", longest=LONGEST_NOTE, empty=True),
            key,
        )
        try:
            return report.incident(self._site.settings().camera(camera_id), now_us, who().name)
        except ValueError as err:
            raise bad_request(str(err)) from err


def _given_side(given: Mapping[str, Any], name: str) -> float | None:  # Any: what a client sent
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value * MICROSECONDS <= 1 << 62:
        raise bad_request(f"{name!r} must be a number of seconds, from 0 to 3600")
    return float(value)


def _asked_statuses() -> list[IncidentStatus] | None:
    """The states of the query, None if it names none; raises ApiError 400."""
    text = request.query.getunicode("status", "")
    words = [word.strip() for word in text.split(",") if word.strip()]
    try:
        return [IncidentStatus(word) for word in words] or None
    except ValueError as err:
        raise bad_request(f"'status' must be of {', '.join(STATUSES)}") from err


def _why(incident: Incident) -> str:
    match incident.status:
        case IncidentStatus.PENDING:
            return " yet"
        case IncidentStatus.UPLOADED:
            return " any more: it was delivered"
        case _:
            return f": {incident.last_error}" if incident.last_error else ""


def _unknown(incident_id: str) -> Exception:
    return not_found(f"there is no incident {incident_id}")
