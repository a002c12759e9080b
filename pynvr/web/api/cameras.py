"""The cameras of nvr.json, to see and to change."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bottle import request, response

from pynvr.base.redaction import MASK
from pynvr.config.camera_document import Document, camera_in, free_id, merged, with_camera, without_camera
from pynvr.config.delivery_secrets import DeliveryMaskError, unmask_delivery
from pynvr.config.masked_url import MaskError, masked, unmasked
from pynvr.config.sub_stream_url import unmask_sub_stream
from pynvr.model.settings import Settings
from pynvr.web.access import who
from pynvr.web.api import camera_notes
from pynvr.web.api.camera_json import CAMERA, KEYS, READ_ONLY, Stock, camera_json, for_viewers
from pynvr.web.api.chosen import CAMERA_ID, CAMERA_PATTERN, LIMIT, LONGEST_LIST, OFFSET, page, removed_cameras
from pynvr.web.api.schemas import list_of, record
from pynvr.web.api.standing import current_status
from pynvr.web.audit.camera_changes import tell_changes
from pynvr.web.body import body
from pynvr.web.camera_file import CameraFile, ids_in, plain
from pynvr.web.errors import ApiError, conflict, not_found
from pynvr.web.routing import Access, Parameter, Route
from pynvr.web.site import Site

_log = logging.getLogger(__name__)
_RULE = f"/api/cameras/<camera_id:re:{CAMERA_PATTERN}>"
_SAVED = "; nvr.json is checked as a whole and written, and recording follows within two seconds"


def routes(site: Site, handlers: "CameraHandlers") -> list[Route]:
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
            handlers.remove,
            admin,
            "Take a camera out of nvr.json; its recordings stay where they are, and can be watched",
            (CAMERA_ID,),
            status=204,
        ),
    ]


class CameraHandlers:
    """What a request does to the cameras of nvr.json; one for the process, for it holds the file's lock."""

    def __init__(self, site: Site, file: CameraFile) -> None:
        self._site = site
        self._file = file

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
        camera = self._known(document, camera_id)
        notes = camera_notes.noted(self._site, document, self._file.changed_us())
        return self._answer(camera, self._site.settings(), notes[camera_id])

    def add(self) -> dict[str, object]:
        return self.save_new(self._given())

    def save_new(self, given: Document) -> dict[str, object]:
        """Add a camera, of whose keys some are given."""

        def put(document: Document) -> tuple[Document, str]:
            ids = ids_in(document)
            camera = {**given, "id": given.get("id") or free_id(str(given.get("name", "")), ids)}
            if camera["id"] in ids:
                raise conflict(f"there is a camera {camera['id']!r} already")
            _with_urls(camera, {}, is_patch=False)
            return with_camera(document, camera), camera["id"]

        return self._save(put, is_new=True)

    def replace(self, camera_id: str) -> dict[str, object]:
        given = self._given(camera_id)

        def put(document: Document) -> tuple[Document, str]:
            known = self._matched(document, camera_id)
            camera = {**given, "id": camera_id}
            self._drop_echoes(camera, known, camera_id)
            _with_urls(camera, known, is_patch=False)
            return with_camera(document, camera), camera_id

        return self._save(put)

    def merge(self, camera_id: str) -> dict[str, object]:
        return self.save_merged(camera_id, self._given(camera_id))

    def save_merged(self, camera_id: str, given: Document) -> dict[str, object]:
        """Change the given keys of a camera."""

        def put(document: Document) -> tuple[Document, str]:
            known = self._matched(document, camera_id)
            patch = dict(given)
            self._drop_echoes(patch, known, camera_id)
            _with_urls(patch, known, is_patch=True)
            camera = merged(plain(known), patch)
            assert isinstance(camera, dict)
            return with_camera(document, {**camera, "id": camera_id}), camera_id

        return self._save(put)

    def remove(self, camera_id: str) -> None:
        def take(document: Document) -> tuple[Document, str]:
            self._matched(document, camera_id)
            return without_camera(document, camera_id), camera_id

        self._file.change(take)
        camera_notes.forget(self._site, camera_id)
        _log.info("camera %s was taken out of nvr.json by %s; its recordings stay", camera_id, who().name)

    def _save(self, put: Callable[[Document], tuple[Document, str]], is_new: bool = False) -> dict[str, object]:
        saved: list[str] = []
        before: list[Document] = []

        def change(document: Document) -> tuple[Document, str]:
            changed, camera_id = put(document)
            saved.append(camera_id)
            before.append(camera_in(document, camera_id) or {})
            return changed, camera_id

        document, settings = self._file.change(change)
        camera_id = saved[0]
        camera = camera_in(document, camera_id)
        assert camera is not None
        note = camera_notes.note_saved(self._site, camera, is_new)
        tell_changes(camera_id, {} if is_new else before[0], camera)
        _log.info("camera %s was %s in nvr.json by %s", camera_id, "added" if is_new else "changed", who().name)
        if is_new:
            response.set_header("Location", f"/api/cameras/{camera_id}")
        return self._answer(camera, settings, note)

    def _given(self, camera_id: str = "") -> Document:
        """What the request says of the camera, without what answers add to it."""
        given = {key: value for key, value in plain(body()).items() if key not in READ_ONLY}
        if camera_id and given.get("id", camera_id) != camera_id:
            raise conflict("a camera's id can't be changed: its recordings are named by it; add another camera")
        return given

    def _drop_echoes(self, given: Document, known: Document, camera_id: str) -> None:
        """Answers show the name and whether it is enabled even if the file leaves that to the defaults."""
        camera = self._site.settings().camera(camera_id)
        for key in ("name", "enabled"):
            if key in given and key not in known and camera is not None and given[key] == getattr(camera, key):
                del given[key]

    def _known(self, document: Document, camera_id: str) -> Document:
        camera = camera_in(document, camera_id)
        if camera is None:
            raise not_found(f"there is no camera {camera_id!r} in nvr.json")
        return camera

    def _matched(self, document: Document, camera_id: str) -> Document:
        """The camera as the file has it; raises ApiError 404, or 412 if it isn't what the client saw."""
        camera = self._known(document, camera_id)
        wanted = request.get_header("If-Match", "").strip()
        tags = [tag.strip().removeprefix("W/").strip('"') for tag in wanted.split(",")]
        if wanted and wanted != "*" and self._file.revision(camera) not in tags:
            message = "somebody else changed this camera meanwhile; load it again"
            raise ApiError(412, "changed", message)
        return camera

    def _answer(self, camera: Document, settings: Settings, note: Any) -> dict[str, object]:
        camera_id = str(camera["id"])
        response.set_header("ETag", f'"{self._file.revision(camera)}"')
        response.set_header("Cache-Control", "private, no-cache")
        status, stock = current_status(self._site), self._stock(self._stocks(), camera_id)
        return _seen(camera_json(camera, settings.camera(camera_id), note, status, stock))

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


