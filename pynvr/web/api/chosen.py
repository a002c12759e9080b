"""Which cameras a request means, and where in a list it is."""

from collections.abc import Sequence
from typing import NamedTuple

from bottle import request

from pynvr.config.kinds import IDENTIFIER, NotOfKindError
from pynvr.web.errors import bad_request, not_found
from pynvr.web.routing import Parameter
from pynvr.web.site import Site

MOST_CAMERAS = 1000
LONGEST_LIST = 1000

CAMERA_IDS = Parameter("camera_ids", "query", "ids with commas between them; without it every camera of nvr.json")
LIMIT = Parameter(
    "limit", "query", "how many at most", {"type": "integer", "minimum": 1, "maximum": LONGEST_LIST, "default": 100}
)
OFFSET = Parameter("offset", "query", "how many to leave out", {"type": "integer", "minimum": 0, "default": 0})
CAMERA_PATTERN = r"[A-Za-z0-9_-]{1,64}"
STAMP_PATTERN = r"\d{8}\.\d{4}(?:\d{2})?b?"
CAMERA_ID = Parameter("camera_id", "path", "the camera's id")


class Page(NamedTuple):
    """Part of a list."""

    limit: int
    offset: int


def asked_cameras(name: str = "camera_ids") -> list[str] | None:
    """The ids of the query, each once, None if it names none; raises ApiError 400."""
    text = request.query.getunicode(name, "")
    if not text:
        return None
    ids = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(ids) > MOST_CAMERAS:
        raise bad_request(f"{name!r} names more than {MOST_CAMERAS} cameras")
    for camera_id in ids:
        _checked(camera_id)
    return ids


def chosen_cameras(site: Site) -> list[str]:
    """The cameras of the query, without any all of nvr.json; raises ApiError 400, 404."""
    ids = asked_cameras()
    if ids is None:
        return [camera.id for camera in site.settings().cameras]
    refuse_unknown(site, ids)
    return ids


def refuse_unknown(site: Site, camera_ids: Sequence[str]) -> None:
    """Raise ApiError 404 for a camera that neither nvr.json nor the catalog knows."""
    known = {camera.id for camera in site.settings().cameras}
    unknown = [camera_id for camera_id in camera_ids if camera_id not in known]
    if unknown:
        recorded = recorded_cameras(site)
        for camera_id in unknown:
            if camera_id not in recorded:
                raise not_found(f"there is no camera {camera_id!r}")


def recorded_cameras(site: Site) -> set[str]:
    """Every camera of which there are recordings."""
    return {total.camera_id for total in site.store.totals.cameras()}


def removed_cameras(site: Site) -> list[str]:
    """Cameras of which there are recordings, but that aren't in nvr.json any more; by id."""
    return sorted(recorded_cameras(site) - {camera.id for camera in site.settings().cameras})


def page(default: int = 100) -> Page:
    """`limit` and `offset` of the query; raises ApiError 400."""
    return Page(
        whole_number("limit", 1, LONGEST_LIST, default),
        whole_number("offset", 0, 1_000_000_000, 0),
    )


def whole_number(name: str, least: int, most: int, default: int) -> int:
    """A number of the query; raises ApiError 400."""
    text = request.query.getunicode(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 18 and least <= int(text) <= most):
        raise bad_request(f"{name!r} must be a whole number from {least} to {most}")
    return int(text)


def switch(name: str, default: bool) -> bool:
    """A parameter of the query that is 0 or 1; raises ApiError 400 for anything else."""
    match request.query.getunicode(name, ""):
        case "":
            return default
        case "0" | "1" as digit:
            return bool(digit == "1")
        case _:
            raise bad_request(f"{name!r} must be 0 or 1")


def _checked(camera_id: str) -> None:
    try:
        IDENTIFIER.read(camera_id)
    except NotOfKindError as err:
        raise bad_request(f"{camera_id[:80]!r} is no camera's id: {IDENTIFIER.expected} are expected") from err
