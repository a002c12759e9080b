"""An incident as the fields of the form that goes with its clip. Pure."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pynvr.model.incident import Incident
from pynvr.model.stamp import stamp_of


def fields_of(incident: Incident, camera_name: str, system_name: str) -> list[tuple[str, str]]:
    """Named as in the HTTP interface; instants are epoch seconds, the incident's also in ISO 8601 (UTC).

    The form's last field is the file.
    """
    missing = [
        {
            "start": span.start_us / 1e6,
            "end": span.end_us / 1e6,
            "cause": span.cause.value,
            "detail": span.detail,
        }
        for span in incident.missing
    ]
    return [
        ("id", str(incident.id)),
        ("key", incident.key),
        ("attempt", str(incident.attempts)),
        ("camera_id", incident.camera_id),
        ("camera_name", camera_name),
        ("incident_time", _seconds(incident.incident_us)),
        ("iso_time", _iso(incident.incident_us)),
        ("pre_seconds", f"{incident.pre_us / 1e6:.6g}"),
        ("post_seconds", f"{incident.post_us / 1e6:.6g}"),
        ("clip_start", _seconds(incident.clip_start_us)),
        ("clip_end", _seconds(incident.clip_end_us)),
        ("missing", json.dumps(missing, ensure_ascii=False)),
        ("note", incident.note),
        ("created_at", _seconds(incident.created_us)),
        ("created_by", incident.created_by),
        ("system", system_name),
    ]


def file_name(incident: Incident, zone: ZoneInfo) -> str:
    """`gate.20261121.142205.mp4`, in local time as segments are named."""
    return f"{incident.camera_id}.{stamp_of(incident.incident_us, zone, seconds=True)}.mp4"


def _seconds(at_us: int | None) -> str:
    return "" if at_us is None else f"{at_us // 1_000_000}.{at_us % 1_000_000:06d}"


def _iso(at_us: int) -> str:
    whole = datetime.fromtimestamp(at_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{at_us % 1_000_000:06d}Z"
