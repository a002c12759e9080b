"""Ranges as they are asked for: planned, planned only once for many readers, leased while they are read."""

import os
import threading
from collections import OrderedDict

from pynvr.base.clock import Clock
from pynvr.playback.footage import Footage
from pynvr.playback.lease import Pause, RangeLease
from pynvr.playback.range_plan import Gaps, RangePlan
from pynvr.playback.range_planner import plan_range
from pynvr.playback.range_source import RangeSource
from pynvr.store.store import Store

# A download that is taken up again, and a player that seeks, ask for the same range many times.
_PLANS_KEPT = 16
# Of all of them together; a segment takes 170 bytes, and a year has half a million.
_SEGMENTS_KEPT = 300_000

_Key = tuple[str, int, int, Gaps]


class Ranges:
    """For all threads of a process."""

    def __init__(self, footage: Footage, store: Store, clock: Clock) -> None:
        self._footage = footage
        self._store = store
        self._clock = clock
        self._pause = Pause()
        self._lock = threading.Lock()
        self._plans: OrderedDict[_Key, tuple[int, RangePlan]] = OrderedDict()

    def plan(self, camera_id: str, from_us: int, to_us: int, gaps: Gaps = "close") -> RangePlan:
        """See `plan_range`. The same plan as before if nothing changed in the range."""
        pieces = self._footage.pieces(camera_id, from_us, to_us)
        key, state = (camera_id, from_us, to_us, gaps), hash(tuple(pieces))
        with self._lock:
            known = self._plans.get(key)
        if known is not None and known[0] == state and _is_readable(known[1]):
            with self._lock:
                self._plans[key] = known
                self._plans.move_to_end(key)
            return known[1]
        plan = plan_range(self._footage, camera_id, from_us, to_us, gaps, pieces=pieces)
        with self._lock:
            self._plans[key] = state, plan
            self._plans.move_to_end(key)
            while len(self._plans) > _PLANS_KEPT or (len(self._plans) > 1 and self._segments() > _SEGMENTS_KEPT):
                self._plans.popitem(last=False)
        return plan

    def _segments(self) -> int:
        return sum(len(plan.segments) for _, plan in self._plans.values())

    def source(self, plan: RangePlan, filename: str) -> RangeSource:
        """Its bytes, for one reader. While they are read, the reaper takes other recordings first."""
        return self.leased(plan, filename)[0]

    def leased(self, plan: RangePlan, filename: str) -> tuple[RangeSource, RangeLease]:
        """The same, with the lease it holds: who reads it later says meanwhile that it is still needed."""
        lease = RangeLease(self._store, self._clock, self._pause, plan.camera_id, plan.end_us)
        return RangeSource(plan, self._footage, filename, lease, lambda: self._forget(plan)), lease

    def _forget(self, plan: RangePlan) -> None:
        """Who asks again gets what is left: of a file that was deleted by hand the catalog still tells."""
        key = plan.camera_id, plan.from_us, plan.to_us, plan.gaps
        with self._lock:
            known = self._plans.get(key)
            if known is not None and known[1] is plan:
                del self._plans[key]


def _is_readable(plan: RangePlan) -> bool:
    """Whether the indexes that it points into are the same files; one that is made anew lies elsewhere."""
    try:
        return all(os.stat(path).st_ino == inode for path, inode in plan.segments.indexes)
    except OSError:
        return False
