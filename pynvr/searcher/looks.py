"""Which keyframes to look at: few at first, then more around the best. Pure; keyframes are places in a list."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from pynvr.vision.best import evenly

# What is promising is taken wherever it lies, a share is taken evenly for what promises don't know of.
_EVENLY = 3
# Of what is as close together as this, one at a time.
_CLOSE_US = 4_000_000


def first_looks(times_us: Sequence[int], promises: Sequence[float], most: int) -> list[int]:
    """Up to `most` places, in order."""
    count = len(times_us)
    if count <= most:
        return list(range(count))
    if not any(promises):
        return list(evenly(count, most))
    chosen = set(evenly(count, most // _EVENLY))
    taken = {times_us[place] // _CLOSE_US for place in chosen}
    for place in sorted(range(count), key=lambda place: -promises[place]):
        if len(chosen) == most or promises[place] <= 0:
            break
        close = times_us[place] // _CLOSE_US
        if place not in chosen and close not in taken:
            taken.add(close)
            chosen.add(place)
    return sorted(chosen)


def closer_looks(count: int, looked: Mapping[int, float], around: Sequence[int], most_each: int) -> list[int]:
    """Places between those `around` which to look and their looked-at neighbours, in order; `looked`: all so far."""
    known = sorted(looked)
    chosen: set[int] = set()
    for place in around:
        position = bisect_left(known, place)
        before = known[position - 1] + 1 if position > 0 else 0
        behind = known[position + 1] if position + 1 < len(known) else count
        for first, end in ((before, place), (place + 1, behind)):
            chosen.update(first + step for step in evenly(end - first, most_each // 2))
    return sorted(chosen)
