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


def most_used_bytes(rules: Iterable[ReaperRule], total_bytes: int) -> int:
    """Up to where a disk with these rules may be used, by whatever lies on it; `max_gb` is another matter."""
    most = total_bytes - floor_bytes(total_bytes)
    for rule in rules:
        if rule.percent is not None:
            most = min(most, int(total_bytes * rule.percent / 100))
        if rule.keep_free_gb is not None:
            most = min(most, total_bytes - int(rule.keep_free_gb * GB))
    return most
