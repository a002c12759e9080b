"""How long to wait before a camera is tried again."""

from pynvr.model.settings import Retry

# A connection that recorded so long was a good one: the next delay is the first again.
GOOD_S = 60.0
# More doublings than this change nothing, and would overflow.
_MOST_DOUBLINGS = 30


def failures_after(failures: int, recorded_s: float) -> int:
    """Failures in a row, counting the one that just ended a connection that recorded for `recorded_s`."""
    return 1 if recorded_s >= GOOD_S else failures + 1


def next_delay_s(failures: int, retry: Retry, chance: float) -> float:
    """The delay after so many failures in a row (from 1): doubling, jittered by `chance` in 0 … 1."""
    doublings = min(max(0, failures - 1), _MOST_DOUBLINGS)
    delay_s = min(retry.longest_s, retry.first_s * 2.0**doublings)
    return delay_s * (1 + retry.jitter * (2 * chance - 1))
