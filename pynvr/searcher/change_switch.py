"""What comes about while a camera goes over to infrared, or back, so that no two pictures show both sides in one light.

A thing has edges where the other light has none (`change_across`); the keyframes around the switch, each held against
what its own light shows, tell on which side of it that came about. docs/change-search.md.
"""

from collections.abc import Generator, Sequence

from pynvr.base.errors import FootageGoneError, MediaError
from pynvr.model.box import Box
from pynvr.model.search_change import Change
from pynvr.searcher.change_closely import LEAST_APART, Closely, whole
from pynvr.searcher.change_found import Found
from pynvr.searcher.change_lights import Lights, Switch
from pynvr.searcher.change_pictures import ChangePictures, Scale, Shot
from pynvr.searcher.change_row import Row
from pynvr.searcher.in_part import in_part
from pynvr.vision.change_across import Across, compare_across
from pynvr.vision.change_alike import Alike
from pynvr.vision.change_compare import around_of, compare
from pynvr.vision.change_grid import Bytes
from pynvr.vision.change_lasting import Split

# Pictures of each light, and how many there must be.
_EXAMPLES, _LEAST_EXAMPLES = 5, 2
_APART_US = 40_000_000
# What the comparison of two lights must have to be a change; the second one is that of both, multiplied.
_LEAST_ACROSS, _LEAST_BEYOND = 2.0, 1.5
# Nothing is left of a larger part of the picture to hold it against.
_LARGEST = 0.25
# After so long pictures of one light are hardly alike any more.
_COMPARABLE_US = 3_600_000_000
# So many pictures of each light away, at most, what came about is seen.
_SIDE = 3


