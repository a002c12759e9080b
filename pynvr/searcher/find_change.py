"""The moments at which a part of the picture changed for good: coarse over a day's signatures, then close to each.

How each step tells a change from what only passes by, and from light, is in docs/change-search.md.
"""

from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, replace

from pynvr.base.errors import FootageGoneError, MediaError, NothingRecordedError
from pynvr.model.box import Box
from pynvr.model.search_change import Change, FindChangeOrder
from pynvr.playback.stretches import Stretch, stretches
from pynvr.searcher.change_closely import LEAST_APART, Closely
from pynvr.searcher.change_found import Found, add
from pynvr.searcher.change_lights import Lights, lights_of
from pynvr.searcher.change_pictures import ChangePictures
from pynvr.searcher.change_row import SIZES, Row, Rows
from pynvr.searcher.change_switch import AtSwitch
from pynvr.searcher.in_part import in_part
from pynvr.searcher.tools import Tools
from pynvr.vision.change_compare import compare
from pynvr.vision.change_grid import box_of, cells_of
from pynvr.vision.change_lasting import Split, split_at
from pynvr.vision.change_scan import REACH, Step, in_colour, steps

# So much is looked at in one go, which bounds what is in memory; and so much around it, to see what lasts.
_WINDOW_US = 86_400_000_000
_AROUND_US = 1_200_000_000
# The rest's evidence from which on light is so different that two times of day can't be compared.
_OTHER_LIGHT = 1.0
# A colour is looked at instead of brightness if that changed by less than this share as clearly.
_CLEARER = 0.7

