"""A time's pictures, one for each minute or so, in which the search for a change looks first."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from pynvr.base.errors import FootageGoneError, MediaError
from pynvr.playback.signatures import COLUMNS, ROWS, signatures_of
from pynvr.playback.stretches import Stretch
from pynvr.searcher.change_pictures import ChangePictures, Shot
from pynvr.vision.best import evenly
from pynvr.vision.change_grid import Bytes, in_a_row, planes_of

# Of brightness and both colours.
SIZES = ((COLUMNS, ROWS), (COLUMNS // 2, ROWS // 2), (COLUMNS // 2, ROWS // 2))
_MOST_SHOTS = 3000
# Where segments are few, keyframes between their first ones are looked at, up to so many in all.
_FEW_SHOTS = 45
_ENOUGH_SHOTS = 90
_MOST_UNSIGNED = 60
# Where what came and went counts too: a picture each three minutes, as far as so many points a day allow, which takes
# less than two seconds; a picture costs as much as some points more.
_EVERY_US = 180_000_000
_DAY_US = 86_400_000_000
_POINTS_OF_DAY = 300_000_000
_POINTS_OF_PICTURE = 300_000
_OF_END, _AT_END = 3, 8


@dataclass(frozen=True, slots=True)
class Row:
    """Shots of a time with their small pictures: brightness and both colours. Changes in `[from_us, to_us)` count.

    `whole`: all that is recorded of that time, of which the shots may be a selection. `elsewhere`: times of which no
    picture belongs here, for they were taken in another light; first and last, inclusive.
    """

    whole: Sequence[Stretch]
    shots: Sequence[Shot]
    planes: tuple[Bytes, Bytes, Bytes]
    from_us: int
    to_us: int
    elsewhere: Sequence[tuple[int, int]] = ()

    @property
    def times_us(self) -> list[int]:
        return [shot.at_us for shot in self.shots]


class Rows:
    """Of one search. `compared`: signatures that were read. `every`: what came and went counts too."""

    def __init__(self, pictures: ChangePictures, every: bool) -> None:
        self._pictures = pictures
        self._every = every
        self.compared = 0

    def row(self, near: Sequence[Stretch], from_us: int, to_us: int) -> Generator[float, None, Row]:
        """Of what is recorded then and around it. Yields how far it is, 0 to 1."""
        whole = near
        if len(near) > _MOST_SHOTS:
            near = [near[place] for place in evenly(len(near), _MOST_SHOTS)]
        grids: dict[int, tuple[Bytes, Bytes, Bytes]] = {}
        shots: list[Shot] = []
        unsigned: list[Shot] = []
        for stretch, signature in zip(near, signatures_of(one.piece for one in near), strict=True):
            shot = Shot(stretch.piece.start_us, stretch)
            if signature:
                grids[shot.at_us] = planes_of(signature, COLUMNS, ROWS)
                shots.append(shot)
            else:
                unsigned.append(shot)
        self.compared += len(shots)
        yield 0.3
        wanted = self._wanted(near)
        more = [unsigned[place] for place in evenly(len(unsigned), max(_MOST_UNSIGNED, wanted - len(shots)))]
        # A selection of many is no longer few.
        if len(shots) < _FEW_SHOTS and len(more) <= _MOST_UNSIGNED:
            more += self._between(near, max(_ENOUGH_SHOTS, wanted - len(more)) - len(shots))
        else:
            if len(shots) + len(more) < wanted:
                more += self._between(near, wanted - len(shots) - len(more))
            # Where the row ends nothing follows that would show who only passed by.
            more += self._between(near[:_OF_END], _AT_END) + self._between(near[-_OF_END:], _AT_END)
        for number, shot in enumerate(more):
            try:
                small = self._pictures.small(shot)
            except (MediaError, FootageGoneError):
                continue
            if shot.at_us not in grids:
                grids[shot.at_us] = small
                shots.append(shot)
            yield 0.3 + 0.7 * number / len(more)
        shots.sort(key=lambda shot: shot.at_us)
        luma, blue, red = (
            in_a_row([grids[shot.at_us][plane] for shot in shots], *size) for plane, size in enumerate(SIZES)
        )
        return Row(whole, shots, (luma, blue, red), from_us, to_us)

    def _wanted(self, near: Sequence[Stretch]) -> int:
        """How many pictures the row needs to show what stays for an hour."""
        if not self._every or not near:
            return 0
        points = max(stretch.piece.width * stretch.piece.height for stretch in near)
        recorded_us = sum(stretch.end_us - stretch.start_us for stretch in near)
        affordable = _POINTS_OF_DAY * recorded_us / _DAY_US / (points + _POINTS_OF_PICTURE)
        return int(min(recorded_us / _EVERY_US, affordable))

    def _between(self, near: Sequence[Stretch], most: int) -> list[Shot]:
        found: list[Shot] = []
        for stretch in near:
            try:
                found += self._pictures.shots(stretch)[1:]
            except FootageGoneError:
                continue
        return [found[place] for place in evenly(len(found), most)]
