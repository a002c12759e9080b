"""The moments at which a part of the picture changed for good: coarse over a day's signatures, then close to each.

How each step tells a change from what only passes by, and from light, is in docs/change-search.md.
"""

from collections.abc import Generator, Sequence
from dataclasses import asdict, replace
from typing import TypeVar

from pynvr.base.errors import FootageGoneError, MediaError, NothingRecordedError
from pynvr.model.box import Box
from pynvr.model.search_change import Change, FindChangeOrder
from pynvr.playback.stretches import Stretch, stretches
from pynvr.searcher.change_found import Found, add
from pynvr.searcher.change_instant import Instants
from pynvr.searcher.change_pictures import ChangePictures, Scale
from pynvr.searcher.change_row import SIZES, Row, Rows
from pynvr.searcher.jobs import Tools
from pynvr.vision.change_compare import Comparison, compare, middle_of
from pynvr.vision.change_grid import Bytes, Cells, box_of, cells_of
from pynvr.vision.change_lasting import Split, split_at
from pynvr.vision.change_scan import REACH, Step, in_colour, steps
from pynvr.vision.change_sides import Sides

# So much is looked at in one go, which bounds what is in memory; and so much around it, to see what lasts.
_WINDOW_US = 86_400_000_000
_AROUND_US = 1_200_000_000
# What a comparison must have to be a change (see `Comparison`).
_LEAST_EVIDENCE = 0.3
_LEAST_APART = 4.0
# The rest's evidence from which on light is so different that two times of day can't be compared.
_OTHER_LIGHT = 1.0
# A colour is looked at instead of brightness if that changed by less than this share as clearly.
_CLEARER = 0.7

Progress = Generator[float, None, None]
_Made = TypeVar("_Made")


class FindChange:
    """One search; `steps` is for one run through."""

    def __init__(self, tools: Tools, order: FindChangeOrder) -> None:
        self._tools = tools
        self._order = order
        self._pictures = ChangePictures(tools.footage, tools.settings().system.jpg_cache_dir)
        self._small = tuple(cells_of(order.box, *size) for size in SIZES)
        self._found: list[Found] = []
        self._rows = Rows(self._pictures, order.every)
        self._instants = Instants(self._pictures)
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
        row = yield from _in_part(0.0, 0.3, self._rows.row(near, from_us, to_us))
        if self._compared_with_us is None:
            self._compared_with_us = next((at_us for at_us in reversed(row.times_us) if at_us < to_us), None)
        yield 0.3
        times_us = row.times_us
        splits: dict[tuple[int, int], list[tuple[Split, Step]]] = {}
        for alike in self._steps(row):
            lasting: list[tuple[Split, Step]] = []
            for step in alike:
                split = split_at(row.planes[step.plane], times_us, step)
                if split is not None and from_us <= times_us[split.first] and times_us[split.last] < to_us:
                    lasting.append((split, step))
            if lasting:
                splits.setdefault((lasting[0][0].last, lasting[0][0].first), lasting)
            yield 0.4
        ordered = sorted(splits.values(), key=lambda one: -one[0][0].first)
        for number, lasting in enumerate(ordered):
            if len(self._found) >= self._order.limit:
                return
            for split, step in lasting:
                part = 0.4 + 0.6 * number / len(ordered), 0.4 + 0.6 * (number + 1) / len(ordered)
                try:
                    found = yield from _in_part(*part, self._closely(row, split, self._box_of(step), step.plane))
                except (MediaError, FootageGoneError):
                    continue  # it was deleted meanwhile, or can't be decoded
                if found is not None:
                    add(self._found, found)
                    break

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

    def _closely(self, row: Row, split: Split, box: Box, plane: int) -> Generator[float, None, Found | None]:
        """The change, if it is one and is asked for."""
        scale = self._pictures.scale(row.shots[split.first].stretch.piece, box, plane)
        cells = scale.box.within(scale.compared)
        before: list[Bytes] = []
        after: list[Bytes] = []
        for places, pictures in ((split.before, before), (split.after, after)):
            for place in places:
                pictures.append(self._pictures.compared(row.shots[place], scale))
                yield 0.1
        comparison = compare(before, after, cells)
        if comparison.evidence < _LEAST_EVIDENCE or comparison.apart < _LEAST_APART:
            return None
        if not self._is_asked_for(box, after, comparison, cells):
            return None
        yield 0.3
        near_before = yield from _in_part(0.3, 0.4, self._near(row, split.before, scale, before))
        near_after = yield from _in_part(0.4, 0.5, self._near(row, split.after, scale, after))
        sides = Sides(middle_of(near_before), middle_of(near_after), scale.box.within(scale.near))
        instant = yield from _in_part(0.5, 1.0, self._instants.instant(row, split, sides, scale))
        # At a window's border both windows have it; it is the one's in which it came about.
        if instant is None or not row.from_us <= instant.at_us < row.to_us:
            return None
        change = Change(
            instant.at_us,
            _confidence(comparison, instant.jump, split),
            comparison.kind,
            instant.before_us,
            instant.after_us,
            instant.is_exact,
            _whole(comparison.where, scale),
        )
        return Found(change, instant.last_us, instant.first_us, box, after)

    def _near(
        self, row: Row, places: Sequence[int], scale: Scale, compared: Sequence[Bytes]
    ) -> Generator[float, None, list[Bytes]]:
        """What is near the box in these keyframes, which others are to be held against.

        A thumbnail was scaled and encoded once more, which a thin thing doesn't survive. Where no keyframe can be read
        any more, what was `compared` has to do.
        """
        found: list[Bytes] = []
        for number, place in enumerate(places):
            try:
                found.append(self._pictures.near(row.shots[place], scale))
            except (MediaError, FootageGoneError):
                pass
            yield number / len(places)
        near = scale.near.within(scale.compared)
        return found or [near.of(one) for one in compared]

    def _is_asked_for(self, box: Box, after: list[Bytes], comparison: Comparison, inside: Cells) -> bool:
        """Whether it became what it is at the time that is asked for: the newest change did, an older one may have."""
        if self._order.every or not self._found:
            return True
        asked = self._found[0].after
        if self._found[0].box != box or asked[0].shape != after[0].shape:
            return True  # they can't be compared
        other = compare(after, asked, inside)
        return other.rest > _OTHER_LIGHT or other.apart < max(_LEAST_APART, comparison.apart / 3)


def _confidence(comparison: Comparison, jump: float, split: Split) -> float:
    """0 to 1: how surely it changed, less for what was mostly hidden or came about slowly."""
    sure = 1.0 - 0.5 ** (comparison.apart / 5.0)
    clean = min(1.0, max(0.5, jump))
    return round(float(sure * clean * (1.0 - 0.3 * split.hidden)), 3)


def _whole(where: Cells, scale: Scale) -> Box:
    """A part of what was compared, as one of the picture."""
    left, top = scale.compared.left, scale.compared.top
    moved = Cells(where.left + left, where.top + top, where.right + left, where.bottom + top)
    return box_of(moved, scale.columns, scale.rows)


def _plain(change: Change) -> dict[str, object]:
    return {**asdict(change), "where": list(change.where)}


def _in_part(first: float, last: float, steps: Generator[float, None, _Made]) -> Generator[float, None, _Made]:
    """How far `steps` are, as a part of something longer."""
    while True:
        try:
            share = next(steps)
        except StopIteration as done:
            made: _Made = done.value
            return made
        yield first + (last - first) * share
