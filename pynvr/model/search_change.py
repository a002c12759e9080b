"""The search for the moment at which a part of the picture changed: what is asked, and what is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pynvr.model.box import Box

# The job's name.
FIND_CHANGE = "find-change"
Kind = Literal["appeared", "vanished", "changed"]
KINDS: tuple[Kind, ...] = ("appeared", "vanished", "changed")


@dataclass(frozen=True, slots=True)
class FindChangeOrder:
    """The job `find-change`: when `box` of a camera's picture became, within `[from_us, to_us)`, what it is at `at_us`.

    `at_us` None: at the end of what is recorded of it. `every`: every lasting change, whatever the box looks like at
    `at_us`. The newest `limit` of them.
    """

    camera_id: str
    box: Box
    from_us: int
    to_us: int
    at_us: int | None = None
    limit: int = 5
    every: bool = False

    @staticmethod
    def read(order: Mapping[str, Any]) -> "FindChangeOrder":
        """Raises ValueError."""
        try:
            read = FindChangeOrder(**{**order, "box": Box(*order["box"])})
        except (TypeError, KeyError) as err:
            raise ValueError(f"not an order for a change: {err}") from err
        numbers = read.from_us, read.to_us, read.limit, 0 if read.at_us is None else read.at_us
        if not all(isinstance(number, int) for number in numbers) or read.from_us >= read.to_us:
            raise ValueError("not an order for a change")
        return FindChangeOrder(
            read.camera_id, clipped(read.box), read.from_us, read.to_us, read.at_us, read.limit, bool(read.every)
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A lasting one. `at_us`: of the first frame that shows it (`is_exact`), or of the first keyframe that does.

    `confidence`: 0 to 1, how clearly it stands out from what light and weather change; it orders answers and is no
    probability. `before_us`, `after_us`: frames without and with it, in which nobody stands in front.
    `where`: what of the picture changed.
    """

    at_us: int
    confidence: float
    kind: Kind
    before_us: int
    after_us: int
    is_exact: bool
    where: Box


def clipped(box: Box) -> Box:
    """What of the box lies within the picture. Raises ValueError if nothing does."""
    if not all(isinstance(side, int | float) and not isinstance(side, bool) and abs(side) < 1e6 for side in box):
        raise ValueError("a box is x, y, width, height, each a share of the picture")
    left, top = max(0.0, float(box.x)), max(0.0, float(box.y))
    right, bottom = min(1.0, box.x + box.width), min(1.0, box.y + box.height)
    if right <= left or bottom <= top:
        raise ValueError("the box lies outside of the picture, or is empty")
    return Box(left, top, right - left, bottom - top)
