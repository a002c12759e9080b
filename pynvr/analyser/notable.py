"""Which of what is seen is worth storing: who stands before a camera is seen with every picture. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynvr.vision.detector import Found

# While it goes on, one picture of it each so often.
AGAIN_US = 10_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored last of a camera and kind."""

    at_us: int
    confidence: float
    count: int


def is_notable(found: Sequence[Found], at_us: int, last: Stored | None, alert_from: float) -> bool:
    """Whether this is new: something after a pause, surely enough for an alert for the first time, or more of it."""
    if not found:
        return False
    if last is None or not 0 <= at_us - last.at_us < AGAIN_US:
        return True
    surest = max(one.confidence for one in found)
    return len(found) > last.count or last.confidence < alert_from <= surest


def stored_of(found: Sequence[Found], at_us: int) -> Stored:
    return Stored(at_us, max(one.confidence for one in found), len(found))
