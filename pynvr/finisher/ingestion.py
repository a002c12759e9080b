"""Files of lines that others append to, copied into the database: each line once, whatever dies meanwhile."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pynvr.store.store import Store

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Files that are kept though they are copied: the database may come back from a backup, and those are kept for a week.
_FILES_KEPT = 40


class Ingestion:
    """Copies files of lines; remembers what it said of those that refuse, which are looked at each few seconds."""

    def __init__(self) -> None:
        self._told: set[tuple[Path, str]] = set()

    def ingest(
        self,
        store: Store,
        files: Sequence[Path],
        read: Callable[[Path, int], tuple[Sequence[T], int]],
        save: Callable[[Sequence[T], str, int], None],
    ) -> int:
        """Copy what the files have more than the database; how many items that was. Raises StoreError.

        `files`: oldest first. `read`: the items behind an offset in bytes, and the offset behind them. `save`: stores
        items and, in the same transaction, that the file of this name is copied up to an offset.
        """
        copied = 0
        offsets = store.causes.journals()
        for path in files:
            offset = offsets.get(path.name, 0)
            try:
                while path.stat().st_size > offset:
                    items, end = read(path, offset)
                    if end == offset:
                        break  # a line that isn't whole yet
                    save(items, path.name, end)
                    copied += len(items)
                    offset = end
            except OSError as err:
                self.refused(path, "read", err)
            else:
                self.done(path, "read")
        for path in files[:-_FILES_KEPT]:
            try:
                path.unlink(missing_ok=True)
            except OSError as err:
                self.refused(path, "deleted", err)
                continue
            self.done(path, "deleted")
            store.causes.forget_journal(path.name)
        return copied

    def done(self, path: Path, act: str) -> None:
        """The next refusal is told again."""
        self._told.discard((path, act))

    def refused(self, path: Path, act: str, err: OSError) -> None:
        """Told once, until it was done."""
        if (path, act) not in self._told:
            self._told.add((path, act))
            logger.warning("%s can't be %s: %s", path, act, err.strerror or err)
