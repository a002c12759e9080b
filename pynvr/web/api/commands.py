"""What an admin has the master do: a camera's recorder started anew, recording of all cameras off and on."""

import logging
import time

from pynvr.web.access import who
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN
from pynvr.web.api.schemas import TEXT, record
from pynvr.web.routing import Access, Route
from pynvr.web.site import Site

_SHOWN_WITHIN_S = 3.0
_NAP_S = 0.05

_log = logging.getLogger(__name__)


def routes(site: Site) -> list[Route]:
    return [
        Route(
            "POST",
            f"/api/cameras/<camera_id:re:{CAMERA_PATTERN}>/restart",
            lambda camera_id: _restart(site, camera_id),
            Access.ADMIN,
            "Start a camera's recorder anew; what it recorded so far becomes a segment. 409 if it has none now",
            (CAMERA_ID,),
            answer=record({"id": TEXT, "status": TEXT}),
            status=202,
        ),
        Route(
            "POST",
            "/api/system/start",
            lambda: _switch(site, on=True),
            Access.ADMIN,
            "Switch recording of all cameras on",
            answer=record({"recording": {"type": "boolean"}}),
        ),
        Route(
            "POST",
            "/api/system/stop",
            lambda: _switch(site, on=False),
            Access.ADMIN,
            "Switch recording of all cameras off, until it is switched on, also over restarts; all else goes on",
            answer=record({"recording": {"type": "boolean"}}),
        ),
    ]


def _restart(site: Site, camera_id: str) -> dict[str, object]:
    site.wishes.ask("camera.restart", camera_id=camera_id)
    _log.info("%s restarted camera %s", who().name, camera_id)
    return {"id": camera_id, "status": "starting"}


def _switch(site: Site, on: bool) -> dict[str, object]:
    site.wishes.ask("system.start" if on else "system.stop")
    _log.info("%s switched recording of all cameras %s", who().name, "on" if on else "off")
    # Whoever looks next is to see it.
    until_s = time.monotonic() + _SHOWN_WITHIN_S
    while time.monotonic() < until_s and not _shows(site, on):
        time.sleep(_NAP_S)
    return {"recording": on}


def _shows(site: Site, on: bool) -> bool:
    status = site.status()
    return status is not None and bool(status.program.recording_off_us) is not on
