"""The very frame from which on a change can be seen, between a picture that shows it and one that doesn't."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from pynvr.base.errors import FootageGoneError, MediaError
from pynvr.playback.stretches import BRIDGED_US
from pynvr.searcher.change_pictures import ChangePictures, Scale, Shot
from pynvr.searcher.change_row import Row
from pynvr.vision.change_lasting import Split
from pynvr.vision.change_moment import Moment, find_moment
from pynvr.vision.change_sides import Shown, Sides, best_split

# Frames between two keyframes are decoded for the exact one as long as they have so many points in all.
_POINTS_OF_FRAMES = 170_000_000
# What comes about little by little has less of a jump, unless it wasn't recorded.
_LEAST_JUMP = 0.45
_MOSTLY_RECORDED = 0.5


@dataclass(frozen=True, slots=True)
class Instant:
    """When it came about: `at_us`, of the first frame that shows it, or of the first keyframe that does.

    `last_us`, `first_us`: the keyframes between which it did.
    `before_us`, `after_us`: pictures without and with it, in which nobody stands in front. `jump`: see `Moment`.
    """

    at_us: int
    is_exact: bool
    last_us: int
    first_us: int
    before_us: int
    after_us: int
    jump: float


class Instants:
    """Of one search, which decodes so much and no more."""

    def __init__(self, pictures: ChangePictures) -> None:
        self._pictures = pictures
        self._points_left = _POINTS_OF_FRAMES

    def instant(self, row: Row, split: Split, sides: Sides, scale: Scale) -> Generator[float, None, Instant | None]:
        """None if it came about little by little. Yields how far it is, 0 to 1."""
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
        if moment.jump < _LEAST_JUMP and recorded > _MOSTLY_RECORDED:
            return None
        at_us, is_exact = first.at_us, False
        try:
            exact = yield from self._exact(shots, moment, sides, scale)
        except (MediaError, FootageGoneError):
            exact = None
        if exact is not None:
            at_us, is_exact = exact, True
        before_us = min(shots[moment.clear_last].at_us, last.at_us)
        return Instant(
            at_us, is_exact, last.at_us, first.at_us, before_us, shots[moment.clear_first].at_us, moment.jump
        )

    def _shown(self, shot: Shot, sides: Sides, scale: Scale) -> Shown:
        """Neither side if it can't be read any more, as if somebody were in front."""
        try:
            return sides.shown(self._pictures.near(shot, scale))
        except (MediaError, FootageGoneError):
            return Shown(0.0, 0.0)

    def _keyframes(self, row: Row, split: Split) -> list[Shot]:
        """From the last picture as before to the first as after, both included, in the row's light."""
        shots = self._pictures.between(row.whole, row.shots[split.last], row.shots[split.first])
        return [shot for shot in shots if not any(first <= shot.at_us <= last for first, last in row.elsewhere)]

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
