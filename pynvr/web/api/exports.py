"""Ranges stored on the server as one MP4 each."""

import logging
from typing import cast

from bottle import HTTPResponse

from pynvr.base.errors import FormatChangesError, NothingRecordedError
from pynvr.playback.exports import Export, Exports
from pynvr.playback.range_plan import Gaps
from pynvr.playback.ranges import Ranges
from pynvr.playback.stored_range import ID_PATTERN, read_id
from pynvr.web.access import who
from pynvr.web.api.chosen import CAMERA_IDS, LIMIT, OFFSET, asked_cameras, page
from pynvr.web.api.given import TIME, given_camera, given_span, refuse_others
from pynvr.web.api.schemas import INSTANT, TEXT, list_of, record
from pynvr.web.api.tag_names import named_by_tags
from pynvr.web.body import body
from pynvr.web.envelope import envelope, enveloped
from pynvr.web.errors import ApiError, bad_request, conflict, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site
from pynvr.web.streaming import serve
from pynvr.web.times import seconds

_log = logging.getLogger(__name__)
_ID = Parameter("export_id", "path", "its id: the file's name without `.mp4`")
_EXPORT = record(
    {
        "id": TEXT,
        "camera_id": TEXT,
        "from": INSTANT,
        "to": INSTANT,
        "bytes": {"type": "integer", "description": "of the file, also before it is whole"},
        "state": {"type": "string", "enum": ["waiting", "making", "ready", "failed"]},
        "progress": {"type": "number", "description": "0 to 1"},
        "detail": {**TEXT, "description": "why it failed"},
        "made": {**INSTANT, "type": ["number", "null"]},
        "url": {"type": ["string", "null"], "description": "where it is fetched, once it is ready"},
    }
)


def routes(site: Site, exports: Exports | None = None) -> list[Route]:
    handlers = _Handlers(site, exports or Exports(Ranges(site.footage, site.store, site.clock), site.settings))
    viewer, admin = Access.VIEWER, Access.ADMIN
    return [
        Route(
            "GET",
            "/api/1/exports",
            handlers.all,
            viewer,
            "Stored ranges: those to come, then the finished ones, the newest first",
            (CAMERA_IDS, LIMIT, OFFSET),
            answer=enveloped(record({"exports": list_of(_EXPORT), "total": {"type": "integer"}})),
        ),
        Route(
            "POST",
            "/api/1/exports",
            handlers.order,
            admin,
            "Have a range stored as one MP4, in the background; it gives way first when the disk fills up",
            body=record(
                {"camera_id": TEXT, "from": TIME, "to": TIME},
                {"gaps": {"type": "string", "enum": ["close", "keep"], "default": "close"}},
            ),
            answer=enveloped(_EXPORT),
            status=202,
        ),
        Route(
            "GET",
            f"/api/1/exports/<export_id:re:{ID_PATTERN}>.mp4",
            handlers.fetch,
            viewer,
            "The file of a stored range; byte ranges, resumable",
            (_ID,),
            media_type="video/mp4",
        ),
        Route(
            "DELETE",
            f"/api/1/exports/<export_id:re:{ID_PATTERN}>",
            handlers.remove,
            admin,
            "Delete a stored range, or give up making it; what it was made of stays",
            (_ID,),
            status=204,
        ),
    ]


class _Handlers:
    def __init__(self, site: Site, exports: Exports) -> None:
        self._site = site
        self._exports = exports

    def all(self) -> dict[str, object]:
        camera_ids = asked_cameras()
        limit, offset = page()
        found = [export for export in self._exports.all() if camera_ids is None or export.name.camera_id in camera_ids]
        shown = [export_json(export) for export in found[offset : offset + limit]]
        return envelope(self._site, {"exports": shown, "total": len(found)})

    def order(self) -> dict[str, object]:
        refuse_others("camera_id", "from", "to", "gaps")
        camera_id = given_camera(self._site)
        from_us, to_us = given_span(self._site)
        gaps = body().get("gaps", "close")
        if gaps not in ("close", "keep"):
            raise bad_request("'gaps' must be close or keep")
        if to_us > self._site.clock.now_us():
            raise bad_request("'to' lies in the future: what is yet to come can't be stored")
        export = self._ordered(camera_id, from_us, to_us, cast(Gaps, gaps))  # one of the two words
        if export is None:
            raise conflict("this range is stored already, or is about to be; delete it first to have it made anew")
        _log.info("%s wants %s stored", who().name, export.name.id)
        return envelope(self._site, export_json(export))

    def fetch(self, export_id: str) -> HTTPResponse:
        source = self._exports.open(export_id)
        if source is None:
            raise not_found(f"there is no stored range {export_id}, or it isn't ready")
        name = read_id(export_id, self._site.settings().system.timezone)
        if name is not None:
            span = name.from_us, name.to_us
            source.filename = named_by_tags(self._site.store, name.camera_id, *span, source.filename)
        return serve(source, download=True)

    def remove(self, export_id: str) -> None:
        if not self._exports.remove(export_id):
            raise not_found(f"there is no stored range {export_id}")
        _log.info("%s deleted the stored range %s", who().name, export_id)

    def _ordered(self, camera_id: str, from_us: int, to_us: int, gaps: Gaps) -> Export | None:
        try:
            return self._exports.order(camera_id, from_us, to_us, gaps)
        except NothingRecordedError as err:
            raise not_found(str(err)) from err
        except FormatChangesError as err:
            parts = [{"from": seconds(begin), "to": seconds(end)} for begin, end in err.parts]
            raise ApiError(409, "format_changes", str(err), {"at": seconds(err.at_us), "parts": parts}) from err


def export_json(export: Export) -> dict[str, object]:
    name = export.name
    return {
        "id": name.id,
        "camera_id": name.camera_id,
        "from": seconds(name.from_us),
        "to": seconds(name.to_us),
        "bytes": export.file_bytes,
        "state": export.state,
        "progress": round(export.progress, 4),
        "detail": export.detail,
        "made": seconds(export.made_us) if export.made_us else None,
        "url": f"/api/1/exports/{name.id}.mp4" if export.state == "ready" else None,
    }
