"""Zones of a picture as nvr.json has them: corners, or a rectangle."""

from pynvr.config.kinds import Kind, NotOfKindError
from pynvr.model.settings import Zone

_MOST_ZONES = 32
_MOST_CORNERS = 64
_RECTANGLE = ("x", "y", "width", "height")


def _zones(value: object) -> tuple[Zone, ...]:
    if not isinstance(value, list) or len(value) > _MOST_ZONES:
        raise NotOfKindError
    return tuple(_zone(item) for item in value)


def _zone(value: object) -> Zone:
    if isinstance(value, dict):
        if set(value) != set(_RECTANGLE):
            raise NotOfKindError
        x, y, width, height = (_share(value[key]) for key in _RECTANGLE)
        if not (width and height) or x + width > 1 or y + height > 1:
            raise NotOfKindError("a rectangle with an area, within the picture")
        return (x, y), (x + width, y), (x + width, y + height), (x, y + height)
    if not isinstance(value, list) or not 3 <= len(value) <= _MOST_CORNERS:
        raise NotOfKindError
    return tuple(_corner(item) for item in value)


def _corner(value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise NotOfKindError
    return _share(value[0]), _share(value[1])


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise NotOfKindError
    return float(value)


ZONES: Kind[tuple[Zone, ...]] = Kind(
    "a list of zones, each a list of 3 to 64 corners [x, y] or a rectangle "
    '{"x", "y", "width", "height"}, in shares of the picture from 0 to 1',
    _zones,
)
