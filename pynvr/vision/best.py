"""The best pictures of a time, not too close to each other. Pure."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Scored(Protocol):
    """Anything that was shown at a time and has a score."""

    @property
    def at_us(self) -> int: ...

    @property
    def score(self) -> float: ...


S = TypeVar("S", bound=Scored)


def best(scored: Iterable[S], count: int, apart_us: int) -> list[S]:
    """Up to `count`, best first, each at least `apart_us` from every other; of equals the earlier."""
    chosen: list[S] = []
    for one in sorted(scored, key=lambda one: (-one.score, one.at_us)):
        if len(chosen) == count:
            break
        if all(abs(one.at_us - other.at_us) >= apart_us for other in chosen):
            chosen.append(one)
    return chosen


def evenly(count: int, most: int) -> Sequence[int]:
    """Up to `most` of the places 0 … `count` - 1, each in the middle of its share."""
    if count <= most:
        return range(count)
    return [(2 * number + 1) * count // (2 * most) for number in range(most)]
