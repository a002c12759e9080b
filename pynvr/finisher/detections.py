"""Old detections, with their pictures."""

import logging
from pathlib import Path

from pynvr.store.store import Store

_DAY_US = 86_400_000_000
_AT_ONCE = 500

_log = logging.getLogger(__name__)


def forget_detections(store: Store, jpg_cache_dir: Path, keep_days: float, now_us: int) -> int:
    """Delete what is older than that, its alerts and pictures; gives how many. Raises StoreError.

    Pictures go first: a row without one is harmless, a picture that no row names would stay for ever.
    """
    before_us = now_us - round(keep_days * _DAY_US)
    deleted = 0
    while old := store.detections.oldest(before_us, _AT_ONCE):
        folders = set()
        for image in {detection.image_path for detection in old if detection.image_path}:
            _remove(jpg_cache_dir / image)
            folders.add((jpg_cache_dir / image).parent)
        for folder in folders:
            _remove_if_empty(folder)
        store.detections.remove_all([detection.id for detection in old])
        deleted += len(old)
    return deleted


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as err:
        _log.warning("%s can't be deleted: %s", path, err.strerror)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        pass  # previews are still in it
