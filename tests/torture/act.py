"""What an act is: a fault that is caused, stands for a while, and is mended."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.torture.stage import Stage

# Yields once, when the fault stands, with what it is in words; what follows mends it.
Story = Iterator[str]


@dataclass(slots=True)
class Scene:
    """The stage as one batch of acts sees it. `calm`: one act alone, so that what is said of it can be looked at."""

    stage: Stage
    calm: bool
    free: list[str]

    @property
    def dice(self) -> random.Random:
        return self.stage.dice

    def camera(self) -> str:
        """One that nothing else happens to in this batch."""
        return self.free.pop(self.dice.randrange(len(self.free)))


@dataclass(frozen=True, slots=True)
class Act:
    """`alone`: everything ends or stands still in it, so nothing else goes with it. `rare`: once in a run is enough.

    `place`: what it happens to; two acts of one batch never happen to the same, but for cameras.
    """

    name: str
    place: str
    story: Callable[[Scene], Story]
    alone: bool = False
    rare: bool = False
