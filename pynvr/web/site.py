"""What every handler may use: one object for the whole process."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pynvr.base.clock import Clock
from pynvr.base.wishes import Wishes
from pynvr.model.settings import Settings
from pynvr.model.status import Status
from pynvr.playback.footage import Footage
from pynvr.store.by_the_way import ByTheWay
from pynvr.store.store import Store
from pynvr.web.audit.desk import Desk
from pynvr.web.door import Door


@dataclass(frozen=True, slots=True)
class Site:
    """`settings()`: nvr.json as it stands now. `status()`: what the master wrote last, None if there is nothing.
    `wishes`: what the master is asked for; without a master all of them are refused.
    """

    settings: Callable[[], Settings]
    status: Callable[[], Status | None]
    store: Store
    footage: Footage
    clock: Clock
    door: Door = field(default_factory=Door)
    wishes: Wishes = field(default_factory=Wishes)
    audit: Desk = field(init=False)
    by_the_way: ByTheWay = field(init=False)

    def __post_init__(self) -> None:
        desk = Desk(self.store.audit, lambda: self.settings().system.run_dir, self.clock)
        object.__setattr__(self, "audit", desk)
        object.__setattr__(self, "by_the_way", ByTheWay(self.clock.monotonic_s))
