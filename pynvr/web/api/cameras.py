"""The cameras of nvr.json, to see and to change."""

from collections.abc import Mapping

from bottle import response

from pynvr.config.camera_document import Document, camera_in
from pynvr.web.access import who
from pynvr.web.api import camera_notes
from pynvr.web.api.camera_edits import CameraEdits, Saved, known_camera
from pynvr.web.api.camera_json import CAMERA, KEYS, READ_ONLY, Stock, camera_json, for_viewers
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, LIMIT, LONGEST_LIST, OFFSET, page, removed_cameras
from pynvr.web.api.schemas import list_of, record
from pynvr.web.api.standing import current_status
from pynvr.web.body import body
from pynvr.web.camera_file import CameraFile, ids_in, plain
from pynvr.web.errors import conflict
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site

_RULE = f"/api/cameras/<camera_id:re:{CAMERA_PATTERN}>"
_SAVED = "; nvr.json is checked as a whole and written, and recording follows within two seconds"


def routes(site: Site, file: CameraFile, edits: CameraEdits) -> list[Route]:
    handlers = _Handlers(site, file, edits)
    viewer, admin = Access.VIEWER, Access.ADMIN
    whole = record({"url": KEYS["url"]}, {key: schema for key, schema in KEYS.items() if key != "url"})
    return [
        Route(
            "GET",
            "/api/cameras",
            handlers.all,
            viewer,
            "All cameras of nvr.json with their figures; `removed`: those of which only recordings are left",
            (Parameter("limit", "query", LIMIT.description, {**LIMIT.schema, "default": LONGEST_LIST}), OFFSET),
            answer=record(
                {"cameras": list_of(CAMERA), "total": {"type": "integer"}, "removed": list_of({"type": "object"})}
            ),
        ),
        Route(
            "POST",
            "/api/cameras",
            handlers.add,
            admin,
            f"Add a camera; without an `id` one is made of its name{_SAVED}",
            body=whole,
            answer=CAMERA,
            status=201,
        ),
        Route("GET", _RULE, handlers.one, viewer, "A camera; `ETag` names its state", (CAMERA_ID,), answer=CAMERA),
        Route(
            "PUT",
            _RULE,
            handlers.replace,
            admin,
            f"Replace what nvr.json says of a camera; with `If-Match` only in the state that this names{_SAVED}",
            (CAMERA_ID,),
            body=whole,
            answer=CAMERA,
        ),
        Route(
            "PATCH",
            _RULE,
            handlers.merge,
            admin,
            f"Change single keys of a camera; null takes a key away; `If-Match` as for PUT{_SAVED}",
            (CAMERA_ID,),
            body=record({}, KEYS),
            answer=CAMERA,
        ),
        Route(
            "DELETE",
            _RULE,
            edits.remove,
            admin,
            "Take a camera out of nvr.json; its recordings stay where they are, and can be watched",
            (CAMERA_ID,),
            status=204,
        ),
    ]


class _Handlers:
    def __init__(self, site: Site, file: CameraFile, edits: CameraEdits) -> None:
        self._site = site
        self._file = file
        self._edits = edits

    def all(self) -> dict[str, object]:
        document, settings = self._file.read(), self._site.settings()
        limit, offset = page(LONGEST_LIST)
        notes = camera_notes.noted(self._site, document, self._file.changed_us())
        status, stocks = current_status(self._site), self._stocks()
        ids = ids_in(document)
        shown = []
        for camera_id in ids[offset : offset + limit]:
            known = camera_in(document, camera_id)
            if known is not None:
                stock = self._stock(stocks, camera_id)
                shown.append(_seen(camera_json(known, settings.camera(camera_id), notes[camera_id], status, stock)))
        removed = [
            {"id": camera_id, "removed": True, "bytes": stock.file_bytes, "first": first, "last": last}
            for camera_id in removed_cameras(self._site)
            for stock in [self._stock(stocks, camera_id)]
            for first, last in [(stock.first_us / 1e6, stock.last_us / 1e6)]
        ]
        return {"cameras": shown, "total": len(ids), "removed": removed}

    def one(self, camera_id: str) -> dict[str, object]:
        document = self._file.read()
        camera = known_camera(document, camera_id)
        notes = camera_notes.noted(self._site, document, self._file.changed_us())
        return self._answer(Saved(camera, self._site.settings(), notes[camera_id]))

    def add(self) -> dict[str, object]:
        saved = self._edits.add(self._given())
        response.set_header("Location", f"/api/cameras/{saved.camera['id']}")
        return self._answer(saved)

    def replace(self, camera_id: str) -> dict[str, object]:
        return self._answer(self._edits.replace(camera_id, self._given(camera_id)))

    def merge(self, camera_id: str) -> dict[str, object]:
        return self._answer(self._edits.change(camera_id, self._given(camera_id)))

    def _given(self, camera_id: str = "") -> Document:
        """What the request says of the camera, without what answers add to it."""
        given = {key: value for key, value in plain(body()).items() if key not in READ_ONLY}
        if camera_id and given.get("id", camera_id) != camera_id:
            raise conflict("a camera's id can't be changed: its recordings are named by it; add another camera")
        return given

    def _answer(self, saved: Saved) -> dict[str, object]:
        camera_id = str(saved.camera["id"])
        response.set_header("ETag", f'"{self._file.revision(saved.camera)}"')
        response.set_header("Cache-Control", "private, no-cache")
        status, stock = current_status(self._site), self._stock(self._stocks(), camera_id)
        return _seen(camera_json(saved.camera, saved.settings.camera(camera_id), saved.note, status, stock))

    def _stocks(self) -> dict[str, int]:
        """Bytes on disk per camera."""
        held: dict[str, int] = {}
        for total in self._site.store.totals.cameras():
            held[total.camera_id] = held.get(total.camera_id, 0) + total.file_bytes
        return held

    def _stock(self, held: Mapping[str, int], camera_id: str) -> Stock:
        if camera_id not in held:
            return Stock()
        return Stock(held[camera_id], *self._site.store.axis.extent(camera_id))


def _seen(shown: dict[str, object]) -> dict[str, object]:
    return shown if who().role == "admin" else for_viewers(shown)
