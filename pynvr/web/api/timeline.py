"""The time axis: recorded, missing and why, activity, and what is marked on it, of several cameras at once."""

import base64

from bottle import request

from pynvr.model.cause import Cause
from pynvr.model.incident import Incident
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.timeline import UNKNOWN_LEVEL, CameraAxis, Timeline
from pynvr.store.coverage import Account
from pynvr.web.api.chosen import CAMERA_IDS, chosen_cameras
from pynvr.web.api.keeps import keep_json
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.api.seen import FINE_S, marks_between
from pynvr.web.api.tags import tag_json
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import bad_request
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.site import Site
from pynvr.web.times import query_range, seconds

LONGEST_S = 5 * 366 * 86_400
MOST_BUCKETS = 100_000
MOST_BUCKETS_IN_ALL = 2_000_000
# More of them are closer together than the pixels; the lists have all.
MOST_TAGS = 5000
MOST_INCIDENTS = 5000
_RESOLUTIONS: Schema = {"type": "number", "minimum": 1, "default": 60}
_LEVELS = [round(level / 254, 3) for level in range(UNKNOWN_LEVEL)]
_AXIS = record(
    {
        "spans": {"description": "[start, end] of what is recorded", **list_of(list_of(INSTANT))},
        "gaps": {
            "description": "[start, end, cause, detail] of what isn't, up to now",
            "type": "array",
            "items": {"type": "array"},
        },
        "activity": {
            "description": "a bucket each: the highest second's, 0 to 1, null = nothing recorded; or in base64 a byte "
            "each, 0 to 254, 255 = nothing recorded",
            "type": ["array", "string"],
        },
        "keeps": list_of({"type": "object"}),
        "tags": list_of({"type": "object"}),
        "incidents": {
            "description": "{id, time, start, end, status}: moments for which a clip is wanted, and its ends",
            **list_of({"type": "object"}),
        },
        "alerts": {
            "description": "{id, start, end, kind, viewed}: of a kind one a bucket, not viewed if one of them wasn't",
            **list_of({"type": "object"}),
        },
        "detections": {
            "description": "[start, end, kind] of what was seen again within seconds; empty from buckets of "
            f"{FINE_S} s on",
            "type": "array",
            "items": {"type": "array"},
        },
    }
)


def routes(site: Site, timeline: Timeline) -> list[Route]:
    return [
        Route(
            "GET",
            "/api/1/timeline",
            lambda: _timeline(site, timeline),
            Access.VIEWER,
            "What is recorded of cameras over a time, what is missing and why, activity, and marks",
            (
                CAMERA_IDS,
                Parameter("from", "query", "beginning", required=True),
                Parameter("to", "query", "end, exclusive", required=True),
                Parameter("resolution", "query", "seconds to a bucket of activity", _RESOLUTIONS),
                Parameter("encoding", "query", "how activity is written", {"type": "string", "enum": ["base64"]}),
            ),
            answer=enveloped(
                record(
                    {
                        "from": INSTANT,
                        "to": INSTANT,
                        "resolution": {"type": "number"},
                        "timezone": TEXT,
                        "now": INSTANT,
                        "cameras": {"type": "object", "additionalProperties": _AXIS},
                    }
                )
            ),
        )
    ]


def _timeline(site: Site, timeline: Timeline) -> dict[str, object]:
    settings = site.settings()
    camera_ids = chosen_cameras(site)
    from_us, to_us = query_range(settings.system.timezone, longest_s=LONGEST_S)
    bucket_us = _bucket_us(from_us, to_us, len(camera_ids))
    encoding = request.query.getunicode("encoding", "")
    if encoding not in ("", "base64"):
        raise bad_request("'encoding' can be base64, or not be there")
    now_us = site.clock.now_us()
    axes = timeline.axis(settings, camera_ids, from_us, to_us, bucket_us=bucket_us, now_us=now_us)
    keeps: dict[str, list[object]] = {}
    for keep in site.store.keeps.between(camera_ids, from_us, to_us):
        keeps.setdefault(keep.camera_id, []).append(keep_json(keep))
    tags: dict[str, list[object]] = {}
    for tag in site.store.tags.between(camera_ids, from_us, to_us, MOST_TAGS):
        tags.setdefault(tag.camera_id, []).append(tag_json(tag))
    incidents: dict[str, list[object]] = {}
    for incident in site.store.incidents.between(camera_ids, from_us, to_us, MOST_INCIDENTS):
        incidents.setdefault(incident.camera_id, []).append(_incident_json(incident))
    seen = marks_between(site.store, camera_ids, from_us, to_us, bucket_us)
    cameras = {
        camera_id: {
            **_axis(axis, encoding == "base64"),
            "keeps": keeps.get(camera_id, []),
            "tags": tags.get(camera_id, []),
            "incidents": incidents.get(camera_id, []),
            **seen[camera_id],
        }
        for camera_id, axis in axes.items()
    }
    answer = {
        "from": seconds(from_us),
        "to": seconds(to_us),
        "resolution": bucket_us / MICROSECONDS,
        "timezone": settings.system.timezone.key,
        "now": seconds(now_us),
        "cameras": cameras,
    }
    return envelope(site, answer)


def _incident_json(incident: Incident) -> dict[str, object]:
    return {
        "id": incident.id,
        "time": seconds(incident.incident_us),
        "start": seconds(incident.start_us),
        "end": seconds(incident.end_us),
        "status": incident.status.value,
    }


def _bucket_us(from_us: int, to_us: int, cameras: int) -> int:
    text = request.query.getunicode("resolution", "")
    try:
        resolution_s = float(text) if text else 60.0
    except ValueError:
        resolution_s = 0.0
    if not 1 <= resolution_s <= LONGEST_S:  # NaN isn't either
        raise bad_request("'resolution' must be seconds, 1 or more")
    bucket_us = round(resolution_s * MICROSECONDS)
    buckets = -(-(to_us - from_us) // bucket_us)
    if buckets > MOST_BUCKETS or buckets * cameras > MOST_BUCKETS_IN_ALL:
        least_s = (to_us - from_us) / MICROSECONDS / min(MOST_BUCKETS, MOST_BUCKETS_IN_ALL // max(1, cameras))
        raise bad_request(f"'resolution' is too fine for so long a time; at least {least_s:.0f} s will do")
    return bucket_us


def _axis(axis: CameraAxis, in_base64: bool) -> dict[str, object]:
    spans: list[list[float]] = []
    gaps: list[list[object]] = []
    for account in axis.accounts:
        if account.cause is Cause.RECORDED:
            spans.append([seconds(account.start_us), seconds(account.end_us)])
        else:
            gaps.append(gap_json(account))
    activity: object = (
        base64.b64encode(axis.activity).decode()
        if in_base64
        else [None if level == UNKNOWN_LEVEL else _LEVELS[level] for level in axis.activity]
    )
    return {"spans": spans, "gaps": gaps, "activity": activity}


def gap_json(account: Account) -> list[object]:
    return [seconds(account.start_us), seconds(account.end_us), account.cause.value, account.detail]
