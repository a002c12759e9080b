"""What the audit log says of each route that changes something; a test finds routes without words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pynvr.model.audit import Level


@dataclass(frozen=True, slots=True)
class Words:
    """Of a call that was answered well.

    `text`: a sentence with the names of the address, of the request's and of the answer's JSON (where those are plain
    values), and of `Deed.names`; `{span}` and `{moment}` are the answer's `start` and `end` in words. `subject`: the
    name of what it was done to, beside the camera. `often`: a program may do it all the time, so it is told in sums.
    `refused`: what is said of answers with these statuses, which say nothing otherwise.
    """

    action: str
    text: str
    subject: str = ""
    level: Level = Level.INFO
    often: bool = False
    refused: Mapping[int, "Words"] = field(default_factory=dict)


_WARNING = Level.WARNING
_TRIED = "too many guesses at passwords: refused for a while"
_LIMITED = Words("login.limited", _TRIED, level=_WARNING, often=True)
_LOGIN_REFUSED = Words("login.refused", "login refused: name or password is wrong", level=_WARNING, often=True)
_CAMERA_CHANGED = Words("camera.change", "camera {camera_id} changed{keys}")
_CAMERA_ADDED = Words("camera.add", "camera {id} added")
_CAMERA_REMOVED = Words("camera.remove", "camera {camera_id} taken out of the configuration", level=_WARNING)
_SPAN = "camera {camera_id}, {span}"

WORDS: Mapping[str, Words] = {
    "POST /api/login": Words("login", "logged in", refused={401: _LOGIN_REFUSED, 429: _LIMITED}),
    "POST /api/logout": Words("logout", "logged out"),
    "POST /api/setup": Words(
        "user.add",
        "made the first user, {name}",
        "name",
        refused={
            403: Words("setup.refused", "setup refused: the code is wrong", level=_WARNING, often=True),
            429: _LIMITED,
        },
    ),
    "POST /api/me/password": Words(
        "password.change",
        "changed the own password; other browsers are logged out",
        refused={
            422: Words("password.refused", "change of the own password refused", level=_WARNING, often=True),
            429: _LIMITED,
        },
    ),
    "DELETE /api/me/sessions/{session_id}": Words("session.end", "logged out another browser", "session_id"),
    "POST /api/users": Words("user.add", "user {name} added, with the role {role}", "name"),
    "PATCH /api/users/{name}": Words("user.change", "user {name}: {changed}", "name"),
    "DELETE /api/users/{name}": Words("user.remove", "user {name} removed", "name", _WARNING),
    "POST /api/tokens": Words("token.add", "token {name} made, with the role {role}", "name"),
    "DELETE /api/tokens/{name}": Words("token.remove", "token {name} ended", "name", _WARNING),
    "POST /api/cameras": _CAMERA_ADDED,
    "PUT /api/cameras/{camera_id}": _CAMERA_CHANGED,
    "PATCH /api/cameras/{camera_id}": _CAMERA_CHANGED,
    "DELETE /api/cameras/{camera_id}": _CAMERA_REMOVED,
    "POST /api/cameras/test": Words("camera.test", "tried out a camera {id}"),
    "POST /api/cameras/{camera_id}/restart": Words("camera.restart", "restarted the recorder of camera {camera_id}"),
    "POST /api/streams": _CAMERA_ADDED,
    "PATCH /api/streams/{camera_id}": _CAMERA_CHANGED,
    "PATCH /api/streams/{camera_id}/status": Words("camera.change", "camera {camera_id}: {action} recording"),
    "DELETE /api/streams/{camera_id}": _CAMERA_REMOVED,
    "POST /api/system/start": Words("system.start", "switched recording of all cameras on"),
    "POST /api/system/stop": Words("system.stop", "switched recording of all cameras off", level=_WARNING),
    "POST /api/1/keeps": Words("keep.add", f"{_SPAN}: kept", "id"),
    "DELETE /api/1/keeps/{keep_id}": Words("keep.remove", f"{_SPAN}: not kept any more", "keep_id", _WARNING),
    "POST /api/1/tags": Words("tag.add", "camera {camera_id}, {moment}: tag “{label}”", "id", often=True),
    "PATCH /api/1/tags/{tag_id}": Words("tag.change", "camera {camera_id}, {moment}: tag is now “{label}”", "id"),
    "DELETE /api/1/tags/{tag_id}": Words(
        "tag.remove", "camera {camera_id}, {moment}: tag “{label}” taken away", "tag_id"
    ),
    "POST /api/1/exports": Words("export.add", "camera {camera_id}, {span}: to be stored as one MP4", "id"),
    "DELETE /api/1/exports/{export_id}": Words("export.remove", "stored range {export_id} deleted", "export_id"),
    "POST /api/detections": Words("detection.add", "camera {stream}: reported {kind}", "id", often=True),
    "DELETE /api/detections/{detection_id}": Words(
        "detection.remove", "detection {detection_id} deleted, with its alert and picture", "detection_id", often=True
    ),
    "PATCH /api/alerts/{alert_id}": Words("alert.viewed", "alert {alert_id}: {seen}", "alert_id", often=True),
    "POST /api/alerts/viewed": Words("alert.viewed", "{changed} alerts marked as seen"),
    "DELETE /api/alerts/{alert_id}": Words("alert.remove", "alert {alert_id} deleted", "alert_id", often=True),
    "POST /start": Words("capture.start", "capture of {url} started", "id"),
    "POST /stop": Words("capture.stop", "a capture stopped"),
    "DELETE /api/captures/{capture_id}": Words("capture.remove", "capture {capture_id} deleted", "capture_id"),
    "POST /api/incidents": Words("incident.add", "camera {camera_id}: incident {id} reported", "id"),
    "POST /api/incidents/{incident_id}/retry": Words(
        "incident.retry", "incident {incident_id}: to be tried again at once", "incident_id"
    ),
    "DELETE /api/incidents/{incident_id}": Words("incident.remove", "incident {incident_id} deleted", "incident_id"),
    "GET /api/system/report.zip": Words("report.download", "took a report of trouble away"),
    "GET /api/logs.csv": Words("log.download", "took the log away as a file"),
    "GET /api/logs.json": Words("log.download", "took the log away as a file"),
}

# They look, and change nothing.
SILENT = frozenset({"POST /api/1/camera/{camera_id}/find-change"})
