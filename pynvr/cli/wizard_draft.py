"""The document that the wizard works on: nvr.json as JSON values, changed key by key, nothing else of it touched."""

import copy
import json
import os
from collections.abc import Iterable
from pathlib import Path

from pynvr.config.camera_document import free_id
from pynvr.config.json_text import read_json
from pynvr.config.schema import settings_from
from pynvr.model.settings import Settings

Values = dict[str, object]


class Draft:
    """A configuration in the making; `path` is where it will be written."""

    def __init__(self, path: Path, document: Values) -> None:
        self.path = path
        self.document = copy.deepcopy(document)

    def settings(self) -> Settings:
        """What the document says now; raises ConfigError."""
        return settings_from(read_json(json.dumps(self.document).encode()), self.path)

    def section(self, *keys: str) -> Values:
        """The object under the keys, made if it isn't there."""
        values = self.document
        for key in keys:
            inner = values.setdefault(key, {})
            assert isinstance(inner, dict), "the document has been checked"
            values = inner
        return values

    def put(self, value: object, now: object, *keys: str) -> None:
        """Set the key, unless that is what it or its default says now."""
        *outer, key = keys
        if value != now:
            self.section(*outer)[key] = value

    @property
    def cameras(self) -> list[Values]:
        """The list of cameras, made if it isn't there; changing it changes the document."""
        cameras = self.document.setdefault("cameras", [])
        assert isinstance(cameras, list), "the document has been checked"
        return cameras

    def camera(self, camera_id: str) -> Values | None:
        return next((camera for camera in self.cameras if camera.get("id") == camera_id), None)

    def free_id(self, name: str) -> str:
        """An id made of the name, that no camera has."""
        return free_id(name, {str(camera.get("id")) for camera in self.cameras})

    def let_delete(self, percent: float) -> None:
        """A rule for each disk that recordings go to; rules that are there stay, with the percentage changed, or given
        where none of them has one."""
        rules = self.document.setdefault("reaper", [])
        assert isinstance(rules, list), "the document has been checked"
        if rules:
            for rule in [rule for rule in rules if "percent" in rule] or rules:
                rule["percent"] = plain_number(percent)
            return
        settings = self.settings()
        folders = [settings.system.data_dir, *(camera.dst for camera in settings.cameras)]
        for folder in one_per_disk(folders):
            rules.append({"disk": str(folder), "percent": plain_number(percent), "extensions": ["mp4"]})

    def move_rules(self, before: Path, after: Path) -> None:
        """The rule that was made for the one folder is for the other now."""
        rules = self.document.get("reaper", [])
        assert isinstance(rules, list), "the document has been checked"
        for rule in rules:
            if rule["disk"] == str(before):
                rule["disk"] = str(after)

    def kept_for_ever(self) -> list[Path]:
        """One of the cameras' folders on each disk that no rule has; none if there is no rule at all."""
        settings = self.settings()
        ruled = {_disk_of(rule.disk) for rule in settings.reaper if "mp4" in rule.extensions}
        if not settings.reaper:
            return []
        return one_per_disk(camera.dst for camera in settings.cameras if _disk_of(camera.dst) not in ruled)

    def forbid_deleting(self) -> None:
        """No rule: nothing is ever deleted, as far as cameras don't have a retention of their own."""
        self.document.pop("reaper", None)


def one_per_disk(folders: Iterable[Path]) -> list[Path]:
    """The first of the folders on each disk."""
    found: dict[int, Path] = {}
    for folder in folders:
        found.setdefault(_disk_of(folder), folder)
    return list(found.values())


def _disk_of(folder: Path) -> int:
    """Its number; a folder that isn't there yet is on the disk of its nearest parent."""
    while not folder.exists():
        folder = folder.parent
    return os.stat(folder).st_dev


def plain_number(number: float) -> float | int:
    """As a person would write it: 30, not 30.0."""
    return int(number) if number == int(number) else number
