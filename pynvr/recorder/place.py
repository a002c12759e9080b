"""What a recorder of recordings and one of a sub-stream do differently."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from pynvr.archive.marker import check_marker
from pynvr.base.errors import DiskError
from pynvr.recorder.letting_go import LettingGo
from pynvr.recorder.live_shelf import LiveShelf
from pynvr.recorder.order import RecorderOrder
from pynvr.recorder.shelf import RecordingShelf, Shelf
from pynvr.recorder.syncing import Syncable, Syncer


class Custody(Protocol):
    """Who lets chunks go, and forces them to disk before, if anybody does (`Syncer`)."""

    failure: DiskError | None

    def start(self) -> None: ...

    def follow(self, writer: Syncable | None) -> None: ...

    def keyframe(self) -> None: ...

    def raise_failure(self) -> None: ...

    def stop(self, timeout_s: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """`lock`: the file whose lock says that there is one such recorder. `clear`: called before the first and after the
    last chunk. `away`, `back`: for the log.
    """

    shelf: Shelf
    custody: Custody
    lock: Path
    clear: Callable[[], None]
    away: str
    back: str


def place_of_recordings(order: RecorderOrder) -> Place:
    """The camera's folder."""
    custody = Syncer(order.system.durability_s, partial(check_marker, order.camera.dst, order.disk_marker))
    lock = order.system.run_dir / f"{order.camera.id}.lock"
    return Place(RecordingShelf(order), custody, lock, lambda: None, "nothing is recorded", "records again")


def place_of_live(order: RecorderOrder) -> Place:
    """A folder of the running program."""
    shelf = LiveShelf(order)
    lock = order.system.run_dir / f"{order.camera.id}.live.lock"
    return Place(shelf, LettingGo(), lock, shelf.clear, "there is no sub-stream", "the sub-stream is there again")
