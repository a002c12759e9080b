"""How many bytes must go, and what is too old. Pure."""

from pynvr.model import room
from pynvr.model.room import GB
from pynvr.model.settings import ReaperRule
from pynvr.reaper.disk_view import Usage

DAY_US = 86_400_000_000
_SLACK_SHARE = 0.001
_SLACK_BYTES = 500_000_000
# A freed file may be held open by a viewer, and some file systems give room back seconds later. Until then, what was
# deleted counts as free, or more would be deleted in its place.
SETTLING_S = 10.0

# A clock that leaps ahead makes everything old. It is believed when recordings have been made by it for so long.
PROBATION_US = 3 * DAY_US


def bytes_to_free(rule: ReaperRule, usage: Usage, held_bytes: int) -> int:
    """How much the rule wants deleted from its disk; 0 = nothing. `held_bytes`: recordings and exports there."""
    excess = [floor_bytes(usage) - usage.free_bytes]
    if rule.percent is not None:
        excess.append(usage.used_bytes - int(usage.total_bytes * rule.percent / 100))
    if rule.keep_free_gb is not None:
        excess.append(int(rule.keep_free_gb * GB) - usage.free_bytes)
    if rule.max_gb is not None:
        excess.append(held_bytes - int(rule.max_gb * GB))
    return max(0, *excess)


def slack_bytes(usage: Usage) -> int:
    """What is deleted beyond that, so that a disk at its limit isn't reaped every other second for ever."""
    return min(int(usage.total_bytes * _SLACK_SHARE), _SLACK_BYTES)


def floor_bytes(usage: Usage) -> int:
    """What stays free on a disk with a rule."""
    return room.floor_bytes(usage.total_bytes)


def cutoff_us(now_us: int, days: float | None) -> int | None:
    """The instant `days` ago; None if there is no such limit."""
    return None if days is None else now_us - int(days * DAY_US)


def credible_now_us(now_us: int, recorded_us: int | None) -> int:
    """The instant by which ages are counted: the clock's, unless it seems to have leapt ahead.

    `recorded_us`: the newest recording that is older than `PROBATION_US` by the clock; None if there is none. As long
    as a clock is right and something is recorded, that one is hardly older than that.
    """
    return now_us if recorded_us is None else min(now_us, recorded_us + 2 * PROBATION_US)


def still_settling_bytes(freed_bytes: int, expected_free_bytes: int, free_bytes: int, since_s: float) -> int:
    """What of `freed_bytes`, deleted `since_s` ago, hasn't shown in the disk's free bytes yet."""
    if since_s >= SETTLING_S:
        return 0
    return max(0, min(freed_bytes, expected_free_bytes - free_bytes))
