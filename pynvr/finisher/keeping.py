"""What of a chunk of mode `motion` is kept. Pure; docs/decisions/017-recording-what-moves.md.

Time that nobody watched counts as if something had moved, for whatever reason nobody did: a detector that failed, a
camera that was away before. So an interruption keeps what lies around it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pynvr.archive.chunk import BlockFrame
from pynvr.archive.vigil import Watched

# A period, its end exclusive, in µs since 1970.
Period = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Margins:
    """What is kept before and behind each motion."""

    pre_us: int
    post_us: int


@dataclass(frozen=True, slots=True)
class ChunkTimes:
    """`begun_us`: by which the analyser knows the chunk (see `archive.vigil`); its video is shown in
    `[start_us, end_us)`."""

    begun_us: int
    start_us: int
    end_us: int


def is_told(chunk: ChunkTimes, newest: Watched | None, margins: Margins) -> bool:
    """Whether all has been said about the chunk: the analyser has left it, and has come far enough behind its end."""
    if newest is None or newest.chunk_us == chunk.begun_us:
        return False
    return newest.to_us >= chunk.end_us + margins.pre_us


def periods_to_keep(chunk: ChunkTimes, watched: Sequence[Watched], margins: Margins) -> list[Period]:
    """In order, without overlaps, perhaps reaching over the chunk's ends or lying beside it; `watched`: in the order
    of the file."""
    first_us, last_us = chunk.start_us - margins.post_us, chunk.end_us + margins.pre_us
    stirring = [(one.first_us, one.last_us) for one in watched if one.moved]
    stirring += unwatched(chunk.begun_us, watched, first_us, last_us)
    near = [(begin_us, end_us) for begin_us, end_us in stirring if end_us >= first_us and begin_us <= last_us]
    # The picture in which motion was seen last is kept even where nothing behind it is.
    return merged((begin_us - margins.pre_us, end_us + max(margins.post_us, 1)) for begin_us, end_us in near)


def unwatched(begun_us: int, watched: Sequence[Watched], first_us: int, last_us: int) -> list[Period]:
    """What of the period nobody watched who watched this chunk without a break.

    Times alone don't tell: when the clock is set back, they come a second time.
    """
    found: list[Period] = []
    at_us = first_us
    for begin_us, end_us in merged(_stretches(begun_us, watched)):
        if begin_us > at_us:
            found.append((at_us, min(begin_us, last_us)))
        at_us = max(at_us, end_us)
        if at_us >= last_us:
            break
    if at_us < last_us:
        found.append((at_us, last_us))
    return [period for period in found if period[1] > period[0]]


def runs_to_keep(frames: Sequence[BlockFrame], periods: Iterable[Period]) -> list[tuple[int, int]]:
    """Which of a chunk's video frames (in the order of the file) lie in the periods: `[first, behind)` for each run.

    A run begins with a keyframe and ends with the last frame before its period's end. The periods overlap the chunk.
    """
    keys = [number for number, frame in enumerate(frames) if frame.is_key]
    keys_from_us = _least_from([frames[number].time_us for number in keys])
    from_us = _least_from([frame.time_us for frame in frames])
    runs: list[tuple[int, int]] = []
    for begin_us, end_us in periods:
        # The last ones: what lies behind them is all later.
        key = bisect_right(keys_from_us, begin_us)
        first = keys[key - 1] if key else 0
        behind = bisect_left(from_us, end_us)
        if behind <= first:
            continue
        if runs and first <= runs[-1][1]:
            runs[-1] = runs[-1][0], max(runs[-1][1], behind)
        else:
            runs.append((first, behind))
    return runs


def merged(periods: Iterable[Period]) -> list[Period]:
    """In order, those that touch made one."""
    found: list[Period] = []
    for begin_us, end_us in sorted(periods):
        if found and begin_us <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end_us)
        else:
            found.append((begin_us, end_us))
    return found


def _least_from(times_us: Sequence[int]) -> list[int]:
    """For each place the least from there on, so in order, which the times of B-frames aren't."""
    return list(accumulate(reversed(times_us), min))[::-1]


def between(start_us: int, end_us: int, kept: Sequence[Period]) -> list[Period]:
    """What of the whole isn't kept; `kept`: in order, within it."""
    edges = [(start_us, start_us), *kept, (end_us, end_us)]
    return [(before[1], after[0]) for before, after in pairwise(edges) if after[0] > before[1]]


def _stretches(begun_us: int, watched: Sequence[Watched]) -> list[Period]:
    """The unbroken stretches of watching that reach into the chunk, whatever chunks they come from or go on to."""
    found: list[Period] = []
    current: list[Watched] = []
    for one in [*watched, None]:
        if one is not None and current and one.from_us == current[-1].to_us:
            current.append(one)
            continue
        if any(line.chunk_us == begun_us for line in current):
            found.append((current[0].from_us, current[-1].to_us))
        current = [] if one is None else [one]
    return found
