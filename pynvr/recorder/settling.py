"""The first moments of a connection, in which frames come faster than they were taken.

Cameras and relays begin with what they have in store, and libav with what it read while it opened the stream. Dated by
their arrival, such frames would be too late by up to seconds; the first frame that had to be waited for is on time.
"""

from pynvr.media.unit import Unit
from pynvr.model.frame import VIDEO_TRACK

# A frame that took this share of its distance from the one before it was waited for.
_WAITED_SHARE = 0.5
# Whatever comes, it isn't held longer or larger than this.
_LONGEST_S = 2.0
_MOST_BYTES = 8 << 20


class Settling:
    """Holds the units of a new connection until the clock can be told from them."""

    def __init__(self, timescale: int) -> None:
        self.held: list[Unit] = []
        self._timescale = timescale
        self._bytes = 0
        self._last: Unit | None = None

    def hold(self, unit: Unit) -> bool:
        """Keep the unit; True when `held` may be used, with this unit as its last."""
        self.held.append(unit)
        self._bytes += len(unit.data)
        waited = False
        if unit.track == VIDEO_TRACK:
            if self._last is not None:
                distance_s = (unit.pts - self._last.pts) / self._timescale
                waited = 0 < distance_s * _WAITED_SHARE <= unit.arrival_s - self._last.arrival_s
            self._last = unit
        return waited or self._bytes > _MOST_BYTES or unit.arrival_s - self.held[0].arrival_s > _LONGEST_S
