"""The first moments of a connection, in which frames come faster than they were taken.

Cameras and relays begin with what they have in store, and libav with what it read while it opened the stream. Dated by
their arrival, such frames would be too late by up to seconds; the first frame that had to be waited for is on time.
"""

from collections.abc import Iterator

from pynvr.base.errors import SourceError
from pynvr.media.unit import Unit
from pynvr.model.frame import VIDEO_TRACK

# A frame that took this share of its distance from the one before it was waited for.
_WAITED_SHARE = 0.5
# Whatever comes, it isn't held longer or larger than this.
_LONGEST_S = 2.0
_MOST_BYTES = 8 << 20


def settle(units: Iterator[Unit], timescale: int) -> tuple[list[Unit], SourceError | None]:
    """The first units, taken from the iterator until the clock can be told from them; and its error if it ended
    before, for what came until then is to be recorded none the less.
    """
    held: list[Unit] = []
    try:
        _hold(units, timescale, held)
    except SourceError as err:
        return held, err
    return held, None


def _hold(units: Iterator[Unit], timescale: int, held: list[Unit]) -> None:
    size = 0
    last: Unit | None = None
    for unit in units:
        held.append(unit)
        size += len(unit.data)
        if unit.track == VIDEO_TRACK:
            if last is not None and _was_waited_for(unit, last, timescale):
                break
            last = unit
        if size > _MOST_BYTES or unit.arrival_s - held[0].arrival_s > _LONGEST_S:
            break


def _was_waited_for(unit: Unit, last: Unit, timescale: int) -> bool:
    distance_s = (unit.pts - last.pts) / timescale
    return 0 < distance_s * _WAITED_SHARE <= unit.arrival_s - last.arrival_s
