"""How often somebody may try, and how many at once: token buckets and places for what is costly."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network

from pynvr.web.errors import ApiError

# Per bucket some 200 bytes; who floods us with addresses pushes out those that tried least lately.
_MOST_BUCKETS = 10_000


class Buckets:
    """Attempts per key: `capacity` at once, refilled evenly over `refill_s` seconds. Safe for many threads."""

    def __init__(
        self, capacity: int, refill_s: float, monotonic_s: Callable[[], float], most: int = _MOST_BUCKETS
    ) -> None:
        self._capacity = capacity
        self._per_s = capacity / refill_s
        self._monotonic_s = monotonic_s
        self._most = most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Use up one attempt; 0.0 if there was one, else the seconds until there is."""
        with self._lock:
            level = self._level(key)
            short = max(0.0, 1.0 - level)
            self._keep(key, level if short else level - 1.0)
        return short / self._per_s

    def give_back(self, key: str) -> None:
        """Undo one `take`: the attempt was no guess."""
        with self._lock:
            self._keep(key, min(self._capacity, self._level(key) + 1.0))

    def __len__(self) -> int:
        with self._lock:
            return len(self._levels)

    def _level(self, key: str) -> float:
        level, at_s = self._levels.get(key, (float(self._capacity), 0.0))
        return min(self._capacity, level + (self._monotonic_s() - at_s) * self._per_s)

    def _keep(self, key: str, level: float) -> None:
        self._levels[key] = (level, self._monotonic_s())
        self._levels.move_to_end(key)
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)


class Places:
    """`running` at once, `waiting` behind them, and a 429 for more: each waiting one holds a thread of the server."""

    def __init__(self, running: int, waiting: int) -> None:
        self._free = threading.Semaphore(running)
        self._queue = threading.Semaphore(running + waiting)

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place for as long as the block runs; raises ApiError 429."""
        if not self._queue.acquire(blocking=False):
            raise too_many("too many people log in at once", 2.0)
        try:
            with self._free:
                yield
        finally:
            self._queue.release()


def network_of(address: str) -> str:
    """What counts as one address: all of IPv4's, and the /64 that a single IPv6 customer has to himself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), 64), strict=False))
    return address


def too_many(what: str, retry_after_s: float) -> ApiError:
    """429, with the whole seconds to wait."""
    wait_s = max(1, int(retry_after_s + 0.999))
    message = f"{what}; try again in {wait_s} s"
    return ApiError(429, "too_many_requests", message, {"retry_after": wait_s}, {"Retry-After": str(wait_s)})