def _with_urls(camera: Document, known: Document, *, is_patch: bool) -> None:
    """`rtsp_url` becomes `url`; masks in every address become the stored passwords. Raises ApiError 422."""
    stored = str(known.get("url", ""))
    if "rtsp_url" in camera:
        alias = camera.pop("rtsp_url")
        url, shown = camera.get("url", alias), masked(stored)
        # Of two, the one that isn't as it was shown is meant.
        camera["url"] = alias if url == shown else url
        if alias not in (url, shown) and url != shown:
            raise _mistake("url", "found two addresses, url and rtsp_url, expected one")
    if isinstance(camera.get("url"), str):
        try:
            camera["url"] = unmasked(camera["url"], stored)
        except MaskError as err:
            raise _mistake("url", f"found {MASK}, expected {err}") from err
    try:
        unmask_sub_stream(camera, known)
    except MaskError as err:
        raise _mistake("live.url", f"found {MASK}, expected {err}") from err
    try:
        unmask_delivery(camera, known, is_patch=is_patch)
    except DeliveryMaskError as err:
        raise _mistake(err.key, f"expected {err}") from err


def _mistake(key: str, message: str) -> ApiError:
    return ApiError(
        422, "invalid_camera", f"{key}: {message}", {"mistakes": [{"path": key, "key": key, "message": message}]}
    )


def _seen(shown: dict[str, object]) -> dict[str, object]:
    return shown if who().role == "admin" else for_viewers(shown)
