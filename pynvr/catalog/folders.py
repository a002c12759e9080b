"""The folders that may hold recordings: those of nvr.json, and those that the catalog remembers."""

from pathlib import Path

from pynvr.model.settings import Settings
from pynvr.store.store import Store


def all_folders(settings: Settings, store: Store) -> list[Path]:
    """Each once, those of nvr.json first."""
    return list(dict.fromkeys([*(camera.dst for camera in settings.cameras), *store.disks.folders()]))
