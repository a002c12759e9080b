"""When cameras were added and changed: noted when they are saved here, and when the file is seen to have changed."""

import hashlib
import json
import logging

from pynvr.base.errors import StoreError
from pynvr.config.camera_document import Document, cameras_in
from pynvr.config.masked_url import masked
from pynvr.store.cameras import CameraNote
from pynvr.web.site import Site

_log = logging.getLogger(__name__)


def noted(site: Site, document: Document, changed_us: int) -> dict[str, CameraNote]:
    """By id, for every camera of the document; what is new or was changed by hand dates from the file's last change.

    A database that takes nothing now keeps nobody from seeing cameras.
    """
    known = site.store.cameras.all()
    notes = {}
    for camera in cameras_in(document):
        camera_id = camera.get("id")
        if not isinstance(camera_id, str):
            continue
        digest, before = document_hash(camera), known.get(camera_id)
        if before is None:
            first_us, _ = site.store.axis.extent(camera_id)
            created_us = min(changed_us, first_us or changed_us)
            notes[camera_id] = CameraNote(camera_id, digest, created_us, changed_us)
        elif before.document_hash != digest:
            notes[camera_id] = before._replace(document_hash=digest, updated_us=max(changed_us, before.updated_us))
        else:
            notes[camera_id] = before
    new = [note for note in notes.values() if known.get(note.id) != note]
    if new:
        site.by_the_way.note("when cameras were changed", lambda: _keep(site, new))
    return notes


def note_saved(site: Site, camera: Document, is_new: bool) -> CameraNote:
    """The camera was saved just now."""
    now_us, camera_id = site.clock.now_us(), str(camera["id"])
    before = None if is_new else site.store.cameras.all().get(camera_id)
    note = CameraNote(camera_id, document_hash(camera), before.created_us if before else now_us, now_us)
    try:
        _keep(site, [note])
    except StoreError as err:
        _log.warning("when camera %s was changed can't be noted now: %s", camera_id, err)
    return note


def forget(site: Site, camera_id: str) -> None:
    try:
        site.store.cameras.forget(camera_id)
    except StoreError as err:
        _log.warning("camera %s was removed, its dates stay: %s", camera_id, err)


def document_hash(camera: Document) -> str:
    """Of what the file says, passwords masked: it lies in the database."""
    return hashlib.sha256(json.dumps(masked(camera), sort_keys=True).encode()).hexdigest()


def _keep(site: Site, notes: list[CameraNote]) -> None:
    try:
        site.store.cameras.put(*notes)
    except ValueError as err:  # an id that the database doesn't take
        _log.warning("when cameras were changed can't be noted: %s", err)
