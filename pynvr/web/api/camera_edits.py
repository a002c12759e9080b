"""What requests do to the cameras of nvr.json: added, replaced, changed, removed, noted and told to the audit log."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bottle import request

from pynvr.config.camera_document import Document, camera_in, free_id, merged, place_of, with_camera, without_camera
from pynvr.model.settings import Settings
from pynvr.store.cameras import CameraNote
from pynvr.web.access import who
from pynvr.web.api import camera_notes
from pynvr.web.api.camera_folder import refuse_unusable
from pynvr.web.api.camera_json import filled_in
from pynvr.web.api.camera_urls import with_urls
from pynvr.web.audit.camera_changes import tell_changes
from pynvr.web.camera_file import CameraFile, ids_in, plain
from pynvr.web.errors import ApiError, conflict, not_found
from pynvr.web.site import Site

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Saved:
    """A camera as the file has it now, with all settings that follow."""

    camera: Document
    settings: Settings
    note: CameraNote


class CameraEdits:
    """One for the process, for its file's lock holds for all threads.

    All raise ApiError: 404 for a camera that isn't there, 409, 412 if `If-Match` names another state than the file
    has, 422 for what nvr.json can't hold and for a new folder that can't be used, 503.
    """

    def __init__(self, site: Site, file: CameraFile) -> None:
        self._site = site
        self._file = file

    def add(self, given: Document) -> Saved:
        """Add a camera, of whose keys some are given."""
        self._try_folder("", given)

        def put(document: Document) -> tuple[Document, str]:
            ids = ids_in(document)
            camera = {**given, "id": given.get("id") or free_id(str(given.get("name", "")), ids)}
            if camera["id"] in ids:
                raise conflict(f"there is a camera {camera['id']!r} already")
            with_urls(camera, {}, is_patch=False)
            return with_camera(document, camera), camera["id"]

        return self._save(put, is_new=True)

    def replace(self, camera_id: str, given: Document) -> Saved:
        """Say all of a camera anew."""
        self._try_folder(camera_id, given)

        def put(document: Document) -> tuple[Document, str]:
            known = self._matched(document, camera_id)
            camera = {**given, "id": camera_id}
            self._drop_echoes(camera, known, camera_id)
            with_urls(camera, known, is_patch=False)
            return with_camera(document, camera), camera_id

        return self._save(put)

    def change(self, camera_id: str, given: Document) -> Saved:
        """Change the given keys of a camera."""
        self._try_folder(camera_id, given)

        def put(document: Document) -> tuple[Document, str]:
            known = self._matched(document, camera_id)
            patch = dict(given)
            self._drop_echoes(patch, known, camera_id)
            with_urls(patch, known, is_patch=True)
            camera = merged(plain(known), patch)
            assert isinstance(camera, dict)
            return with_camera(document, {**camera, "id": camera_id}), camera_id

        return self._save(put)

    def remove(self, camera_id: str) -> None:
        """Take a camera out; its recordings stay."""

        def take(document: Document) -> tuple[Document, str]:
            self._matched(document, camera_id)
            return without_camera(document, camera_id), camera_id

        self._file.change(take)
        camera_notes.forget(self._site, camera_id)
        _log.info("camera %s was taken out of nvr.json by %s; its recordings stay", camera_id, who().name)

    def _save(self, put: Callable[[Document], tuple[Document, str]], is_new: bool = False) -> Saved:
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
        return Saved(camera, settings, note)

    def _try_folder(self, camera_id: str, given: Document) -> None:
        """Before the file is locked: a disk may be slow."""
        if given.get("dst") is None:
            return
        document, settings = self._file.read(), self._site.settings()
        camera, known = settings.camera(camera_id), camera_in(document, camera_id) or {}
        now = camera.dst if camera is not None else None
        place = place_of(document, camera_id) or "cameras[]"
        refuse_unusable(given, known, now, settings.path.parent, place)

    def _drop_echoes(self, given: Document, known: Document, camera_id: str) -> None:
        """Take out what answers show though the file leaves it to the defaults."""
        camera = self._site.settings().camera(camera_id)
        for key, value in filled_in(camera).items() if camera is not None else ():
            if key in given and key not in known and given[key] == value:
                del given[key]

    def _matched(self, document: Document, camera_id: str) -> Document:
        """The camera as the file has it, if that is what the client saw."""
        camera = known_camera(document, camera_id)
        wanted = request.get_header("If-Match", "").strip()
        tags = [tag.strip().removeprefix("W/").strip('"') for tag in wanted.split(",")]
        if wanted and wanted != "*" and self._file.revision(camera) not in tags:
            message = "somebody else changed this camera meanwhile; load it again"
            raise ApiError(412, "changed", message)
        return camera


def known_camera(document: Document, camera_id: str) -> Document:
    """The camera as the document has it; raises ApiError 404."""
    camera = camera_in(document, camera_id)
    if camera is None:
        raise no_such_camera(camera_id)
    return camera


def no_such_camera(camera_id: str) -> ApiError:
    return not_found(f"there is no camera {camera_id!r} in nvr.json")
