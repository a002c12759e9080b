"""Old detections, with their pictures."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.paths import day_folder, detected_us
from pynvr.model.stamp import day_of, stamp_of
from pynvr.store.store import Store

_DAY_US = 86_400_000_000
_AT_ONCE = 500
# So many days before the oldest that is kept are looked through for pictures that no row names.
_STRAY_DAYS = 3

_log = logging.getLogger(__name__)


def forget_detections(store: Store, jpg_cache_dir: Path, keep_days: float, now_us: int, zone: ZoneInfo) -> int:
    """Delete what is older than that, its alerts and pictures; gives how many. Raises StoreError.

    Pictures go first: a row without one is harmless. Those that no row names (its process died between the two) go
    when they are as old.
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
    for path in _strays(jpg_cache_dir, before_us, zone):
        _remove(path)
        _remove_if_empty(path.parent)
    return deleted


def _strays(jpg_cache_dir: Path, before_us: int, zone: ZoneInfo) -> Iterator[Path]:
    """Pictures from before the instant: there is no row from then any more."""
    for day in {day_of(stamp_of(before_us - back * _DAY_US, zone)) for back in range(_STRAY_DAYS)}:
        folder = day_folder(jpg_cache_dir, day)
        try:
            names = os.listdir(folder)
        except OSError:
            continue  # there is none, or it is read the next time
        for name in names:
            at_us = detected_us(name)
            # A file of somebody else may be named like one of ours, but hardly of this very day.
            if at_us is not None and at_us < before_us and day_of(stamp_of(at_us, zone)) == day:
                yield folder / name


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
