"""What one target still has to take, oldest first; filled by the process, emptied by the target's courier."""

import threading
from collections import deque
from dataclasses import dataclass

from pynvr.notifier.message import Message

# Of a target that takes nothing for long the newest wait.
MOST_WAITING = 1000
# What nobody took for so long is given up.
GIVE_UP_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message, and the instant on the monotonic clock at which it was made (before this process, as far as known)."""

    message: Message
    made_s: float


class Outbox:
    """For two threads. Whoever takes the oldest says `done` when it may go."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._parcels: deque[Parcel] = deque()
        self._closed = False

    def put(self, parcel: Parcel) -> list[Parcel]:
        """At the end; gives what had to go for it."""
        with self._changed:
            self._parcels.append(parcel)
            self._changed.notify_all()
            return [self._parcels.popleft() for _ in range(len(self._parcels) - MOST_WAITING)]

    def put_in_front(self, parcels: list[Parcel]) -> None:
        """What waited before all others; of too many the oldest don't fit."""
        with self._changed:
            room = max(0, MOST_WAITING - len(self._parcels))
            known = {parcel.message.key for parcel in self._parcels}
            fresh = [parcel for parcel in parcels if parcel.message.key not in known]
            self._parcels.extendleft(reversed(fresh[-room:] if room else []))
            self._changed.notify_all()

    def oldest(self, timeout_s: float) -> Parcel | None:
        """The oldest, which stays; None if there is none within the time, or it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._parcels), timeout_s)
            return self._parcels[0] if self._parcels and not self._closed else None

    def done(self, parcel: Parcel) -> bool:
        """It may go; False if it is gone already."""
        with self._changed:
            if parcel in self._parcels:
                self._parcels.remove(parcel)
                return True
            return False

    def pause(self, for_s: float) -> None:
        """Wait, unless it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, for_s)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        with self._changed:
            return self._closed

    def __len__(self) -> int:
        with self._changed:
            return len(self._parcels)
