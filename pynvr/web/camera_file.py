"""nvr.json as the camera pages change it: one at a time, checked before it is written, atomically."""

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pynvr.base.errors import ConfigBusyError, ConfigError
from pynvr.config.camera_document import Document, cameras_in, place_of, told_mistakes
from pynvr.config.json_text import read_json
from pynvr.config.load import read_document
from pynvr.config.schema import settings_in_force
from pynvr.config.write import PATIENCE_S, sole_writer, write_settings_file
from pynvr.model.settings import Settings
from pynvr.web.errors import ApiError, conflict


class CameraFile:
    """For all threads of the process. `path()`: where the file is."""

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self._lock = threading.Lock()
        # Revisions are told to viewers: without the key nobody can try passwords against them.
        self._key = secrets.token_bytes(32)

    def read(self) -> Document:
        """The file's document as it stands; raises ApiError 409 if it can't be read."""
        try:
            document = read_document(self._path())
        except ConfigError as err:
            raise conflict("nvr.json can't be read; put it right first", {"mistakes": self._plain(err)}) from err
        if not isinstance(document, dict):
            raise conflict("nvr.json isn't an object; put it right first")
        return document

    def changed_us(self) -> int:
        """When the file was written last."""
        return os.stat(self._path()).st_mtime_ns // 1000

    def revision(self, camera: Document) -> str:
        """A name for just this state of a camera."""
        text = json.dumps(camera, sort_keys=True).encode()
        return hashlib.blake2b(text, key=self._key, digest_size=12).hexdigest()

    def change(self, change: Callable[[Document], tuple[Document, str]]) -> tuple[Document, Settings]:
        """Write what `change` makes of the document, while nobody else does; raises ApiError 409, 422, 503.

        `change` gives the new document and the id of the camera whose mistakes are the caller's.
        """
        # However many stand in line, the file is free or it isn't: nobody waits longer than he would alone.
        until_s = time.monotonic() + PATIENCE_S
        if not self._lock.acquire(timeout=PATIENCE_S):
            raise _busy()
        try:
            with sole_writer(self._path(), max(0.0, until_s - time.monotonic())):
                return self._changed(change)
        except ConfigBusyError as err:
            raise _busy() from err
        finally:
            self._lock.release()

    def _changed(self, change: Callable[[Document], tuple[Document, str]]) -> tuple[Document, Settings]:
        before = self.read()
        after, camera_id = change(before)
        try:
            # What the reader alone sees, as a key that is there twice, would be lost in silence.
            settings_in_force(before, self._path())
        except ConfigError as err:
            _own, others = told_mistakes(err.mistakes, self._path(), place_of(before, camera_id) or "cameras[]")
            if others:
                raise _elsewhere(others) from err
        try:
            return after, write_settings_file(self._path(), after, lambda read, _path: self._read(read, camera_id))
        except ConfigError as err:
            raise self._refused(err, after, camera_id) from err

    def checked(self, document: Document, camera_id: str) -> Settings:
        """The settings of the document, which isn't written; raises ApiError 409, 422."""
        try:
            return self._read(read_json(json.dumps(document).encode()), camera_id)
        except ConfigError as err:
            raise self._refused(err, document, camera_id) from err

    def _read(self, document: object, camera_id: str) -> Settings:
        """The document's settings; raises ConfigError. What has long been followed elsewhere in the file needn't be put
        right first; of this camera it must be."""
        settings, warnings = settings_in_force(document, self._path())
        place = place_of(document, camera_id) if isinstance(document, dict) else ""
        own, _others = told_mistakes(warnings, self._path(), place or "cameras[]")
        if own:
            raise ConfigError(warnings)
        return settings

    def _refused(self, err: ConfigError, document: Document, camera_id: str) -> ApiError:
        if isinstance(err.__cause__, OSError):
            return ApiError(503, "not_writable", f"nvr.json can't be written: {err.__cause__.strerror}")
        own, others = told_mistakes(err.mistakes, self._path(), place_of(document, camera_id) or "cameras[]")
        if own:
            words = "; ".join(f"{mistake['key'] or camera_id}: {mistake['message']}" for mistake in own)
            return ApiError(422, "invalid_camera", words, {"mistakes": own})
        return _elsewhere(others)

    def _plain(self, err: ConfigError) -> list[dict[str, str]]:
        prefix = f"{self._path()}: "
        return [{"path": "", "key": "", "message": line.removeprefix(prefix)} for line in err.mistakes]


def _busy() -> ApiError:
    return ApiError(503, "busy", "nvr.json is being changed by somebody else; try again")


def _elsewhere(others: list[str]) -> ApiError:
    message = "nvr.json has mistakes elsewhere; put them right first"
    return conflict(message, {"mistakes": [{"path": "", "key": "", "message": line} for line in others]})


def ids_in(document: Document) -> list[str]:
    return [camera["id"] for camera in cameras_in(document) if isinstance(camera.get("id"), str)]


def plain(document: Any) -> Document:  # Any: a request's JSON
    """A copy without what the JSON reader adds."""
    copied: Document = json.loads(json.dumps(document))
    return copied