Progress = Generator[float, None, None]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where it changed for good in a row: in brightness, then perhaps in colours."""

    row: Row
    lasting: Sequence[tuple[Split, Step]]


class FindChange:
    """One search; `steps` is for one run through."""

    def __init__(self, tools: Tools, order: FindChangeOrder) -> None:
        self._tools = tools
        self._order = order
        self._pictures = ChangePictures(tools.footage, tools.settings().system.jpg_cache_dir)
        self._small = tuple(cells_of(order.box, *size) for size in SIZES)
        self._found: list[Found] = []
        self._rows = Rows(self._pictures, order.every)
        self._closely = Closely(self._pictures)
        self._at_switch = AtSwitch(self._pictures, self._closely)
        self._compared_with_us: int | None = None

    def steps(self) -> Generator[float, None, object]:
        """Yields how far it is; returns what the interface answers but for addresses. Raises NothingRecordedError."""
        order = self._order
        to_us = asked_us = order.to_us
        if not order.every and order.at_us is not None and order.from_us < order.at_us:
            asked_us = min(to_us, order.at_us)
            to_us = min(to_us, order.at_us + 1)  # the very frame may be the first that shows it
        pieces = self._tools.footage.pieces(
            order.camera_id, order.from_us - _AROUND_US, max(order.to_us, to_us) + _AROUND_US
        )
        whole = stretches(pieces, order.from_us - _AROUND_US, order.to_us + _AROUND_US)
        if not any(stretch.start_us < order.to_us and stretch.end_us > order.from_us for stretch in whole):
            raise NothingRecordedError(f"camera {order.camera_id}: nothing was recorded then")
        first_us = max(order.from_us, whole[0].start_us)
        reached_us = to_us
        while reached_us > first_us and len(self._found) < order.limit:
            window = max(first_us, reached_us - _WINDOW_US), reached_us
            for share in self._window(whole, *window):
                done_us = to_us - reached_us + share * (window[1] - window[0])
                yield done_us / max(1, to_us - first_us)
            reached_us = window[0]
        changes = [found.change for found in self._found[: order.limit]]
        return {
            "changes": [_plain(change) for change in sorted(changes, key=lambda one: -one.at_us)],
            "from_us": reached_us if reached_us > first_us else order.from_us,
            "to_us": asked_us,
            "looked_at": self._rows.compared + self._pictures.looked_at,
            "compared_with_us": None if order.every else self._compared_with_us,
        }

    def _window(self, whole: list[Stretch], from_us: int, to_us: int) -> Progress:
        near = [one for one in whole if one.start_us < to_us + _AROUND_US and one.end_us > from_us - _AROUND_US]
        row = yield from in_part(0.0, 0.3, self._rows.row(near, from_us, to_us))
        if self._compared_with_us is None:
            self._compared_with_us = next((at_us for at_us in reversed(row.times_us) if at_us < to_us), None)
        yield 0.3
        lights = yield from in_part(0.3, 0.35, lights_of(self._pictures, row))
        places = [place for part in lights.rows for place in self._places(part)]
        if lights.switches:
            yield from in_part(0.4, 1.0, self._in_two_lights(lights, places))
        else:
            yield from in_part(0.4, 1.0, self._in_one_light(places))

    def _places(self, row: Row) -> list[_Place]:
        """Where it changed for good in the row, the newest first."""
        times_us = row.times_us
        found: dict[tuple[int, int], _Place] = {}
        for alike in self._steps(row):
            lasting: list[tuple[Split, Step]] = []
            for step in alike:
                split = split_at(row.planes[step.plane], times_us, step)
                if split is not None and row.from_us <= times_us[split.first] and times_us[split.last] < row.to_us:
                    lasting.append((split, step))
            if lasting:
                found.setdefault((lasting[0][0].last, lasting[0][0].first), _Place(row, lasting))
        return sorted(found.values(), key=lambda one: -one.lasting[0][0].first)

    def _in_one_light(self, places: Sequence[_Place]) -> Progress:
        """Until as many as are asked for are found."""
        for number, place in enumerate(places):
            if len(self._found) >= self._order.limit:
                return
            found = yield from in_part(number / len(places), (number + 1) / len(places), self._closest(place))
            if found is not None and self._is_asked_for(found):
                add(self._found, found)

    def _in_two_lights(self, lights: Lights, places: Sequence[_Place]) -> Progress:
        """All of them: what came about in one light is seen in the other one too, less exactly."""
        clear: list[Found] = []
        unclear: list[Found] = []
        count = len(places) + len(lights.switches)
        for number, place in enumerate(places):
            found = yield from in_part(number / count, (number + 1) / count, self._closest(place))
            if found is not None:
                crosses = any(found.last_us < first and last < found.first_us for first, last in place.row.elsewhere)
                (unclear if crosses else clear).append(found)
        for found in unclear:
            if not any(found.last_us <= one.change.at_us <= found.first_us and found.overlaps(one) for one in clear):
                between = self._tried(self._at_switch.between(lights, found))
                better = yield from in_part(len(places) / count, len(places) / count, between)
                if better is not None:
                    add(clear, better)
        box = self._order.box
        for number, switch in enumerate(lights.switches):
            first_us, last_us = switch.shots[0].at_us, switch.shots[-1].at_us
            if not any(one.last_us <= last_us and first_us <= one.first_us for one in clear):
                part = (len(places) + number) / count, (len(places) + number + 1) / count
                known_us = [one.change.at_us for one in clear]
                one = yield from in_part(*part, self._tried(self._at_switch.found(lights, switch, box, known_us)))
                if one is not None:
                    add(clear, one)
        for found in sorted(clear, key=lambda one: -one.change.at_us):
            if self._is_asked_for(found):
                add(self._found, found)

    def _closest(self, place: _Place) -> Generator[float, None, Found | None]:
        for split, step in place.lasting:
            found = yield from self._tried(self._closely.found(place.row, split, self._box_of(step), step.plane))
            if found is not None:
                return found
        return None

    def _tried(self, steps: Generator[float, None, Found | None]) -> Generator[float, None, Found | None]:
        try:
            return (yield from steps)
        except (MediaError, FootageGoneError):
            return None  # it was deleted meanwhile, or can't be decoded

    def _box_of(self, step: Step) -> Box:
        """What is looked at closely: what is asked for, or the part of it that changed."""
        whole = step.where == self._small[step.plane]
        return self._order.box if whole else box_of(step.where, *SIZES[step.plane])

    def _steps(self, row: Row) -> list[list[Step]]:
        """Of brightness, or of colour where that is clearer.

        Further ones of an instant are colours that are asked if brightness says it is none: the edge of a shadow has no
        colour, but what is put there meanwhile has.
        """
        found = [[step] for step in steps(row.planes[0], self._small[0])]
        for plane in (1, 2):
            for step in steps(row.planes[plane], self._small[plane]):
                if not in_colour(row.planes[1], row.planes[2], step):
                    continue
                near = [alike for alike in found if abs(alike[0].place - step.place) < REACH]
                if all(alike[0].score < _CLEARER * step.score for alike in near):
                    found = [alike for alike in found if alike not in near]
                    found.append([replace(step, plane=plane)])
                else:
                    near[0].append(replace(step, plane=plane))
        return found

    def _is_asked_for(self, found: Found) -> bool:
        """Whether it became what it is at the time that is asked for: the newest change did, an older one may have."""
        if self._order.every or not self._found:
            return True
        asked = self._found[0].after
        if self._found[0].box != found.box or asked[0].shape != found.after[0].shape:
            return True  # they can't be compared
        other = compare(found.after, asked, found.inside)
        return other.rest > _OTHER_LIGHT or other.apart < max(LEAST_APART, found.apart / 3)


def _plain(change: Change) -> dict[str, object]:
    return {**asdict(change), "where": list(change.where)}
