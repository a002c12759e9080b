"""What a machine that is too busy makes simulated cameras leave out, in words: it isn't the recorder that loses it."""

import time
from collections.abc import Callable, Mapping

from pynvr.base.errors import SimulatorError

# So often at most is it told.
EACH_S = 60.0


class LeftOut:
    """`counts`: the pictures that each camera has left out so far, by its name."""

    def __init__(self, counts: Callable[[], Mapping[str, int]], now_s: Callable[[], float] = time.monotonic) -> None:
        self._counts = counts
        self._now_s = now_s
        self._known = self._counted()
        self._looked_s = now_s()

    def news(self) -> str:
        """Once a minute, a sentence if any were left out since the last one; else empty."""
        now_s = self._now_s()
        if now_s - self._looked_s < EACH_S:
            return ""
        self._looked_s = now_s
        counts = self._counted()
        new = {name: count - self._known.get(name, 0) for name, count in counts.items()}
        self._known.update(counts)
        return in_words({name: count for name, count in new.items() if count > 0})

    def _counted(self) -> dict[str, int]:
        try:
            return dict(self._counts())
        except SimulatorError:
            return {}  # the cameras are gone; their recorder says so


def in_words(left_out: Mapping[str, int]) -> str:
    """A sentence about pictures by camera; empty if there are none."""
    if not left_out:
        return ""
    pictures = ", ".join(f"{count} of {name}" for name, count in left_out.items())
    return f"This machine was too busy for the simulated cameras: they never made some of their pictures ({pictures})."
