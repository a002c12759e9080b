"""Cameras and days: what there is to see."""

from pynvr.model.cause import Cause
from pynvr.model.stamp import day_named
from pynvr.playback.timeline import Timeline
from pynvr.store.totals import DayTotal
from pynvr.web.api.chosen import (
    CAMERA_ID,
    CAMERA_IDS,
    CAMERA_PATTERN,
    asked_cameras,
    recorded_cameras,
    refuse_unknown,
    removed_cameras,
)
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.api.standing import current_status, is_recording, is_resting, standing_of, status_word
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import bad_request, not_found
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.site import Site
from pynvr.web.times import seconds

_IDS = list_of(TEXT)
_STAMP: Schema = {"type": ["string", "null"], "description": "YYYYMMDD.HHMM[SS][b], null if there is none"}
_CAMERA = record(
    {
        "id": TEXT,
        "name": TEXT,
        "enabled": {"type": "boolean"},
        "removed": {"type": "boolean", "description": "Not in nvr.json any more; its recordings stay."},
        "status": {**TEXT, "description": "`recording`, or why not."},
        "detail": TEXT,
        "days": {**_IDS, "description": "YYYYMMDD"},
        "ranges": {"description": "[start, end] in epoch seconds, without holes", **list_of(list_of(INSTANT))},
        "first": {**INSTANT, "type": ["number", "null"]},
        "last": {**INSTANT, "type": ["number", "null"]},
        "bytes": {"type": "integer"},
    }
)


def routes(site: Site, timeline: Timeline) -> list[Route]:
    handlers = _Handlers(site, timeline)
    viewer = Access.VIEWER
    return [
        Route(
            "GET",
            "/api/1/system.json",
            handlers.system,
            viewer,
            "Whether all is well, and which enabled cameras are being recorded now",
            answer=enveloped(
                record(
                    {
                        "status": {"type": "string", "enum": ["running", "error"]},
                        "cameras": {"type": "object", "additionalProperties": {"type": "boolean"}},
                    },
                    {
                        "recording_off": {**INSTANT, "description": "Since when recording of all cameras is off."},
                        "resting": {**_IDS, "description": "Enabled ones that needn't be recorded now."},
                    },
                )
            ),
        ),
        Route(
            "GET",
            "/api/1/cameras.json",
            handlers.cameras,
            viewer,
            "Ids of the enabled cameras; `removed`: of those that left nvr.json and whose recordings are here",
            answer=enveloped(record({"cameras": _IDS, "removed": _IDS})),
        ),
        Route(
            "GET",
            r"/api/1/cameras/<day:re:\d{8}>",
            handlers.day,
            viewer,
            "The stamps of a local day, each with the cameras that have a segment of just this stamp",
            (
                Parameter("day", "path", "YYYYMMDD"),
                Parameter(
                    "camera_ids", "query", CAMERA_IDS.description.replace("every camera of nvr.json", "all of the day")
                ),
            ),
            answer=enveloped(
                record(
                    {
                        "min": _STAMP,
                        "max": _STAMP,
                        "camera_ids": _IDS,
                        "dates": {"type": "object", "additionalProperties": _IDS},
                    }
                )
            ),
        ),
        Route(
            "GET",
            f"/api/1/camera/<camera_id:re:{CAMERA_PATTERN}>.json",
            handlers.camera,
            viewer,
            "A camera: how it stands, its days and continuous ranges",
            (CAMERA_ID,),
            answer=enveloped(_CAMERA),
        ),
    ]


class _Handlers:
    def __init__(self, site: Site, timeline: Timeline) -> None:
        self._site = site
        self._timeline = timeline

    def system(self) -> dict[str, object]:
        site = self._site
        status = current_status(site)
        is_well = status is not None and status.program.state == "running" and not status.in_error
        cameras = {
            camera.id: is_recording(standing_of(status, camera.id))
            for camera in site.settings().cameras
            if camera.enabled
        }
        off_us = status.program.recording_off_us if status is not None else 0
        off = {"recording_off": off_us / 1e6} if off_us else {}
        resting = [camera_id for camera_id in cameras if is_resting(standing_of(status, camera_id))]
        found = {"status": "running" if is_well else "error", "cameras": cameras, **off}
        return envelope(site, found | ({"resting": resting} if resting else {}))

    def cameras(self) -> dict[str, object]:
        enabled = [camera.id for camera in self._site.settings().cameras if camera.enabled]
        return envelope(self._site, {"cameras": enabled, "removed": removed_cameras(self._site)})

    def day(self, day: str) -> dict[str, object]:
        site = self._site
        try:
            day_named(day, site.settings().system.timezone)
        except (ValueError, OverflowError) as err:
            raise bad_request(f"there is no day {day} (YYYYMMDD)") from err
        asked = asked_cameras()
        if asked is None:
            asked = [camera.id for camera in site.settings().cameras if camera.enabled]
            others = {total.camera_id for total in site.store.totals.days(None, day, day)} - set(asked)
            asked += sorted(others)
        else:
            refuse_unknown(site, asked)
        dates: dict[str, list[str]] = {}
        for camera_id, stamps in site.store.axis.stamps(asked, day).items():
            for stamp in stamps:
                dates.setdefault(stamp, []).append(camera_id)
        # In order of time: a night in autumn has stamps that end in b, and come an hour later than they look.
        ordered = sorted(dates, key=lambda stamp: (stamp[:11] + "~" + stamp[11:]) if stamp.endswith("b") else stamp)
        return envelope(
            site,
            {
                "min": ordered[0] if ordered else None,
                "max": ordered[-1] if ordered else None,
                "camera_ids": asked,
                "dates": {stamp: dates[stamp] for stamp in ordered},
            },
        )

    def camera(self, camera_id: str) -> dict[str, object]:
        site = self._site
        settings = site.settings()
        camera = settings.camera(camera_id)
        if camera is None and camera_id not in recorded_cameras(site):
            raise not_found(f"there is no camera {camera_id!r}")
        status = current_status(site)
        standing = standing_of(status, camera_id)
        days = site.store.totals.days([camera_id])
        ranges = self._ranges(camera_id)
        return envelope(
            site,
            {
                "id": camera_id,
                "name": camera.name if camera else camera_id,
                "enabled": camera.enabled if camera else False,
                "removed": camera is None,
                "status": status_word(status, camera),
                "detail": standing.detail if standing else "",
                "days": [total.day for total in days],
                "ranges": ranges,
                "first": ranges[0][0] if ranges else None,
                "last": ranges[-1][1] if ranges else None,
                "bytes": _bytes(days),
            },
        )

    def _ranges(self, camera_id: str) -> list[list[float]]:
        """All that is recorded, joined where it touches."""
        now_us = self._site.clock.now_us()
        first_us, last_us = self._site.store.axis.extent(camera_id)
        settings = self._site.settings()
        to_us = max(now_us, last_us)
        covered = self._timeline.coverage(
            settings, [camera_id], min(first_us or now_us, now_us - 1), to_us, now_us=to_us
        )[camera_id]
        return [
            [seconds(account.start_us), seconds(account.end_us)]
            for account in covered.accounts
            if account.cause is Cause.RECORDED
        ]


def _bytes(days: list[DayTotal]) -> int:
    return sum(total.file_bytes for total in days)
