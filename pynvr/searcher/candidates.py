"""Keyframes that could be looked at: what the day index knows of them, without decoding any."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass

from pynvr.archive.index_record import IndexRecord
from pynvr.base.errors import FootageGoneError
from pynvr.model.search import BestFramesOrder
from pynvr.model.ticks import MICROSECONDS, to_us
from pynvr.playback.footage import Footage
from pynvr.playback.keyframes import outline_of
from pynvr.playback.stretches import Stretch
from pynvr.vision.best import evenly

# A day has 1,440; of a longer time some are left out, evenly. Reading one takes 0.3 ms.
MOST_PIECES = 1500
_LUMA_BYTES = 64 * 36
# Where a face was seen already it is seen again, whatever else moves.
_SEEN = 1000.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A keyframe: sample `index` of the stretch's piece. `promise`: how good it may be; 0 = nothing is known of it.

    The first one may begin before the time that was asked for, if frames that follow it lie within.
    """

    at_us: int
    stretch: Stretch
    index: int
    promise: float


def candidates(
    footage: Footage, row: list[Stretch], order: BestFramesOrder, seen_us: Iterable[int] = ()
) -> Generator[float, None, list[Candidate]]:
    """Those within the order's time; yields how far it is. `seen_us`: when a detector found what is looked for."""
    found: list[Candidate] = []
    seen = sorted(seen_us)
    taken = evenly(len(row), MOST_PIECES)
    for number, place in enumerate(taken):
        stretch = row[place]
        yield number / len(taken)
        try:
            record = footage.record(stretch.piece)
        except FootageGoneError:
            continue  # the reaper was here
        found += _of(record, stretch, order, seen)
    return found


def _of(record: IndexRecord, stretch: Stretch, order: BestFramesOrder, seen: list[int]) -> list[Candidate]:
    outline = outline_of(record)
    scale = record.video.track.timescale
    starts = [record.start_us + to_us(ticks, scale) for ticks in outline.starts]
    ends = [*starts[1:], stretch.end_us]
    bright = sum(record.signature[:_LUMA_BYTES]) / _LUMA_BYTES if order.by == "brightness" else 0.0
    found = []
    for index, start_us, end_us in zip(outline.keyframes, starts, ends, strict=True):
        if start_us < min(order.to_us, stretch.end_us) and end_us > max(order.from_us, stretch.start_us):
            promise = _promise_of_faces(record, start_us, end_us, seen) if order.by == "faces" else bright
            found.append(Candidate(start_us, stretch, index, promise))
    return found


def _promise_of_faces(record: IndexRecord, start_us: int, end_us: int, seen: list[int]) -> float:
    """Where something moves somebody may be; where nothing does, somebody stands still or nobody is."""
    if any(start_us <= at_us < end_us for at_us in seen):
        return _SEEN
    first = (start_us - record.start_us) // MICROSECONDS
    last = max(first + 1, -(-(end_us - record.start_us) // MICROSECONDS))
    return float(max(record.activity[first:last], default=0))
