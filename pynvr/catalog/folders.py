"""The folders that may hold recordings: those of nvr.json, and those that the catalog remembers."""

from contextlib import suppress
from pathlib import Path

from pynvr.archive.marker import read_marker
from pynvr.base.errors import DiskError
from pynvr.model.settings import Settings
from pynvr.store.store import Store


def all_folders(settings: Settings, store: Store) -> list[Path]:
    """Each once, those of nvr.json first; without those that were left."""
    left = left_folders(settings, store)
    return [dst for dst in _known(settings, store) if dst not in left]


def left_folders(settings: Settings, store: Store) -> set[Path]:
    """Folders that nvr.json doesn't name, and whose marker one of its folders carries: the recordings were moved or
    copied there. What still lies in the old place may be another PyNVR's, so nobody may delete anything in it.
    """
    markers = store.disks.known()
    named = {camera.dst for camera in settings.cameras}
    carried = {markers[dst] for dst in named if dst in markers}
    for dst in named:
        with suppress(DiskError):
            carried.add(read_marker(dst) or "")
    return {dst for dst, marker in markers.items() if dst not in named and marker in carried}


def _known(settings: Settings, store: Store) -> list[Path]:
    return list(dict.fromkeys([*(camera.dst for camera in settings.cameras), *store.disks.folders()]))
