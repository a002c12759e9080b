"""What the server has done since it started: for the status and /metrics."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

# Under this name a handler finds the server's `Traffic` in its request's environ.
ENVIRON_KEY = "pynvr.traffic"
# And under this one whether the server is to stop: `() -> bool`, for those that hold their connection.
STOPPING_KEY = "pynvr.stopping"


@dataclass(frozen=True, slots=True)
class Figures:
    """`requests` by status class ("2xx"); `sent_bytes`: of bodies; `refused`: long responses that found no place;
    `connections` and `long_responses` as things stand now."""

    requests: Mapping[str, int]
    sent_bytes: int
    answering_s: float
    refused: int
    connections: int
    long_responses: int


class Traffic:
    """Counts; for all threads. The server's loop sets the two attributes."""

    def __init__(self) -> None:
        self.connections = 0
        self.long_responses = 0
        self._lock = threading.Lock()
        self._requests: dict[str, int] = {}
        self._sent_bytes = 0
        self._answering_s = 0.0
        self._refused = 0

    def answered(self, status: int, sent_bytes: int, took_s: float) -> None:
        """A request was answered, or its client left while it was."""
        kind = f"{status // 100}xx"
        with self._lock:
            self._requests[kind] = self._requests.get(kind, 0) + 1
            self._sent_bytes += sent_bytes
            self._answering_s += took_s

    def refuse(self) -> None:
        """A long response found no place."""
        with self._lock:
            self._refused += 1

    def now(self) -> Figures:
        with self._lock:
            return Figures(
                dict(self._requests),
                self._sent_bytes,
                self._answering_s,
                self._refused,
                self.connections,
                self.long_responses,
            )
