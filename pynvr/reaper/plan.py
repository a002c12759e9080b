"""Which folders and limits belong together: a rule with all that lies on its disk. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pynvr.model.settings import ReaperRule
from pynvr.store.totals import CameraTotal


@dataclass(frozen=True, slots=True)
class RuleScope:
    """What a rule may delete. `holdings`: folder and camera pairs on its disk; the flags: which else lies there."""

    rule: ReaperRule
    dsts: tuple[Path, ...]
    holdings: tuple[CameraTotal, ...]
    has_exports: bool
    has_pictures: bool

    @property
    def segment_bytes(self) -> int:
        return sum(holding.file_bytes for holding in self.holdings)

    @property
    def may_delete_video(self) -> bool:
        return "mp4" in self.rule.extensions

    @property
    def may_delete_pictures(self) -> bool:
        return bool({"jpg", "jpeg"} & set(self.rule.extensions))


def scope_of(
    rule: ReaperRule,
    devices: Mapping[Path, int],
    holdings: Sequence[CameraTotal],
    dsts: Sequence[Path],
    caches: tuple[Path, Path],
) -> RuleScope | None:
    """The rule with what is on its disk; None if the disk itself isn't there. `caches`: exports', pictures' folder."""
    device = devices.get(rule.disk)
    if device is None:
        return None
    on_disk = tuple(dst for dst in dsts if devices.get(dst) == device)
    exports, pictures = (devices.get(cache) == device for cache in caches)
    held = tuple(holding for holding in holdings if Path(holding.dst) in on_disk)
    return RuleScope(rule, on_disk, held, exports, pictures)
