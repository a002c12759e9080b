"""Which pictures of a stream are encoded when another frame rate is asked for."""

from fractions import Fraction

# A longer hole isn't filled with repeated pictures: nothing was seen then.
_LONGEST_FILL_S = 1


class Pacer:
    """Puts pictures on a grid of `rate` frames per second; ticks are of `timescale`."""

    def __init__(self, rate: Fraction, timescale: int) -> None:
        self._step = Fraction(timescale) / rate
        self._most_filled = int(_LONGEST_FILL_S * rate)
        self._first: int | None = None
        self._last = -1  # place on the grid of the picture given last

    def places(self, pts: int) -> list[int]:
        """The ticks at which the picture is to be shown: none if it comes too soon after another, several if the
        source is slower than the grid."""
        if self._first is None:
            self._first = pts
        place = int((pts - self._first) / self._step)
        if place <= self._last:
            return []
        start = self._last + 1 if place - self._last <= self._most_filled else place
        self._last = place
        return [self._first + round(number * self._step) for number in range(start, place + 1)]
