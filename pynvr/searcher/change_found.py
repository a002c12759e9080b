"""What a search for a change has found. Two steps that lead to one change are one answer."""

from dataclasses import dataclass

from pynvr.model.box import Box
from pynvr.model.search_change import Change
from pynvr.vision.change_grid import Bytes, Cells


@dataclass(frozen=True, slots=True)
class Found:
    """A change, the keyframes between which it came about, the part of the picture that was compared, and pictures of
    what was there after. `apart`: how clearly it changed; `inside`: the box in those pictures."""

    change: Change
    last_us: int
    first_us: int
    box: Box
    after: list[Bytes]
    apart: float
    inside: Cells

    def is_same(self, other: "Found") -> bool:
        """Whether it is one change, seen twice: in the same place, between the same keyframes or those next to them."""
        return self.last_us <= other.first_us and other.last_us <= self.first_us and self.overlaps(other)

    def overlaps(self, other: "Found") -> bool:
        """Whether half of the smaller box lies in the other one."""
        one, two = self.box, other.box
        across = min(one.x + one.width, two.x + two.width) - max(one.x, two.x)
        down = min(one.y + one.height, two.y + two.height) - max(one.y, two.y)
        smaller = min(one.width * one.height, two.width * two.height)
        return across > 0 and down > 0 and across * down >= smaller / 2


def add(all_found: list[Found], more: Found) -> None:
    """Of one change the surer answer stays."""
    for place, found in enumerate(all_found):
        if found.is_same(more):
            if more.change.confidence > found.change.confidence:
                all_found[place] = more
            return
    all_found.append(more)
