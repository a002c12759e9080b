"""Progress of something as a part of something longer."""

from collections.abc import Generator
from typing import TypeVar

_Made = TypeVar("_Made")


def in_part(first: float, last: float, steps: Generator[float, None, _Made]) -> Generator[float, None, _Made]:
    """How far `steps` are, as from `first` to `last` of what they are a part of."""
    while True:
        try:
            share = next(steps)
        except StopIteration as done:
            made: _Made = done.value
            return made
        yield first + (last - first) * share
