"""What is seen and what calls for a person, told to everybody who watches live.

One thread looks for both while anybody wants to know; without, there is neither thread nor open file.
"""

import logging
import threading
from collections import deque
from dataclasses import dataclass

from pynvr.archive.looks import Look, LooksFollower
from pynvr.base.errors import StoreError
from pynvr.playback.live_queue import Wake
from pynvr.store.alerts import Alert
from pynvr.web.site import Site

# Analyser and viewers are some tenths of a second behind the camera anyway.
_TURN_S = 0.1
_ALERTS_EACH = 4
_MOST_ALERTS = 100
# Nobody counts further than this; the page says "or more".
MOST_UNVIEWED = 1000
# Whoever takes nothing for so many loses the oldest.
_MOST_WAITING = 256
_PACE_LOOKS = 20
_PACE_US = 60_000_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unviewed:
    """So many alerts nobody has seen."""

    count: int


Mark = Look | Alert | Unviewed


class MarkView:
    """One who wants to know. `camera_id` empty: the alerts of all cameras, and how many nobody has seen."""

    def __init__(self, marks: "Marks", camera_id: str, wake: Wake) -> None:
        self.camera_id = camera_id
        self._marks = marks
        self._wake = wake
        self._waiting: deque[Mark] = deque(maxlen=_MOST_WAITING)

    def put(self, mark: Mark) -> None:
        self._waiting.append(mark)
        self._wake()

    def take(self) -> Mark | None:
        """The next; None if nothing waits."""
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def close(self) -> None:
        """From when this returns on, `wake` isn't called. Idempotent."""
        self._marks.leave(self)


class Marks:
    """One per process, for all its threads."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._views: list[MarkView] = []
        self._left = threading.Event()
        self._runs = False
        self._unviewed: int | None = None
        self._looks: dict[str, deque[tuple[float, int]]] = {}

    def watch(self, camera_id: str, wake: Wake) -> MarkView:
        """To be closed; `wake` is called from another thread. Raises RuntimeError if the machine can start none."""
        view = MarkView(self, camera_id, wake)
        with self._lock:
            if not self._runs:
                self._left.clear()
                threading.Thread(target=self._run, name="live marks", daemon=True).start()
                self._runs = True
            self._views.append(view)
            if not camera_id and self._unviewed is not None:
                view.put(Unviewed(self._unviewed))
        return view

    def leave(self, view: MarkView) -> None:
        with self._lock:
            if view in self._views:
                self._views.remove(view)
            if not self._views:
                self._left.set()

    def took_ms(self, camera_id: str) -> float:
        """What a look at a picture of the camera costs: the mean of the last ones; 0 if there was none of late."""
        oldest_s = self._site.clock.monotonic_s() - _PACE_US / 1_000_000
        with self._lock:
            took = [took_us for at_s, took_us in self._looks.get(camera_id, ()) if at_s >= oldest_s]
        return sum(took) / len(took) / 1000 if took else 0.0

    def _run(self) -> None:
        looks = LooksFollower(self._site.settings().system.run_dir)
        alerts = _NewAlerts(self._site)
        turn = 0
        try:
            while not self._is_over():
                try:
                    if turn % _ALERTS_EACH == 0:
                        self._tell_alerts(alerts)
                    self._tell_looks(looks.read_new())
                except Exception:
                    _log.exception("what is detected isn't told to live viewers")
                turn += 1
                self._left.wait(_TURN_S)
        finally:
            looks.close()

    def _is_over(self) -> bool:
        with self._lock:
            if self._views:
                self._left.clear()
                return False
            self._runs = False
            self._unviewed = None
            self._looks.clear()
            return True

    def _tell_looks(self, looks: list[Look]) -> None:
        now_s = self._site.clock.monotonic_s()
        with self._lock:
            for look in looks:
                pace = self._looks.setdefault(look.camera_id, deque(maxlen=_PACE_LOOKS))
                pace.append((now_s, look.took_us))
                self._tell(look, look.camera_id)

    def _tell_alerts(self, alerts: "_NewAlerts") -> None:
        try:
            new, unviewed = alerts.read()
        except StoreError:
            return  # held up, restored, or gone; whoever writes to it says so
        with self._lock:
            for alert in new:
                self._tell(alert, alert.detection.camera_id)
            if unviewed != self._unviewed:
                self._unviewed = unviewed
                self._tell(Unviewed(unviewed), "")

    def _tell(self, mark: Mark, camera_id: str) -> None:
        for view in self._views:
            if view.camera_id == camera_id or (not view.camera_id and not isinstance(mark, Look)):
                view.put(mark)


class _NewAlerts:
    """Those that are stored from now on."""

    def __init__(self, site: Site) -> None:
        self._store = site.store
        self._last: int | None = None

    def read(self) -> tuple[list[Alert], int]:
        """What is new, and how many nobody has seen. Raises StoreError."""
        if self._last is None:
            self._last = self._store.alerts.newest()
        new = self._store.alerts.after(self._last, _MOST_ALERTS)
        if new:
            self._last = new[-1].id
        return new, self._store.alerts.unviewed(MOST_UNVIEWED)
