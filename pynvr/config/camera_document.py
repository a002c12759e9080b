"""One camera within nvr.json's document: found, merged, put back; everything else of the file stays as it is. Pure."""

import copy
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

# Any, here and below: JSON of nvr.json, checked as a whole by `settings_from`.
Document = dict[str, Any]
_NOT_OF_ID = re.compile(r"[^a-z0-9_-]+")
_LONGEST_ID = 50


def cameras_in(document: Document) -> list[Document]:
    """The cameras as the file has them; what is no object or has no id counts as none."""
    found = document.get("cameras", [])
    return [camera for camera in found if isinstance(camera, dict)] if isinstance(found, list) else []


def camera_in(document: Document, camera_id: str) -> Document | None:
    return next((camera for camera in cameras_in(document) if camera.get("id") == camera_id), None)


def with_camera(document: Document, camera: Mapping[str, Any]) -> Document:
    """The document with this camera in place of the one of its id, else behind the others; the id comes first."""
    changed = copy.deepcopy(document)
    cameras = changed.setdefault("cameras", [])
    ordered = {"id": camera["id"], **camera}
    for number, known in enumerate(cameras):
        if isinstance(known, dict) and known.get("id") == camera["id"]:
            # Keys that stay keep their places.
            cameras[number] = {key: ordered[key] for key in known if key in ordered} | ordered
            return changed
    cameras.append(ordered)
    return changed


def without_camera(document: Document, camera_id: str) -> Document:
    changed = copy.deepcopy(document)
    changed["cameras"] = [
        camera for camera in changed["cameras"] if not (isinstance(camera, dict) and camera.get("id") == camera_id)
    ]
    return changed


def merged(known: object, patch: object) -> object:
    """The value with the patch over it, as RFC 7396 has it: objects key by key, null takes a key away."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(known) if isinstance(known, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def free_id(name: str, taken: Collection[str]) -> str:
    """An id made of the name, that is none of those taken."""
    plain = _NOT_OF_ID.sub("-", name.lower()).strip("-")[:_LONGEST_ID] or "camera"
    free, number = plain, 2
    while free in taken:
        free = f"{plain}-{number}"
        number += 1
    return free


def place_of(document: Document, camera_id: str) -> str:
    """The JSON path of the camera, as mistakes name it; empty if it isn't there."""
    cameras = document.get("cameras", [])
    for number, camera in enumerate(cameras if isinstance(cameras, list) else []):
        if isinstance(camera, dict) and camera.get("id") == camera_id:
            return f"cameras[{number}]"
    return ""


def told_mistakes(lines: Collection[str], file: Path, place: str) -> tuple[list[dict[str, str]], list[str]]:
    """Lines of a ConfigError as the camera's own mistakes, and those of the rest of the file, without its name.

    Each of its own: `path` (JSON path in the file), `key` (within the camera), `message`.
    """
    own, others = [], []
    for line in lines:
        sentence = line.removeprefix(f"{file}: ")
        path, colon, message = sentence.partition(": ")
        if colon and (path == place or path.startswith((f"{place}.", f"{place}["))):
            own.append({"path": path, "key": path.removeprefix(place).lstrip("."), "message": message})
        else:
            others.append(sentence)
    return own, others
