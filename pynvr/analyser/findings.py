"""What was found, on its way into the database: it waits there for nobody, and nobody waits for it."""

import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pynvr.archive.paths import detection_image
from pynvr.base.errors import MediaError, StoreError
from pynvr.base.files import make_folder, write_atomic
from pynvr.media.jpeg import to_jpeg
from pynvr.media.still import Picture
from pynvr.model.box import Box
from pynvr.model.settings import System
from pynvr.store.detections import Detection
from pynvr.store.store import Store
from pynvr.vision.detector import Sighting

# Of a database that is gone for long the newest wait.
_MOST_WAITING = 1000
_AGAIN_S = 5.0
_IMAGE_WIDTH = 1280
_IMAGE_QUALITY = 70

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    detection: Detection
    image: Path | None  # its picture's file
    alert_from: float
    cooldown_us: int


class Findings:
    """`failure`: why nothing can be stored now, empty while it can. `stored`, `alerts`, `lost`: how many."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self.failure = ""
        self.stored = self.alerts = self.lost = 0
        self._open_store = open_store
        self._store: Store | None = None
        self._waiting: deque[_Waiting] = deque()
        self._stored_image: Path | None = None  # of the last one that was stored
        self._again_s = 0.0

    def add(self, seen: Sighting, system: System) -> None:
        """Its picture is written at once, and its detections wait for `write`."""
        camera_id, settings = seen.camera.id, seen.settings
        image = detection_image(camera_id, seen.kind, seen.at_us, system.timezone)
        path: Path | None = system.jpg_cache_dir / image
        if not _save(seen.picture, system.jpg_cache_dir / image):
            image, path = "", None
        for one in seen.found:
            confidence, box = _share(one.confidence), Box(*map(_share, one.box))
            detection = Detection(0, camera_id, seen.at_us, seen.kind, confidence, box, image)
            cooldown_us = round(settings.cooldown_s * 1_000_000)
            self._waiting.append(_Waiting(detection, path, settings.confidence_threshold, cooldown_us))
        while len(self._waiting) > _MOST_WAITING:
            self._lose()

    def write(self, now_s: float) -> None:
        """Store what waits, if the database can be used."""
        if not self._waiting or (self.failure and now_s < self._again_s):
            return
        try:
            if self._store is None:
                self._store = self._open_store()
            while self._waiting:
                self._write(self._store, self._waiting[0])
                self._stored_image = self._waiting.popleft().image
            self._settle("")
        except StoreError as err:
            self._again_s = now_s + _AGAIN_S
            self._settle(str(err))
            self.close()

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None

    def lose_rest(self) -> None:
        """The process ends, and what still waits with it."""
        while self._waiting:
            self._lose()

    def _lose(self) -> None:
        """Let the oldest go, and its picture unless another one is of it: those of one picture follow each other."""
        image = self._waiting.popleft().image
        self.lost += 1
        if (
            image is not None
            and image != self._stored_image
            and not (self._waiting and self._waiting[0].image == image)
        ):
            with contextlib.suppress(OSError):  # the finisher lets old ones go that no row names
                image.unlink()

    def _write(self, store: Store, waiting: _Waiting) -> None:
        with store.transaction():
            stored = store.detections.add(waiting.detection)
            is_sure = stored.confidence >= waiting.alert_from
            alert = store.alerts.follow(stored, waiting.cooldown_us) if is_sure else None
        self.stored += 1
        self.alerts += alert is not None

    def _settle(self, failure: str) -> None:
        if failure and not self.failure:
            _log.warning("what is detected waits for the database: %s", failure)
        elif self.failure and not failure:
            _log.info("the database can be used again")
        self.failure = failure


def _share(number: float) -> float:
    """Whatever a detector says, the database takes 0 to 1, and one that it doesn't take would stop all others."""
    return min(max(float(number), 0.0), 1.0)


def _save(picture: Picture, path: Path) -> bool:
    try:
        make_folder(path.parent)
        write_atomic(path, to_jpeg(picture, _IMAGE_WIDTH, _IMAGE_QUALITY), durable=False)
    except (OSError, MediaError) as err:
        _log.warning("no picture of a detection: %s", err)
        return False
    return True
