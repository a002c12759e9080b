"""What a day folder leaves behind when its segments are gone: index files and the folder itself."""

import logging
import os
from pathlib import Path

from pynvr.archive.paths import day_folder, index_path, is_of_a_day
from pynvr.base.files import clear_temporaries
from pynvr.catalog.day_files import list_day
from pynvr.store.store import Store

_log = logging.getLogger(__name__)


def sweep_day(store: Store, dst: Path, day: str, jpg_cache_dir: Path) -> bool:
    """Remove the day's index files that describe nothing any more, what a killed process left half written, and the
    day's folders if they are empty.

    Not for the present day or the one before: recorders make folders there. Returns whether the folder has gone.
    """
    folder = day_folder(dst, day)
    if folder.is_symlink():
        return False
    try:
        files = list_day(dst, day)
        living = {name.camera_id for name in (*files.segments, *files.waiting, *files.bad)}
        for camera_id in files.indexed:
            if camera_id not in living:
                index_path(dst, camera_id, day).unlink(missing_ok=True)
    except OSError as err:
        _log.warning("can't tidy %s: %s", folder, err.strerror)
        return False
    store.scans.forget(dst, day)
    for one in (folder, jpg_cache_dir / day):
        if not one.is_symlink():
            clear_temporaries(one, is_of_a_day)
    _remove_if_empty(jpg_cache_dir / day)
    return _remove_if_empty(folder)


def _remove_if_empty(folder: Path) -> bool:
    try:
        os.rmdir(folder)
    except OSError:  # not empty, a link, or gone already
        return False
    return True
