"""What a recorder of recordings and one of a sub-stream do differently."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from pynvr.archive.forcing import force_chunks, left_chunks
from pynvr.archive.marker import check_marker
from pynvr.archive.paths import day_folder
from pynvr.base.clock import SystemClock
from pynvr.base.errors import DiskError
from pynvr.model.stamp import recent_days
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
    check_disk = partial(check_marker, order.camera.dst, order.disk_marker)
    custody = Syncer(order.system.durability_s, check_disk, partial(force_left, order))
    lock = order.system.run_dir / f"{order.camera.id}.lock"
    return Place(RecordingShelf(order), custody, lock, lambda: None, "nothing is recorded", "records again")


def force_left(order: RecorderOrder) -> Iterator[int]:
    """Force to disk what the camera's last recorder left if it was killed, a chunk at each step; 1 where needed."""
    days = recent_days(SystemClock().now_us(), order.system.timezone)
    folders = [day_folder(order.camera.dst, day) for day in days]
    for path in left_chunks(folders, order.camera.id):
        yield force_chunks([path])


def place_of_live(order: RecorderOrder) -> Place:
    """A folder of the running program."""
    shelf = LiveShelf(order)
    lock = order.system.run_dir / f"{order.camera.id}.live.lock"
    return Place(shelf, LettingGo(), lock, shelf.clear, "there is no sub-stream", "the sub-stream is there again")
