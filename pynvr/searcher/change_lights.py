"""A row of pictures taken in two lights, as a row of each, and the switches between them."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from pynvr.base.errors import FootageGoneError, MediaError
from pynvr.searcher.change_pictures import ChangePictures, Shot
from pynvr.searcher.change_row import Row
from pynvr.vision.change_lights import colourless, is_colourless, switches

# A window with more switches is looked at as if it were of one light: each switch costs some twenty pictures, and no
# camera that is in order goes to and fro so often in a day.
_MOST_SWITCHES = 24
# Fewer pictures of a light are no row.
_LEAST_PICTURES = 4


@dataclass(frozen=True, slots=True)
class Switch:
    """Between the pictures `place` and `place + 1` of the row; `shots`: the keyframes from one to the other, of which
    the first `cut` are in the light before."""

    place: int
    shots: Sequence[Shot]
    cut: int


@dataclass(frozen=True, slots=True)
class Lights:
    """`rows`: of each light, or the row itself if there is but one. `dark`: which pictures of the row are without
    colour."""

    row: Row
    dark: Sequence[bool]
    switches: Sequence[Switch]
    rows: Sequence[Row]

    def run(self, place: int, step: int) -> list[int]:
        """From a place on, forwards (1) or backwards (-1), as long as the light stays."""
        found: list[int] = []
        while 0 <= place < len(self.dark) and (not found or self.dark[place] == self.dark[found[0]]):
            found.append(place)
            place += step
        return found


def lights_of(pictures: ChangePictures, row: Row) -> Generator[float, None, Lights]:
    """Yields how far it is, 0 to 1."""
    dark = colourless(row.planes[1], row.planes[2])
    places = switches(dark)
    if not places or len(places) > _MOST_SWITCHES:
        return Lights(row, [False] * len(dark), (), (row,))
    found: list[Switch] = []
    for number, place in enumerate(places):
        shots = pictures.between(row.whole, row.shots[place], row.shots[place + 1])
        found.append(Switch(place, shots, _cut(pictures, shots, dark[place])))
        yield number / len(places)
    rows = []
    for light in (False, True):
        kept = [place for place, one in enumerate(dark) if one == light]
        if len(kept) >= _LEAST_PICTURES:
            shots = [row.shots[place] for place in kept]
            luma, blue, red = (plane[kept] for plane in row.planes)
            elsewhere = tuple(_elsewhere(found, dark, light))
            rows.append(replace(row, shots=shots, planes=(luma, blue, red), elsewhere=elsewhere))
    return Lights(row, dark, found, rows)


def _cut(pictures: ChangePictures, shots: Sequence[Shot], dark: bool) -> int:
    """How many of them are in the light of the first one; the last one is in the other."""
    last, first = 0, len(shots) - 1
    while first - last > 1:
        middle = (last + first) // 2
        try:
            _, blue, red = pictures.small(shots[middle])
        except (MediaError, FootageGoneError):
            return first
        if is_colourless(blue, red) == dark:
            last = middle
        else:
            first = middle
    return first


def _elsewhere(found: Sequence[Switch], dark: Sequence[bool], light: bool) -> Generator[tuple[int, int], None, None]:
    """The times of the other light."""
    begin_us = None if dark[0] == light else 0
    for switch in found:
        if dark[switch.place] == light:
            begin_us = switch.shots[switch.cut].at_us
        elif begin_us is not None:
            yield begin_us, switch.shots[switch.cut - 1].at_us
            begin_us = None
    if begin_us is not None:
        yield begin_us, 1 << 62
