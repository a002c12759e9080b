"""What was recorded of a camera over a time: finished segments and the growing chunk, with their sample tables."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pynvr.archive.index_record import IndexRecord
from pynvr.model.settings import Settings
from pynvr.store.store import Store


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment, or a chunk that isn't one yet (`growing`; then `end_us` is of the last whole frame seen).

    `codec`: libav's name; `width`, `height` in pixels; `frames`: of video.
    """

    camera_id: str
    dst: Path
    stamp: str
    start_us: int
    end_us: int
    frames: int
    file_bytes: int
    codec: str
    width: int
    height: int
    growing: bool = False


class Footage:
    """One per process, for all its threads."""

    def __init__(self, store: Store, settings: Callable[[], Settings]) -> None:
        self._store = store
        self._settings = settings

    def pieces(self, camera_id: str, from_us: int, to_us: int) -> list[Piece]:
        """What overlaps `[from_us, to_us)`, by start; no sample table is read for it."""
        raise NotImplementedError

    def at(self, camera_id: str, at_us: int) -> Piece | None:
        """The piece that holds the instant."""
        raise NotImplementedError

    def record(self, piece: Piece) -> IndexRecord:
        """Its sample tables, out of the day index, else of the file itself. Raises FootageGoneError."""
        raise NotImplementedError

    def open(self, piece: Piece) -> int:
        """A descriptor to read its file with, whatever its name is by now. Raises FootageGoneError."""
        raise NotImplementedError
