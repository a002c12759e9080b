"""What there is to delete from: folders on their right disks, and the files of a rule or a camera in order of age."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pynvr.archive.marker import MARKER_NAME, read_marker
from pynvr.archive.paths import days_of
from pynvr.base.errors import DiskError
from pynvr.catalog.folders import all_folders
from pynvr.model.settings import Camera, Settings
from pynvr.reaper.candidate import Candidate, Cutoff, Shield, oldest_first
from pynvr.reaper.catalog_stream import from_catalog
from pynvr.reaper.deletion import Tally
from pynvr.reaper.disk_view import DiskView
from pynvr.reaper.notices import Notices
from pynvr.reaper.plan import RuleScope, scope_of
from pynvr.reaper.tree_stream import DayNames, exports, exports_bytes, orphans, pictures
from pynvr.store.store import Store
from pynvr.store.totals import CameraTotal


class Ground:
    """The folders as one cycle finds them; folders of foreign or missing disks are left out."""

    def __init__(self, settings: Settings, store: Store, disks: DiskView, day_names: DayNames) -> None:
        self._settings = settings
        self._store = store
        self._disks = disks
        self._day_names = day_names
        self._keeps: Sequence[Shield] = ()
        self._leases: Sequence[Shield] = ()
        self.dsts: tuple[Path, ...] = ()

    def look(self, notices: Notices, now_us: int) -> None:
        """See which folders are there now, and what has to stay. Raises StoreError."""
        self._keeps = [*self._store.keeps.all(), *self._store.incidents.shields()]
        self._leases = self._store.leases.held(now_us)
        expected = self._store.disks.known()
        self.dsts = tuple(
            dst for dst in all_folders(self._settings, self._store) if _is_ours(dst, expected.get(dst), notices)
        )

    def scopes(self) -> list[RuleScope]:
        """Each rule with what lies on its disk."""
        system = self._settings.system
        caches = (system.mp4_cache_dir, system.jpg_cache_dir)
        devices: dict[Path, int] = {}
        for path in {*self.dsts, *caches, *(rule.disk for rule in self._settings.reaper)}:
            try:
                devices[path] = self._disks.device(path)
            except OSError:
                continue
        holdings = self._store.totals.cameras()
        scopes = (scope_of(rule, devices, holdings, self.dsts, caches) for rule in self._settings.reaper)
        return [scope for scope in scopes if scope is not None]

    def holdings_of(self, camera: Camera) -> list[CameraTotal]:
        """What the camera has in each folder."""
        totals = self._store.totals.cameras()
        return [one for one in totals if one.camera_id == camera.id and Path(one.dst) in self.dsts]

    def held_bytes(self, scope: RuleScope) -> int:
        """Recordings and exports on the rule's disk."""
        of_exports = exports_bytes(self._settings.system.mp4_cache_dir) if scope.has_exports else 0
        return scope.segment_bytes + of_exports

    def segments(
        self, holdings: Sequence[CameraTotal], cutoff: Cutoff, tally: Tally, *, leased: bool = False
    ) -> Iterator[Candidate]:
        """Segments that may go and didn't refuse, oldest first; with `leased` also those that somebody is reading."""
        shields = self._shields(leased)
        streams = (
            from_catalog(self._store, Path(one.dst), one.camera_id, shields, cutoff(one.camera_id))
            for one in holdings
            if not tally.is_closed(Path(one.dst))
        )
        return filter(tally.may_try, oldest_first(streams))

    def files(
        self,
        scope: RuleScope,
        cutoff: Cutoff,
        tally: Tally,
        exports_before_us: int | None = None,
        *,
        leased: bool = False,
    ) -> Iterator[Candidate]:
        """Everything that the rule may delete and that didn't refuse to go, oldest first; with `leased` also what
        somebody is reading."""
        system = self._settings.system
        streams: list[Iterator[Candidate]] = []
        if scope.may_delete_video:
            streams.append(self.segments(scope.holdings, cutoff, tally, leased=leased))
            for dst in scope.dsts:
                if tally.is_closed(dst):
                    continue
                days = self._day_names.of(dst)
                shields = self._shields(leased)
                streams.append(orphans(days, self._store, dst, system.timezone, shields=shields, cutoff=cutoff))
            if scope.has_exports:
                streams.append(exports(system.mp4_cache_dir, exports_before_us))
        elif scope.may_delete_pictures and scope.has_pictures:
            streams.append(pictures(system.jpg_cache_dir, exports_before_us))
        return filter(tally.may_try, oldest_first(streams))

    def _shields(self, leased: bool) -> Sequence[Shield]:
        return self._keeps if leased else [*self._keeps, *self._leases]


def _is_ours(dst: Path, expected: str | None, notices: Notices) -> bool:
    """Whether the folder carries a marker, and not another one than it is known by."""
    try:
        found = read_marker(dst)
    except DiskError as err:
        notices.tell(f"{dst}", str(err))
        return False
    if found is not None and expected is not None and found != expected:
        notices.tell(f"{dst}", f"{dst} belongs to another disk: nothing is deleted there")
        return False
    if found is None and days_of(dst):
        notices.tell(f"{dst}", f"{dst} has recordings, but no {MARKER_NAME}: nothing is deleted there")
    return found is not None
