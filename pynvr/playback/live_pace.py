"""True figures of a stream: frames a second over the last seconds, and how long the work on one takes."""

import threading
from collections import deque

OVER_S = 5.0
_MOST = 1000


class Pace:
    """One thread notes, all may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: deque[tuple[float, float]] = deque(maxlen=_MOST)
        self._began_s: float | None = None

    def note(self, at_s: float, took_s: float) -> None:
        with self._lock:
            if self._began_s is None:
                self._began_s = at_s
            self._noted.append((at_s, took_s))

    def restart(self) -> None:
        """What was before doesn't count."""
        with self._lock:
            self._noted.clear()
            self._began_s = None

    def fps(self, now_s: float) -> float:
        """Over the last five seconds, or since it began."""
        with self._lock:
            self._forget(now_s)
            if self._began_s is None:
                return 0.0
            over_s = min(OVER_S, now_s - self._began_s)
            return len(self._noted) / over_s if over_s >= 1 else float(len(self._noted))

    def took_ms(self, now_s: float) -> float:
        """Mean of the same frames; 0 if there was none."""
        with self._lock:
            self._forget(now_s)
            return 1000 * sum(took for _, took in self._noted) / len(self._noted) if self._noted else 0.0

    def _forget(self, now_s: float) -> None:
        while self._noted and self._noted[0][0] < now_s - OVER_S:
            self._noted.popleft()
