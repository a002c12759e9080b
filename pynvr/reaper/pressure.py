"""How full the disks of the rules are, with what was just deleted taken into account."""

from dataclasses import dataclass

from pynvr.base.clock import Clock
from pynvr.model.settings import ReaperRule
from pynvr.reaper.disk_view import DiskView, Usage
from pynvr.reaper.limits import bytes_to_free, still_settling_bytes
from pynvr.reaper.notices import Notices


@dataclass(frozen=True, slots=True)
class _Freed:
    at_s: float
    freed_bytes: int
    expected_free_bytes: int


class Pressure:
    """Asks the disks, and remembers per rule what its last deletion should have brought."""

    def __init__(self, disks: DiskView, clock: Clock, notices: Notices) -> None:
        self._disks = disks
        self._clock = clock
        self._notices = notices
        self._freed: dict[ReaperRule, _Freed] = {}

    def wanted_bytes(self, rule: ReaperRule, held_bytes: int = 0) -> int:
        """How much the rule wants deleted now; 0 if its disk can't be asked."""
        usage = self._usage(rule)
        return 0 if usage is None else bytes_to_free(rule, self._settled(rule, usage), held_bytes)

    def usage(self, rule: ReaperRule) -> Usage:
        """What the disk itself says; empty if it can't be asked."""
        return self._usage(rule) or Usage(0, 0)

    def deleted(self, rule: ReaperRule, deleted_bytes: int, free_before_bytes: int) -> None:
        """So much was deleted for the rule since the disk said that so much was free."""
        expected = free_before_bytes + deleted_bytes
        self._freed[rule] = _Freed(self._clock.monotonic_s(), deleted_bytes, expected)

    def _usage(self, rule: ReaperRule) -> Usage | None:
        try:
            usage = self._disks.usage(rule.disk)
        except OSError as err:
            self._notices.tell(f"{rule.disk}", f"{rule.disk}: a reaper rule's disk can't be asked: {err.strerror}")
            return None
        return usage

    def _settled(self, rule: ReaperRule, usage: Usage) -> Usage:
        """The usage as it will be when what was deleted has become room."""
        freed = self._freed.get(rule)
        if freed is None:
            return usage
        since_s = self._clock.monotonic_s() - freed.at_s
        settling = still_settling_bytes(freed.freed_bytes, freed.expected_free_bytes, usage.free_bytes, since_s)
        return Usage(usage.total_bytes, usage.free_bytes + settling)
