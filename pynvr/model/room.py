"""How much of a disk recordings may take: the law that the reaper holds to, and that forecasts go by."""

from collections.abc import Iterable

from pynvr.model.settings import ReaperRule

GB = 1_000_000_000
# Whatever the rule says, so much stays free on a disk that has one: recorders need it to go on.
_FLOOR_SHARE = 0.01
_FLOOR_BYTES = 500_000_000


def floor_bytes(total_bytes: int) -> int:
    """What stays free on a disk with a rule."""
    return min(int(total_bytes * _FLOOR_SHARE), _FLOOR_BYTES)


def spare_bytes(rules: Iterable[ReaperRule], total_bytes: int, used_bytes: int, free_bytes: int) -> int:
    """How much more may lie on a disk with these rules; negative if something must go. `max_gb` is another matter.

    `free_bytes`: for PyNVR, which is less than the rest where blocks are reserved for root.
    """
    spare = free_bytes - floor_bytes(total_bytes)
    for rule in rules:
        if rule.percent is not None:
            spare = min(spare, int(total_bytes * rule.percent / 100) - used_bytes)
        if rule.keep_free_gb is not None:
            spare = min(spare, free_bytes - int(rule.keep_free_gb * GB))
    return spare
