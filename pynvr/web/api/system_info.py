"""How PyNVR itself does: processes, disks with a forecast, problems, its log."""

from bottle import request

from pynvr.model.status import ProcessStatus, Status
from pynvr.web.api.chosen import whole_number
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.disk_outlook import Outlook, outlooks
from pynvr.web.errors import ApiError, bad_request, not_found
from pynvr.web.forecast import DAY_US
from pynvr.web.health import Health, judged
from pynvr.web.log_tail import LEVELS, last_records
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.site import Site

MOST_LINES = 2000
_LINES = 200
_RECORDER = "recorder "

_NUMBER: Schema = {"type": "number"}
_WHOLE: Schema = {"type": "integer"}
_INSTANT_OR_NULL: Schema = {**INSTANT, "type": ["number", "null"]}
_NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}

_PROCESS = record(
    {
        "name": TEXT,
        "kind": TEXT,
        "pid": {**_WHOLE, "description": "0 while it waits to be started again."},
        "state": TEXT,
        "uptime": {**_NUMBER, "description": "Seconds."},
        "restarts": _WHOLE,
        "last_beat": {**_NUMBER_OR_NULL, "description": "Seconds since its last word."},
        "memory": {**_WHOLE, "description": "Bytes; what processes share counts once among them."},
        "detail": TEXT,
    }
)
_DAYS = record(
    {
        "now_days": {**_NUMBER_OR_NULL, "description": "How far back it reaches now."},
        "forecast_days": {**_NUMBER_OR_NULL, "description": "How far in the long run; null = nothing is deleted."},
    }
)
_DISK = record(
    {
        "folder": TEXT,
        "total": _WHOLE,
        "used": _WHOLE,
        "free": _WHOLE,
        "cameras": list_of(TEXT),
        "bytes_per_day": _NUMBER,
        "recorded_always": {"type": "boolean", "description": "No camera there is recorded by schedule or motion."},
        "room": {
            **_WHOLE,
            "description": "Bytes that recordings may take in all, by the reaper's rules if it has any.",
        },
        "full_at": {**_INSTANT_OR_NULL, "description": "null = never, as far as can be seen."},
        "days_kept": {"type": "object", "additionalProperties": _DAYS},
    }
)
_SYSTEM = record(
    {
        "name": TEXT,
        "version": TEXT,
        "state": {"type": "string", "enum": ["starting", "running", "stopping", "stopped"]},
        "since": INSTANT,
        "timezone": TEXT,
        "health": {"type": "string", "enum": [*Health]},
        "reason": {"type": "string", "description": "Why the health isn't ok."},
        "processes": list_of(_PROCESS),
        "disks": list_of(_DISK),
        "recording_off": {**_INSTANT_OR_NULL, "description": "Since when recording of all cameras is off; null = on."},
        "problems": list_of(record({"about": TEXT, "detail": TEXT, "since": INSTANT})),
    }
)
_THREAD = record(
    {
        "name": TEXT,
        "status": TEXT,
        "kind": TEXT,
        "pid": _WHOLE,
        "uptime": _NUMBER,
        "restarts": _WHOLE,
        "last_heartbeat": _INSTANT_OR_NULL,
        "memory": _WHOLE,
        "detail": TEXT,
    }
)
_LOG = record({"lines": list_of(record({"time": INSTANT, "level": TEXT, "process": TEXT, "text": TEXT}))})


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "GET",
            "/api/system",
            lambda: _system(site),
            Access.VIEWER,
            "The program: processes, problems, disks and how long they will last",
            answer=_SYSTEM,
        ),
        Route(
            "GET",
            "/api/threads",
            lambda: _threads(_status(site)),
            Access.VIEWER,
            "Every process",
            answer=list_of(_THREAD),
        ),
        Route(
            "GET",
            "/api/system/log",
            lambda: _log(site),
            Access.ADMIN,
            "The last lines of the log, oldest first",
            (
                Parameter(
                    "lines",
                    "query",
                    f"how many, up to {MOST_LINES}",
                    {"type": "integer", "minimum": 1, "maximum": MOST_LINES, "default": _LINES},
                ),
                Parameter("level", "query", "this level and worse", {"type": "string", "enum": list(LEVELS)}),
                Parameter("process", "query", "this process alone; a camera's own log is that of `recorder <id>`"),
            ),
            answer=_LOG,
        ),
    ]


