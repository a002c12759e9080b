"""What an act is: a fault that is caused, stands for a while, and is mended."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.torture.stage import Stage

# Yields once, when the fault stands, with what it is in words; what follows mends it.
Story = Iterator[str]
# Waits for what PyNVR says of a fault, and gives it; an AssertionError if it says nothing of the kind.
Said = Callable[[], str]


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

    def is_told(self, said: Said) -> None:
        """In a calm scene: that it is said in words, which are shown."""
        if self.calm:
            print(f"    it says: {said()}", flush=True)

    def stand(self, least_s: float, most_s: float, said: Said | None = None) -> None:
        """The fault stands: in a calm scene until PyNVR has said what it is, else for a moment."""
        if self.calm and said is not None:
            self.is_told(said)
        else:
            self.stage.hold(least_s, most_s)


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
