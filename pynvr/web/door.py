"""What the whole process shares to let people in: attempts, places for hashing."""

from pynvr.base.clock import Clock, SystemClock
from pynvr.web.limits import Buckets, Places, network_of, too_many

_MINUTE_S = 60.0
_PER_ADDRESS, _PER_USER = 5, 10
# A hash takes 32 MB and a third of a second of a core that cameras need.
_HASHING, _WAITING = 2, 6


class Door:
    """One per process, for all its threads."""

    def __init__(self, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self._by_address = Buckets(_PER_ADDRESS, _MINUTE_S, clock.monotonic_s)
        self._by_user = Buckets(_PER_USER, _MINUTE_S, clock.monotonic_s)
        self.hashing = Places(_HASHING, _WAITING)

    def attempt(self, address: str, name: str) -> None:
        """Count one guess of a secret; raises ApiError 429 if there were too many from here, or at this name."""
        for buckets, key in self._keys(address, name):
            wait_s = buckets.take(key)
            if wait_s:
                raise too_many("too many attempts", wait_s)

    def succeeded(self, address: str, name: str) -> None:
        """The last attempt was no guess: it doesn't count."""
        for buckets, key in self._keys(address, name):
            buckets.give_back(key)

    def _keys(self, address: str, name: str) -> tuple[tuple[Buckets, str], tuple[Buckets, str]]:
        # Names are the same in capitals and small letters, as in the table of users; a flood of long ones costs memory.
        return (self._by_address, network_of(address)), (self._by_user, name.lower()[:64])