def _status(site: Site) -> Status:
    status = site.status()
    if status is None:
        raise ApiError(503, "no_status", "the program has written no status yet", headers={"Retry-After": "2"})
    return status


def _system(site: Site) -> dict[str, object]:
    status, now_us = _status(site), site.clock.now_us()
    finding = judged(status, now_us)
    program = status.program
    return {
        "name": program.name,
        "version": program.version,
        "state": program.state,
        "since": program.since_us / 1e6,
        "timezone": program.timezone,
        "health": finding.health,
        "reason": finding.reason,
        "processes": [
            {
                "name": process.name,
                "kind": process.kind,
                "pid": process.pid,
                "state": process.state,
                "uptime": process.uptime_s,
                "restarts": process.restarts,
                "last_beat": process.last_beat_s,
                "memory": process.memory_bytes,
                "detail": process.detail,
            }
            for process in status.processes
        ],
        "disks": [_disk(found, now_us) for found in outlooks(status.disks, site.settings(), site.store, now_us)],
        "recording_off": program.recording_off_us / 1e6 if program.recording_off_us else None,
        "problems": [
            {"about": problem.about, "detail": problem.detail, "since": problem.since_us / 1e6}
            for problem in status.problems
        ],
    }


def _disk(found: Outlook, now_us: int) -> dict[str, object]:
    disk, full_days = found.disk, found.forecast.full_days
    return {
        "folder": disk.folder,
        "total": disk.total_bytes,
        "used": disk.used_bytes,
        "free": disk.free_bytes,
        "cameras": list(disk.cameras),
        "bytes_per_day": round(found.bytes_per_day),
        "recorded_always": found.is_always,
        "room": found.forecast.room_bytes,
        "full_at": None if full_days is None else (now_us + full_days * DAY_US) / 1e6,
        "days_kept": {
            load.camera_id: {
                "now_days": _rounded(_days_since(found.since_us.get(load.camera_id), now_us)),
                "forecast_days": _rounded(found.forecast.kept_days.get(load.camera_id)),
            }
            for load in found.loads
        },
    }


def _days_since(since_us: int | None, now_us: int) -> float | None:
    return None if since_us is None else max(0.0, (now_us - since_us) / DAY_US)


def _rounded(days: float | None) -> float | None:
    # To the second, as the cameras' own pages say it.
    return None if days is None else round(days, 5)


def _threads(status: Status) -> list[dict[str, object]]:
    return [_thread(process, status) for process in status.processes]


def _thread(process: ProcessStatus, status: Status) -> dict[str, object]:
    beat_s = process.last_beat_s
    return {
        "name": process.name,
        "status": process.state,
        "kind": process.kind,
        "pid": process.pid,
        "uptime": process.uptime_s,
        "restarts": process.restarts,
        "last_heartbeat": None if beat_s is None else status.program.written_us / 1e6 - beat_s,
        "memory": process.memory_bytes,
        "detail": process.detail,
    }


def _log(site: Site) -> dict[str, object]:
    query = request.query
    count = whole_number("lines", 1, MOST_LINES, _LINES)
    level = query.get("level", LEVELS[0]).upper()
    if level not in LEVELS:
        raise bad_request(f"'level' must be one of {', '.join(LEVELS)}")
    process = query.getunicode("process", "")
    system = site.settings().system
    path = system.log_dir / "pynvr.log"
    if process.startswith(_RECORDER):
        # No path is made of what a request says: the camera's own id names the file.
        camera = site.settings().camera(process.removeprefix(_RECORDER))
        if camera is None:
            raise not_found(f"there is no process {process!r}")
        path = system.camera_log_dir / f"{camera.id}.log"
    try:
        records = last_records(path, count, level, process)
    except FileNotFoundError:
        records = []
    except OSError as err:
        raise ApiError(503, "log", f"the log can't be read: {err.strerror}") from err
    return {
        "lines": [{"time": one.time_s, "level": one.level, "process": one.process, "text": one.text} for one in records]
    }
