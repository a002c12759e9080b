"""An incident as the interface shows it; also the commands, so that scripts read the same."""

from pynvr.model.cause import Cause
from pynvr.model.incident import Incident, IncidentStatus
from pynvr.model.ticks import MICROSECONDS
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.routing import Schema

_MAYBE: Schema = {**INSTANT, "type": ["number", "null"]}
STATUSES = [status.value for status in IncidentStatus]
_MISSING = record(
    {"start": INSTANT, "end": INSTANT, "cause": {**TEXT, "enum": [cause.value for cause in Cause]}, "detail": TEXT}
)
INCIDENT = record(
    {
        "id": {"type": "integer"},
        "key": {**TEXT, "description": "header Idempotency-Key of its deliveries: the same for repeats"},
        "camera_id": TEXT,
        "incident_time": INSTANT,
        "pre_seconds": {"type": "number"},
        "post_seconds": {"type": "number"},
        "start": {**INSTANT, "description": "of what is wanted"},
        "end": INSTANT,
        "exact": {"type": "boolean"},
        "codec": {**TEXT, "enum": ["copy", "h264"]},
        "note": TEXT,
        "deliver": {"type": "boolean", "description": "whether it is to be delivered to its camera's post_url"},
        "upload_status": {**TEXT, "enum": STATUSES},
        "attempts": {"type": "integer", "description": "deliveries that were begun"},
        "next_try": _MAYBE,
        "last_error": TEXT,
        "created_at": INSTANT,
        "created_by": {**TEXT, "description": "user or token; empty = the command line"},
        "extracted_at": _MAYBE,
        "uploaded_at": _MAYBE,
        "failed_at": _MAYBE,
        "clip_url": {"type": ["string", "null"], "description": "null = there is no clip yet, or any more"},
        "clip_bytes": {"type": ["integer", "null"]},
        "clip_start": {**_MAYBE, "description": "the first instant that the clip shows"},
        "clip_end": _MAYBE,
        "missing": list_of(_MISSING),
        "missing_seconds": {"type": "number"},
    }
)


def incident_json(incident: Incident) -> dict[str, object]:
    missing_us = sum(span.end_us - span.start_us for span in incident.missing)
    return {
        "id": incident.id,
        "key": incident.key,
        "camera_id": incident.camera_id,
        "incident_time": _s(incident.incident_us),
        "pre_seconds": _s(incident.pre_us),
        "post_seconds": _s(incident.post_us),
        "start": _s(incident.start_us),
        "end": _s(incident.end_us),
        "exact": incident.exact,
        "codec": incident.codec,
        "note": incident.note,
        "deliver": incident.deliver,
        "upload_status": incident.status.value,
        "attempts": incident.attempts,
        "next_try": _s(incident.next_try_us),
        "last_error": incident.last_error,
        "created_at": _s(incident.created_us),
        "created_by": incident.created_by,
        "extracted_at": _s(incident.extracted_us),
        "uploaded_at": _s(incident.uploaded_us),
        "failed_at": _s(incident.failed_us),
        "clip_url": f"/api/incidents/{incident.id}/clip.mp4" if incident.has_clip else None,
        "clip_bytes": incident.clip_bytes,
        "clip_start": _s(incident.clip_start_us),
        "clip_end": _s(incident.clip_end_us),
        "missing": [
            {"start": _s(span.start_us), "end": _s(span.end_us), "cause": span.cause.value, "detail": span.detail}
            for span in incident.missing
        ],
        "missing_seconds": _s(missing_us),
    }


def _s(us: int | None) -> float | None:
    return None if us is None else us / MICROSECONDS
