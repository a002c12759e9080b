"""How many WebSockets there may be: those that watch cameras and those that only hear of alerts, each by themselves.

Every page that is open somewhere hears of alerts. That must not take the place of who watches, nor the other way round.
"""

import threading
from enum import Enum

# Each socket holds a thread of the server while it lasts.
MOST_WATCHING = 96
MOST_LISTENING = 96


class Kind(Enum):
    """What a socket is for."""

    WATCHING = "watching"
    LISTENING = "listening"


class Seats:
    """For all threads."""

    def __init__(self, watching: int = MOST_WATCHING, listening: int = MOST_LISTENING) -> None:
        self._free = {Kind.WATCHING: watching, Kind.LISTENING: listening}
        self._lock = threading.Lock()

    def take(self, kind: Kind) -> "Seat | None":
        """None if all are taken."""
        return Seat(self, kind) if self.change(None, kind) else None

    def change(self, before: Kind | None, after: Kind | None) -> bool:
        """Give one seat back and take another; False if there is none, and then nothing has changed."""
        with self._lock:
            if after is not None and self._free[after] <= 0:
                return False
            if before is not None:
                self._free[before] += 1
            if after is not None:
                self._free[after] -= 1
            return True


class Seat:
    """Of one socket, whose thread alone uses it."""

    def __init__(self, seats: Seats, kind: Kind) -> None:
        self._seats = seats
        self._kind: Kind | None = kind

    def be(self, kind: Kind) -> bool:
        """Whether the socket may be of this kind from now on; if not, it stays what it was."""
        if self._kind is kind:
            return True
        if not self._seats.change(self._kind, kind):
            return False
        self._kind = kind
        return True

    def leave(self) -> None:
        self._seats.change(self._kind, None)
        self._kind = None
