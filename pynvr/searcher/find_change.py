"""The moments at which a part of the picture changed for good: coarse over a day's signatures, then close to each.

How each step tells a change from what only passes by, and from light, is in docs/change-search.md.
"""

from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, replace

from pynvr.base.errors import FootageGoneError, MediaError, NothingRecordedError
from pynvr.model.box import Box
from pynvr.model.search_change import Change, FindChangeOrder
from pynvr.playback.signatures import COLUMNS, ROWS, signatures_of
from pynvr.playback.stretches import BRIDGED_US, Stretch, stretches
from pynvr.searcher.change_pictures import ChangePictures, Scale, Shot
from pynvr.searcher.jobs import Tools
from pynvr.vision.best import evenly
from pynvr.vision.change_compare import Comparison, compare, middle_of
from pynvr.vision.change_grid import Bytes, Cells, box_of, cells_of, in_a_row, planes_of
from pynvr.vision.change_lasting import Split, split_at
from pynvr.vision.change_moment import Moment, find_moment
from pynvr.vision.change_scan import REACH, Step, in_colour, steps
from pynvr.vision.change_sides import Shown, Sides, best_split

# So much is looked at in one go, which bounds what is in memory; and so much around it, to see what lasts.
_WINDOW_US = 86_400_000_000
_AROUND_US = 1_200_000_000
_MOST_SHOTS = 3000
# Where segments are few, keyframes between their first ones are looked at, up to so many in all.
_FEW_SHOTS = 45
_ENOUGH_SHOTS = 90
_MOST_UNSIGNED = 60
# Asked for all changes, what came and went counts too: a picture each three minutes, as far as so many points a day
# allow, which takes less than two seconds; a picture costs as much as some points more.
_EVERY_US = 180_000_000
_POINTS_OF_DAY = 300_000_000
_POINTS_OF_PICTURE = 300_000
_OF_END, _AT_END = 3, 8
# What a comparison must have to be a change (see `Comparison`).
_LEAST_EVIDENCE = 0.3
_LEAST_APART = 4.0
_LEAST_JUMP = 0.45
# The rest's evidence from which on light is so different that two times of day can't be compared.
_OTHER_LIGHT = 1.0
# Frames between two keyframes are decoded for the exact one as long as they have so many points in all.
_POINTS_OF_FRAMES = 170_000_000
# Of brightness and both colours.
_SIZES = ((COLUMNS, ROWS), (COLUMNS // 2, ROWS // 2), (COLUMNS // 2, ROWS // 2))
# A colour is looked at instead of brightness if that changed by less than this share as clearly.
_CLEARER = 0.7

Progress = Generator[float, None, None]


@dataclass(frozen=True, slots=True)
class _Row:
    """Shots of a time with their small pictures: brightness and both colours. Changes in `[from_us, to_us)` count.

    `whole`: all that is recorded of that time, of which the shots may be a selection.
    """

    whole: list[Stretch]
    shots: list[Shot]
    planes: tuple[Bytes, Bytes, Bytes]
    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A change, the part of the picture that was compared, and pictures of what was there after."""

    change: Change
    box: Box
    after: list[Bytes]


class FindChange:
    """One search; `steps` is for one run through."""

    def __init__(self, tools: Tools, order: FindChangeOrder) -> None:
        self._tools = tools
        self._order = order
        self._pictures = ChangePictures(tools.footage, tools.settings().system.jpg_cache_dir)
        self._small = tuple(cells_of(order.box, *size) for size in _SIZES)
        self._found: list[_Found] = []
        self._points_left = _POINTS_OF_FRAMES
        self._compared = 0
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
            "looked_at": self._compared + self._pictures.looked_at,
            "compared_with_us": None if order.every else self._compared_with_us,
        }

    def _window(self, whole: list[Stretch], from_us: int, to_us: int) -> Progress:
        near = [one for one in whole if one.start_us < to_us + _AROUND_US and one.end_us > from_us - _AROUND_US]
        row = yield from self._row(near, from_us, to_us)
        if self._compared_with_us is None:
            self._compared_with_us = next((shot.at_us for shot in reversed(row.shots) if shot.at_us < to_us), None)
        yield 0.3
        times_us = [shot.at_us for shot in row.shots]
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
            known = len(self._found)
            if known >= self._order.limit:
                return
            for split, step in lasting:
                try:
                    for share in self._closely(row, split, self._box_of(step), step.plane):
                        yield 0.4 + 0.6 * (number + share) / len(ordered)
                except (MediaError, FootageGoneError):
                    continue  # it was deleted meanwhile, or can't be decoded
                if len(self._found) > known:
                    break

    def _box_of(self, step: Step) -> Box:
        """What is looked at closely: what is asked for, or the part of it that changed."""
        whole = step.where == self._small[step.plane]
        return self._order.box if whole else box_of(step.where, *_SIZES[step.plane])

    def _steps(self, row: _Row) -> list[list[Step]]:
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

    def _row(self, near: list[Stretch], from_us: int, to_us: int) -> Generator[float, None, _Row]:
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
        self._compared += len(shots)
        yield 0.1
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
            yield 0.1 + 0.2 * number / len(more)
        shots.sort(key=lambda shot: shot.at_us)
        luma, blue, red = (
            in_a_row([grids[shot.at_us][plane] for shot in shots], *size) for plane, size in enumerate(_SIZES)
        )
        return _Row(whole, shots, (luma, blue, red), from_us, to_us)

    def _wanted(self, near: list[Stretch]) -> int:
        """How many pictures the row needs to show what stays for an hour."""
        if not self._order.every or not near:
            return 0
        points = max(stretch.piece.width * stretch.piece.height for stretch in near)
        recorded_us = sum(stretch.end_us - stretch.start_us for stretch in near)
        affordable = _POINTS_OF_DAY * recorded_us / _WINDOW_US / (points + _POINTS_OF_PICTURE)
        return int(min(recorded_us / _EVERY_US, affordable))

    def _between(self, near: list[Stretch], most: int) -> list[Shot]:
        found: list[Shot] = []
        for stretch in near:
            try:
                found += self._pictures.shots(stretch)[1:]
            except FootageGoneError:
                continue
        return [found[place] for place in evenly(len(found), most)]

    def _closely(self, row: _Row, split: Split, box: Box, plane: int) -> Progress:
        """Add the change to what was found, if it is one and is asked for."""
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
            return
        if not self._is_asked_for(box, after, comparison, cells):
            return
        yield 0.3
        near = scale.near.within(scale.compared)
        sides = Sides(
            middle_of([near.of(one) for one in before]),
            middle_of([near.of(one) for one in after]),
            scale.box.within(scale.near),
        )
        change = yield from self._refined(row, split, sides, scale, comparison)
        # At a window's border both windows have it; it is the one's in which it came about.
        if change is not None and row.from_us <= change.at_us < row.to_us:
            self._found.append(_Found(change, box, after))

    def _is_asked_for(self, box: Box, after: list[Bytes], comparison: Comparison, inside: Cells) -> bool:
        """Whether it became what it is at the time that is asked for: the newest change did, an older one may have."""
        if self._order.every or not self._found:
            return True
        asked = self._found[0].after
        if self._found[0].box != box or asked[0].shape != after[0].shape:
            return True  # they can't be compared
        other = compare(after, asked, inside)
        return other.rest > _OTHER_LIGHT or other.apart < max(_LEAST_APART, comparison.apart / 3)

    def _refined(
        self, row: _Row, split: Split, sides: Sides, scale: Scale, comparison: Comparison
    ) -> Generator[float, None, Change | None]:
        """The change with its moment; None if it came about little by little."""
        shots = self._keyframes(row, split)
        if len(shots) < 2:
            return None
        finding = find_moment(len(shots))
        try:
            place = next(finding)
            while True:
                shown = self._shown(shots[place], sides, scale)
                yield 0.5
                place = finding.send(shown)
        except StopIteration as done:
            moment: Moment = done.value
        last, first = shots[moment.last], shots[moment.first]
        recorded = _recorded_share(shots, moment)
        if moment.jump < _LEAST_JUMP and recorded > 0.5:
            return None
        at_us, is_exact = first.at_us, False
        try:
            exact = yield from self._exact(shots, moment, sides, scale)
        except (MediaError, FootageGoneError):
            exact = None
        if exact is not None:
            at_us, is_exact = exact, True
        confidence = _confidence(comparison, moment, split)
        before_us, after_us = shots[moment.clear_last].at_us, shots[moment.clear_first].at_us
        return Change(
            at_us,
            confidence,
            comparison.kind,
            min(before_us, last.at_us),
            after_us,
            is_exact,
            _whole(comparison.where, scale),
        )

    def _shown(self, shot: Shot, sides: Sides, scale: Scale) -> Shown:
        """Neither side if it can't be read any more, as if somebody were in front."""
        try:
            return sides.shown(self._pictures.near(shot, scale))
        except (MediaError, FootageGoneError):
            return Shown(0.0, 0.0)

    def _keyframes(self, row: _Row, split: Split) -> list[Shot]:
        """From the last picture as before to the first as after, both included."""
        begin, end = row.shots[split.last], row.shots[split.first]
        found: dict[int, Shot] = {}
        for stretch in row.whole:
            if stretch.end_us <= begin.at_us or end.at_us < stretch.start_us:
                continue
            try:
                shots = self._pictures.shots(stretch)
            except FootageGoneError:
                continue  # its neighbours tell
            for one in shots:
                if begin.at_us <= one.at_us <= end.at_us:
                    found.setdefault(one.at_us, one)
        found.setdefault(begin.at_us, begin)
        found.setdefault(end.at_us, end)
        return [found[at_us] for at_us in sorted(found)]

    def _exact(
        self, shots: Sequence[Shot], moment: Moment, sides: Sides, scale: Scale
    ) -> Generator[float, None, int | None]:
        """When the first frame that shows it is shown; None if looking at all of them would take too long."""
        groups = [shot for shot in shots[moment.last : moment.first] if shot.index >= 0]
        piece = shots[moment.first].stretch.piece
        points = sum(self._pictures.frame_count(shot) for shot in groups) * piece.width * piece.height
        if len(groups) != moment.first - moment.last or points > self._points_left:
            return None
        if shots[moment.first].at_us - shots[moment.last].at_us > _span_us(groups):
            return None
        self._points_left -= points
        seen: list[tuple[int, int]] = []
        for group in groups:
            for at_us, picture in self._pictures.frames(group, scale):
                seen.append((at_us, sides.shown(picture).side))
                yield 0.8
        seen.sort()
        seen.append((shots[moment.first].at_us, 1))
        cut = max(1, best_split([side for _, side in seen]))
        return next((at_us for at_us, side in seen[cut:] if side > 0), None)


def _span_us(groups: Sequence[Shot]) -> int:
    """From the first group's beginning as long as their pieces go on; a gap is no place for an exact frame."""
    if not groups:
        return 0
    end_us = groups[0].stretch.end_us
    for group in groups:
        if group.stretch.start_us > end_us + BRIDGED_US:
            break
        end_us = max(end_us, group.stretch.end_us)
    return end_us - groups[0].at_us + BRIDGED_US


def _recorded_share(shots: Sequence[Shot], moment: Moment) -> float:
    """How much of the time between the clear pictures is recorded."""
    begin, end = shots[moment.clear_last], shots[moment.clear_first]
    held = {shot.stretch.piece.stamp: shot.stretch for shot in shots[moment.clear_last : moment.clear_first + 1]}
    recorded_us = sum(max(0, min(one.end_us, end.at_us) - max(one.start_us, begin.at_us)) for one in held.values())
    return recorded_us / max(1, end.at_us - begin.at_us)


def _confidence(comparison: Comparison, moment: Moment, split: Split) -> float:
    """0 to 1: how surely it changed, less for what was mostly hidden or came about slowly."""
    sure = 1.0 - 0.5 ** (comparison.apart / 5.0)
    clean = min(1.0, max(0.5, moment.jump))
    return round(float(sure * clean * (1.0 - 0.3 * split.hidden)), 3)


def _whole(where: Cells, scale: Scale) -> Box:
    """A part of what was compared, as one of the picture."""
    left, top = scale.compared.left, scale.compared.top
    moved = Cells(where.left + left, where.top + top, where.right + left, where.bottom + top)
    return box_of(moved, scale.columns, scale.rows)


def _plain(change: Change) -> dict[str, object]:
    return {**asdict(change), "where": list(change.where)}
