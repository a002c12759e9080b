"""Fields of a JSON body that several groups take: a camera, a time, a span, a text."""

from typing import Any

from pynvr.config.kinds import IDENTIFIER, NotOfKindError
from pynvr.model.ticks import MICROSECONDS
from pynvr.web.api.chosen import refuse_unknown
from pynvr.web.body import body
from pynvr.web.errors import bad_request
from pynvr.web.routing import Schema
from pynvr.web.site import Site
from pynvr.web.times import read_time

TIME: Schema = {
    "type": ["string", "number"],
    "description": "ISO 8601, epoch seconds, or a stamp as text; without a zone in that of the configuration.",
}


def refuse_others(*known: str) -> None:
    """Raise ApiError 400 for a field that isn't known, so that a slip of the pen isn't without effect."""
    for name in body():
        if name not in known:
            raise bad_request(f"there is no field {name[:64]!r}; known are {', '.join(known)}")


def given_camera(site: Site) -> str:
    """`camera_id`, of a camera that is configured or has recordings; raises ApiError 400, 404."""
    try:
        camera_id = IDENTIFIER.read(body().get("camera_id"))
    except NotOfKindError as err:
        raise bad_request(f"'camera_id' must be a camera's id: {IDENTIFIER.expected}") from err
    refuse_unknown(site, [camera_id])
    return camera_id


def given_time(site: Site, name: str) -> int:
    """A required time; raises ApiError 400."""
    value: Any = body().get(name)  # Any: what a client sent
    if isinstance(value, str):
        return read_time(value, site.settings().system.timezone)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 253_370_764_799:
        raise bad_request(f"{name!r} must be a time: ISO 8601 or a stamp as text, or epoch seconds")
    return round(value * MICROSECONDS)


def given_span(site: Site) -> tuple[int, int]:
    """`from` and `to`, `[from, to)`; raises ApiError 400."""
    from_us, to_us = given_time(site, "from"), given_time(site, "to")
    if to_us <= from_us:
        raise bad_request("'to' must lie after 'from'")
    return from_us, to_us


def given_text(name: str, *, longest: int, empty: bool = False) -> str:
    """A text without control characters, spaces around it left out; raises ApiError 400."""
    value = body().get(name, "" if empty else None)
    text = value.strip() if isinstance(value, str) else None
    if text is None or (not text and not empty) or len(text) > longest:
        raise bad_request(f"{name!r} must be a text of {0 if empty else 1} to {longest} characters")
    if not all(letter.isprintable() for letter in text):
        raise bad_request(f"{name!r} must not hold control characters")
    return text
