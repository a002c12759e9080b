"""A step that lasts, looked at closely: whether it is a change, of what kind, and when it came about."""

from collections.abc import Generator, Sequence

from pynvr.base.errors import FootageGoneError, MediaError
from pynvr.model.box import Box
from pynvr.model.search_change import Change
from pynvr.searcher.change_found import Found
from pynvr.searcher.change_instant import Instants
from pynvr.searcher.change_pictures import ChangePictures, Scale, Shot
from pynvr.searcher.change_row import Row
from pynvr.searcher.in_part import in_part
from pynvr.vision.change_compare import Comparison, compare, middle_of
from pynvr.vision.change_grid import Bytes, Cells, box_of
from pynvr.vision.change_lasting import EXAMPLES, Split
from pynvr.vision.change_sides import Sides

# What a comparison must have to be a change (see `Comparison`).
_LEAST_EVIDENCE = 0.3
LEAST_APART = 4.0
# From here on more pictures are compared if neither side can be told in this share of them, so many times.
_NEARLY_APART, _RESTLESS = 1.5, 0.25
_SECOND_LOOKS = 3


class Closely:
    """Of one search."""

    def __init__(self, pictures: ChangePictures) -> None:
        self._pictures = pictures
        self._instants = Instants(pictures)
        self._looks_left = _SECOND_LOOKS

    def found(self, row: Row, split: Split, box: Box, plane: int) -> Generator[float, None, Found | None]:
        """The change, if it is one. Yields how far it is, 0 to 1. Raises MediaError, FootageGoneError."""
        scale = self._pictures.scale(row.shots[split.first].stretch.piece, box, plane)
        cells = scale.box.within(scale.compared)
        for count in (EXAMPLES, None):
            before = yield from in_part(0.0, 0.1, self.compared(row, split.before[:count], scale))
            after = yield from in_part(0.1, 0.2, self.compared(row, split.after[:count], scale))
            comparison = compare(before, after, cells, plane != 0)
            if comparison.apart >= LEAST_APART or not self._may_be_more(comparison, split):
                break
        if comparison.evidence < _LEAST_EVIDENCE or comparison.apart < LEAST_APART:
            return None
        yield 0.3
        near_before = yield from in_part(0.3, 0.4, self.near(row, split.before[:EXAMPLES], scale, before))
        near_after = yield from in_part(0.4, 0.5, self.near(row, split.after[:EXAMPLES], scale, after))
        sides = Sides(middle_of(near_before), middle_of(near_after), scale.box.within(scale.near))
        instant = yield from in_part(0.5, 1.0, self._instants.instant(row, split, sides, scale))
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
            whole(comparison.where, scale),
        )
        return Found(change, instant.last_us, instant.first_us, box, after, comparison.apart, cells)

    def _may_be_more(self, comparison: Comparison, split: Split) -> bool:
        """Whether more pictures might tell: of a restless place a few happen to differ."""
        enough = comparison.evidence >= _LEAST_EVIDENCE and comparison.apart >= _NEARLY_APART
        if (
            not enough
            or split.hidden < _RESTLESS
            or self._looks_left == 0
            or len(split.before) + len(split.after) <= 2 * EXAMPLES
        ):
            return False
        self._looks_left -= 1
        return True

    def compared(self, row: Row, places: Sequence[int], scale: Scale) -> Generator[float, None, list[Bytes]]:
        """What is compared of these pictures of the row. Raises MediaError, FootageGoneError."""
        found: list[Bytes] = []
        for number, place in enumerate(places):
            found.append(self._pictures.compared(row.shots[place], scale))
            yield number / len(places)
        return found

    def near(
        self, row: Row, places: Sequence[int], scale: Scale, compared: Sequence[Bytes]
    ) -> Generator[float, None, list[Bytes]]:
        """What is near the box in these keyframes, which others are to be held against.

        A thumbnail was scaled and encoded once more, which a thin thing doesn't survive. Where no keyframe can be read
        any more, what was `compared` has to do.
        """
        found = yield from self.near_of([row.shots[place] for place in places], scale)
        near = scale.near.within(scale.compared)
        return found or [near.of(one) for one in compared]

    def near_of(self, shots: Sequence[Shot], scale: Scale) -> Generator[float, None, list[Bytes]]:
        """The same of those that can be read."""
        found: list[Bytes] = []
        for number, shot in enumerate(shots):
            try:
                found.append(self._pictures.near(shot, scale))
            except (MediaError, FootageGoneError):
                pass
            yield number / len(shots)
        return found


def whole(where: Cells, scale: Scale) -> Box:
    """A part of what was compared, as one of the picture."""
    left, top = scale.compared.left, scale.compared.top
    moved = Cells(where.left + left, where.top + top, where.right + left, where.bottom + top)
    return box_of(moved, scale.columns, scale.rows)


def _confidence(comparison: Comparison, jump: float, split: Split) -> float:
    """See `Change`; less for what was mostly hidden or came about slowly."""
    sure = 1.0 - 0.5 ** (comparison.apart / 5.0)
    clean = min(1.0, max(0.5, jump))
    return round(float(sure * clean * (1.0 - 0.3 * split.hidden)), 3)