class AtSwitch:
    """Of one search."""

    def __init__(self, pictures: ChangePictures, closely: Closely) -> None:
        self._pictures = pictures
        self._closely = closely

    def found(
        self, lights: Lights, switch: Switch, box: Box, known_us: Sequence[int] = (), least: float = _LEAST_ACROSS
    ) -> Generator[float, None, Found | None]:
        """What came about at the switch. `known_us`: changes of the box, beyond which nothing is looked at.

        Yields how far it is, 0 to 1. Raises MediaError, FootageGoneError.
        """
        row = lights.row
        earlier = _examples(lights, switch.place, -1, known_us)
        later = _examples(lights, switch.place + 1, 1, known_us)
        if min(len(earlier), len(later)) < _LEAST_EXAMPLES or box.width * box.height > _LARGEST:
            return None
        scale = self._pictures.scale(row.shots[later[0]].stretch.piece, box, 0)
        before = yield from in_part(0.0, 0.2, self._closely.compared(row, earlier, scale))
        after = yield from in_part(0.2, 0.4, self._closely.compared(row, later, scale))
        inside = scale.box.within(scale.compared)
        across = compare_across(before, after, inside)
        if across.apart < least or (least == _LEAST_ACROSS and across.apart * across.beyond < _LEAST_BEYOND):
            return None
        if (yield from in_part(0.4, 0.6, self._is_as_before(lights, switch, scale, before, after))):
            return None
        near_before = yield from self._closely.near(row, earlier, scale, before)
        near_after = yield from self._closely.near(row, later, scale, after)
        near = scale.box.within(scale.near)
        where = scale.near.within(scale.compared).of(across.thing)
        places = earlier[:_SIDE][-1], later[:_SIDE][-1]
        sides = Alike(near_before, where, near), Alike(near_after, where, near)
        last_shot, shot, clear = yield from self._first(lights, switch, places, sides, scale)
        if not row.from_us <= shot.at_us < row.to_us:
            return None
        change = Change(
            shot.at_us,
            _confidence(across),
            across.kind,
            last_shot.at_us,
            clear.at_us,
            False,
            whole(around_of(across.thing, inside), scale),
        )
        return Found(change, last_shot.at_us, shot.at_us, box, after, across.apart, inside)

    def between(self, lights: Lights, found: Found) -> Generator[float, None, Found | None]:
        """What was found between two pictures of one light, and came about somewhere in the other light between."""
        crossed = [
            switch
            for switch in lights.switches
            if found.last_us <= switch.shots[switch.cut - 1].at_us and switch.shots[switch.cut].at_us <= found.first_us
        ]
        if len(crossed) != 2:
            return None
        shots = self._pictures.between(
            lights.row.whole, crossed[0].shots[crossed[0].cut], crossed[1].shots[crossed[1].cut - 1]
        )
        count = min(_EXAMPLES, len(shots) // 3)
        if count >= _LEAST_EXAMPLES:
            empty = tuple(plane[:0] for plane in lights.row.planes)
            row = Row(lights.row.whole, shots, (empty[0], empty[1], empty[2]), lights.row.from_us, lights.row.to_us)
            last = len(shots) - 1
            split = Split(0, last, tuple(range(count)), tuple(range(last - count + 1, last + 1)), 0.0)
            inside = yield from in_part(0.0, 0.5, self._closely.found(row, split, found.box, 0))
            if inside is not None:
                return inside
        borders = []
        for switch in crossed:
            one = yield from self.found(lights, switch, found.box, (), 0.0)
            if one is not None:
                borders.append(one)
        return max(borders, key=lambda one: one.apart, default=None)

    def _is_as_before(
        self, lights: Lights, switch: Switch, scale: Scale, before: Sequence[Bytes], after: Sequence[Bytes]
    ) -> Generator[float, None, bool]:
        """Whether pictures of one light on both sides of the switch show that nothing has changed."""
        inside = scale.box.within(scale.compared)
        times_us = lights.row.times_us
        for pictures, place, step in ((before, switch.place, 1), (after, switch.place + 1, -1)):
            other = lights.run(place + step, step)
            next_place = other[-1] + step
            if not 0 <= next_place < len(times_us):
                continue
            if abs(times_us[next_place] - times_us[place]) > _COMPARABLE_US:
                continue
            run = _examples(lights, next_place, step, ())
            if len(run) < _LEAST_EXAMPLES:
                continue
            found = yield from self._closely.compared(lights.row, run, scale)
            if compare(pictures, found, inside).apart < LEAST_APART:
                return True
        return False

    def _first(
        self, lights: Lights, switch: Switch, places: tuple[int, int], sides: tuple[Alike, Alike], scale: Scale
    ) -> Generator[float, None, tuple[Shot, Shot, Shot]]:
        """The last keyframe without the change, the first one with it, and the first in which nobody is in front.

        `places`: pictures of the row between which they lie.
        """
        before, after = sides
        first_us = switch.shots[switch.cut].at_us
        shots = self._pictures.between(lights.row.whole, *(lights.row.shots[place] for place in places))
        earlier = [shot for shot in shots if shot.at_us < first_us]
        later = [shot for shot in shots if shot.at_us >= first_us]
        last = len(earlier) - 1
        while last > 0 and not self._shows(earlier[last], before, scale):
            last -= 1
            yield 0.7
        first = 0
        while first < len(later) - 1 and not self._shows(later[first], after, scale):
            first += 1
            yield 0.9
        if last < len(earlier) - 1:
            # It can be seen in the light before, or somebody hides it over the switch.
            return earlier[last], earlier[last + 1], later[first]
        return (later[first - 1] if first else earlier[last]), later[first], later[first]

    def _shows(self, shot: Shot, alike: Alike, scale: Scale) -> bool:
        try:
            return alike.is_alike(self._pictures.near(shot, scale))
        except (MediaError, FootageGoneError):
            return False


def _examples(lights: Lights, place: int, step: int, known_us: Sequence[int]) -> list[int]:
    """Pictures of one light from there on, so far apart that nobody stands about in most of them, up to a change."""
    times_us = lights.row.times_us
    run = lights.run(place, step)
    for known in known_us:
        run = [one for one in run if (times_us[one] < known) == (times_us[place] < known)]
    found = run[:1]
    for one in run[1:]:
        if abs(times_us[one] - times_us[found[-1]]) >= _APART_US and len(found) < _EXAMPLES:
            found.append(one)
    return found


def _confidence(across: Across) -> float:
    """Less than what two pictures of one light show."""
    return round(float(0.8 * (1.0 - 0.5 ** (max(0.0, across.apart) / 8.0))), 3)
