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


def ingest(
    store: Store,
    files: Sequence[Path],
    read: Callable[[Path, int], tuple[Sequence[T], int]],
    save: Callable[[Sequence[T], str, int], None],
) -> int:
    """Copy what the files have more than the database; how many items that was. Raises StoreError.

    `files`: oldest first. `read`: the items behind an offset in bytes, and the offset behind them. `save`: stores items
    and, in the same transaction, that the file of this name is copied up to an offset.
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
            logger.warning("%s can't be read: %s", path, err.strerror or err)
    for path in files[:-_FILES_KEPT]:
        try:
            path.unlink(missing_ok=True)
        except OSError as err:
            logger.warning("%s can't be deleted: %s", path, err.strerror or err)
            continue
        store.causes.forget_journal(path.name)
    return copied
