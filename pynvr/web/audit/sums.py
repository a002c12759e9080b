"""Entries that come often: of those alike within a minute the first is told, and then how many more there were."""

from dataclasses import dataclass, replace

from pynvr.model.audit import Entry

WINDOW_S = 60.0
# Somebody who comes from ever new addresses must not fill the memory.
MOST_KINDS = 1_000

_Kind = tuple[str, str, str, str]


@dataclass(slots=True)
class _Sum:
    due_s: float
    last: Entry
    more: int = 0


class Sums:
    """Not for several threads at once. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._by_kind: dict[_Kind, _Sum] = {}

    def is_first(self, entry: Entry, now_s: float) -> bool:
        """Whether to tell it as it is; if not, it is counted."""
        kind = (entry.action, entry.actor, entry.address, entry.camera_id)
        if kind not in self._by_kind and len(self._by_kind) >= MOST_KINDS:
            kind = (entry.action, "", "", "")
        known = self._by_kind.get(kind)
        if known is None:
            self._by_kind[kind] = _Sum(now_s + WINDOW_S, entry)
            return True
        known.more += 1
        known.last = entry
        return False

    def take(self, now_s: float) -> list[Entry]:
        """What is to be told of those whose minute is over."""
        over = [(kind, one) for kind, one in self._by_kind.items() if one.due_s <= now_s]
        for kind, _one in over:
            del self._by_kind[kind]
        return [_counted(one) for _kind, one in over if one.more]


def _counted(one: _Sum) -> Entry:
    times = "once more" if one.more == 1 else f"{one.more} times more"
    return replace(one.last, text=f"{one.last.text} ({times} within a minute)", detail={"times": one.more})
