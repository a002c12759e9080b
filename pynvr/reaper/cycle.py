"""One look at all limits, and the deletions that follow."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pynvr.base.clock import Clock
from pynvr.base.counted import counted
from pynvr.model.room import GB
from pynvr.model.settings import Camera, ReaperRule, Settings
from pynvr.model.stamp import local, stamp_of
from pynvr.reaper.candidate import Candidate, Cutoff, enough
from pynvr.reaper.deletion import Deleter, Tally
from pynvr.reaper.disk_view import DiskView
from pynvr.reaper.ground import Ground
from pynvr.reaper.limits import DAY_US, PROBATION_US, credible_now_us, cutoff_us, slack_bytes
from pynvr.reaper.notices import Notices
from pynvr.reaper.plan import RuleScope
from pynvr.reaper.pressure import Pressure
from pynvr.reaper.sweep import sweep_day
from pynvr.reaper.tree_stream import DayNames
from pynvr.store.store import Store

_SWEEP_EVERY_S = 3600.0
# A shorter one is more likely a recorder that was off.
_TOLD_LEAP_US = 30 * DAY_US


class Reaper:
    """Deletes what is too much. Holds what is to be remembered between cycles."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        disks: DiskView,
        clock: Clock,
        *,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        """`alive` is called between batches of deletions; when it says no, the cycle ends early."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._day_names = DayNames()
        self._notices = Notices(clock)
        self._pressure = Pressure(disks, clock, self._notices)
        self._ground = Ground(settings, store, disks, self._day_names)
        self._deleter = Deleter(store, settings.system.jpg_cache_dir, alive)
        self._swept_s: float | None = None

    @property
    def has_work(self) -> bool:
        """Whether nvr.json allows anything to be deleted."""
        limits = (camera.retention for camera in self._settings.cameras)
        return bool(self._settings.reaper) or any(one.max_days is not None or one.max_gb is not None for one in limits)

    @property
    def notices(self) -> list[str]:
        """What the user has to know since the last cycle."""
        return list(self._notices.now)

    def full_disks(self) -> list[ReaperRule]:
        """The rules whose disk is too full; asks the disks alone, so it may be called often."""
        return [rule for rule in self._settings.reaper if self._pressure.wanted_bytes(rule) > 0]

    def cycle(self, *, only_sizes: bool = False) -> Tally:
        """Hold the limits against what there is, delete what is too much. Raises StoreError.

        `only_sizes`: of the disks alone, for one that is full just now.
        """
        tally = Tally()
        if not self.has_work:
            return tally
        self._notices.begin()
        self._deleter.flush()
        self._ground.look(self._notices, self._clock.now_us())
        now_us = self._now_us()
        if not only_sizes:
            for camera in self._settings.cameras:
                self._hold_camera(camera, now_us, tally)
            for scope in self._ground.scopes():
                self._hold_age(scope, now_us, tally)
        for rule in self._settings.reaper:
            self._hold_size(rule, now_us, tally)
        self._sweep(tally, now_us)
        for folder, refusals in tally.refusals.items():
            more = f", nor {counted(refusals.count - 1, 'more file')} there" if refusals.count > 1 else ""
            self._notices.tell(f"{folder}", f"can't delete {refusals.first}{more}: {refusals.reason}")
        return tally

    def _now_us(self) -> int:
        """The clock, if it is to be believed."""
        clock_us = self._clock.now_us()
        now_us = credible_now_us(clock_us, self._store.segments.newest_before(clock_us - PROBATION_US))
        if clock_us - now_us > _TOLD_LEAP_US and self._has_ages:
            zone = self._settings.system.timezone
            self._notices.tell(
                "clock",
                f"the clock says {local(clock_us, zone):%Y-%m-%d}, but nothing was recorded between "
                f"{local(now_us - 2 * PROBATION_US, zone):%Y-%m-%d} and {PROBATION_US // DAY_US} days ago: no more is "
                "deleted for its age until it has recorded for as long by this clock; set the clock, if it is wrong",
            )
        return now_us

    @property
    def _has_ages(self) -> bool:
        limits = [rule.max_days for rule in self._settings.reaper]
        limits += [days for one in self._settings.cameras for days in (one.retention.max_days, one.retention.min_days)]
        return any(days is not None for days in limits)

    def _hold_camera(self, camera: Camera, now_us: int, tally: Tally) -> None:
        limits = camera.retention
        old_us = cutoff_us(now_us, limits.max_days)
        if old_us is not None:
            aged = self._ground.holdings_of(camera)
            self._delete_all(lambda: self._ground.segments(aged, lambda _id: old_us, tally), tally)
        if limits.max_gb is not None:
            holdings = self._ground.holdings_of(camera)
            excess = sum(one.file_bytes for one in holdings) - int(limits.max_gb * GB)
            if excess > 0:
                self._free(lambda cutoff: self._ground.segments(holdings, cutoff, tally), excess, now_us, tally)

    def _hold_age(self, scope: RuleScope, now_us: int, tally: Tally) -> None:
        old_us = cutoff_us(now_us, scope.rule.max_days)
        if old_us is None:
            return
        young = self._min_days_cutoffs(now_us)
        self._delete_all(
            lambda: self._ground.files(scope, lambda one: min(old_us, young.get(one, old_us)), tally, old_us), tally
        )

    def _hold_size(self, rule: ReaperRule, now_us: int, tally: Tally) -> None:
        # The rules before may have deleted from the same disk: its scope is looked up now, not earlier.
        scope = next((one for one in self._ground.scopes() if one.rule == rule), None)
        if scope is None:
            return
        held_bytes = self._ground.held_bytes(scope) if rule.max_gb is not None else 0
        wanted, pressing = self._pressure.wanted_bytes(rule, held_bytes), self._pressure.wanted_bytes(rule)
        if wanted <= 0:
            return
        usage, freed_before = self._pressure.usage(rule), tally.freed_bytes
        slack = slack_bytes(usage)
        missing = self._free(
            lambda cutoff: self._ground.files(scope, cutoff, tally), wanted, now_us, tally, slack=slack
        )
        if missing > 0 and not tally.ended:
            missing -= self._free_leased(scope, pressing - (tally.freed_bytes - freed_before), tally)
        self._pressure.deleted(rule, tally.freed_bytes - freed_before, usage.free_bytes)
        if missing > 0 and not tally.ended:
            message = f"{rule.disk}: {missing / GB:.2f} GB too much, and nothing is left that may be deleted"
            self._notices.tell(f"room {rule.disk}", message)

    def _free(
        self,
        candidates: Callable[[Cutoff], Iterator[Candidate]],
        wanted_bytes: int,
        now_us: int,
        tally: Tally,
        *,
        slack: int = 0,
    ) -> int:
        """Delete the oldest; what is younger than its camera's `min_days` only when all else is gone.

        `slack`: so much more, if that breaks no `min_days`. Returns the bytes that are still missing.
        """
        young = self._min_days_cutoffs(now_us)
        missing = self._free_from(lambda: candidates(young.get), wanted_bytes + slack, tally) - slack
        if missing <= 0 or tally.ended or not young:
            return missing
        first = next(candidates(lambda _id: None), None)
        if first is not None and first.key is not None:
            camera_id = first.key.camera_id
            self._notices.tell(
                f"min_days {camera_id}",
                f"camera {self._settings.called(camera_id)}: no room for its retention.min_days, nothing else is left "
                f"to delete; its oldest goes, beginning with {first.name}: give it more disk, or lower limits",
            )
        return self._free_from(lambda: candidates(lambda _id: None), missing, tally)

    def _free_leased(self, scope: RuleScope, wanted_bytes: int, tally: Tally) -> int:
        """Delete even what somebody is reading, for recordings need the room; returns the bytes freed.

        `wanted_bytes`: by the disk's own measure. A total that is exceeded can wait for the reader.
        """
        freed_before = tally.freed_bytes

        def everything() -> Iterator[Candidate]:
            return self._ground.files(scope, lambda _id: None, tally, leased=True)

        first = next(everything(), None) if wanted_bytes > 0 else None
        if first is not None:
            self._notices.tell(
                f"leased {scope.rule.disk}",
                f"{scope.rule.disk}: nothing is left to delete but what is being downloaded; it goes, beginning with "
                f"{first.name}",
            )
            self._free_from(everything, wanted_bytes, tally)
        return tally.freed_bytes - freed_before

    def _delete_all(self, candidates: Callable[[], Iterator[Candidate]], tally: Tally) -> None:
        """Whatever there is; where one folder refuses everything, that of the others."""
        while self._deleter.delete(candidates(), tally) and not tally.ended:
            continue

    def _free_from(self, candidates: Callable[[], Iterator[Candidate]], wanted_bytes: int, tally: Tally) -> int:
        """Until so much is free or there is no candidate left: files may be gone already, or refuse to go."""
        goal = tally.freed_bytes + wanted_bytes
        while tally.freed_bytes < goal and not tally.ended:
            tried = tally.tried
            self._deleter.delete(enough(candidates(), goal - tally.freed_bytes), tally)
            if tally.tried == tried:
                break
        return goal - tally.freed_bytes

    def _min_days_cutoffs(self, now_us: int) -> dict[str, int]:
        """Of each camera with `min_days`: what ends before this instant may go."""
        cutoffs = {camera.id: cutoff_us(now_us, camera.retention.min_days) for camera in self._settings.cameras}
        return {camera_id: instant for camera_id, instant in cutoffs.items() if instant is not None}

    def _sweep(self, tally: Tally, now_us: int) -> None:
        """Tidy day folders that lost their last segment; now and then, older ones that hold nothing any more."""
        yesterday = stamp_of(now_us - DAY_US, self._settings.system.timezone)[:8]
        days: set[tuple[Path, str]] = set(tally.days)
        at_s = self._clock.monotonic_s()
        if self._swept_s is None or at_s - self._swept_s >= _SWEEP_EVERY_S:
            self._swept_s = at_s
            for dst in self._ground.dsts:
                first = self._store.segments.first_day(str(dst))
                days |= {(dst, day) for day in self._day_names.of(dst) if first is None or day < first}
        for dst, day in sorted(days):
            if day < yesterday and self._store.segments.is_empty_day(str(dst), day):
                sweep_day(self._store, dst, day, self._settings.system.jpg_cache_dir)
