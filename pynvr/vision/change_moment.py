"""When exactly: between a picture as before and one as after, the two between which it changed. Pure."""

from collections.abc import Generator
from typing import NamedTuple

from pynvr.vision.change_sides import Shown

# Where somebody stands in front, so many neighbours are asked.
_NEIGHBOURS = 10
# On each side of the change, to see that it wasn't somebody who passed just then.
_AROUND = 3
_CLEAN = 0.75
_ROUNDS = 3
_UNSEEN = Shown(0.0, 0.0)


class Moment(NamedTuple):
    """`last` still shows what was before, `first` what is after. `clear_last`, `clear_first`: the next to them in which
    nothing is in front. `jump`: how much of what changed did so between the clear ones, 0 to 1."""

    last: int
    first: int
    clear_last: int
    clear_first: int
    jump: float


def find_moment(count: int) -> Generator[int, Shown, Moment]:
    """Of so many pictures in a row, the first as before and the last as after: yields which one is to be looked at."""
    seen: dict[int, Shown] = {0: Shown(1.0, 0.0), count - 1: Shown(0.0, 1.0)}
    last, first = 0, count - 1
    for _ in range(_ROUNDS):
        while first - last > 1:
            place = yield from _look_near((last + first) // 2, last, first, seen)
            if place is None:
                break
            if seen[place].side < 0:
                last = place
            else:
                first = place
        # One picture may deceive: a few on each side, and what fits them best.
        for place in range(max(0, last - _AROUND), min(count, first + _AROUND + 1)):
            if place not in seen:
                seen[place] = yield place
        again = _corrected(last, first, seen, count)
        if again == (last, first):
            break
        last, first = again
    clear_last = max(
        range(max(0, last - _AROUND), last + 1), key=lambda place: (min(_CLEAN, seen.get(place, _UNSEEN).before), place)
    )
    clear_first = max(
        range(first, min(count, first + _AROUND + 1)),
        key=lambda place: (min(_CLEAN, seen.get(place, _UNSEEN).after), -place),
    )
    if count > 2 and (clear_last, clear_first) == (0, count - 1):
        # Nothing between tells, and what the ends show was only taken for granted, by much smaller pictures.
        for place in (clear_last, clear_first):
            seen[place] = yield place
    one, other = seen.get(clear_last, _UNSEEN), seen.get(clear_first, _UNSEEN)
    jump = (one.before - other.before + other.after - one.after) / 2
    return Moment(last, first, clear_last, clear_first, jump)


def _look_near(middle: int, last: int, first: int, seen: dict[int, Shown]) -> Generator[int, Shown, int | None]:
    """The place nearest to the middle that shows either side; None if those that were asked show neither."""
    near = sorted(range(last + 1, first), key=lambda place: abs(place - middle))
    for place in near[:_NEIGHBOURS]:
        if place not in seen:
            seen[place] = yield place
        if seen[place].side:
            return place
    return None


def _corrected(last: int, first: int, seen: dict[int, Shown], count: int) -> tuple[int, int]:
    """The border among the pictures that were seen around it which has the fewest on the wrong side."""
    places = [place for place in range(max(0, last - _AROUND), min(count, first + _AROUND + 1)) if place in seen]
    visible = [place for place in places if seen[place].side]
    best, least = None, float("inf")
    for cut in range(len(visible) + 1):
        wrong = sum(seen[place].side > 0 for place in visible[:cut]) + sum(
            seen[place].side < 0 for place in visible[cut:]
        )
        if wrong < least and 0 < cut < len(visible):
            best, least = cut, wrong
    return (last, first) if best is None else (visible[best - 1], visible[best])
