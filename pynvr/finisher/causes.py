"""The master's journal of causes, copied into the database."""

import logging
from pathlib import Path

from pynvr.archive.journal import journal_files, read_journal
from pynvr.store.store import Store

logger = logging.getLogger(__name__)

# Files that are kept though they are copied: the database may come back from a backup, and those are kept for a week.
_FILES_KEPT = 40


def ingest_causes(store: Store, run_dir: Path) -> int:
    """Copy what the journal has more than the database; how many transitions that was. Raises StoreError."""
    copied = 0
    offsets = store.causes.journals()
    files = journal_files(run_dir)
    for path in files:
        offset = offsets.get(path.name, 0)
        try:
            while path.stat().st_size > offset:
                transitions, end = read_journal(path, offset)
                if end == offset:
                    break  # a line that isn't whole yet
                store.causes.ingest(transitions, path.name, end)
                copied += len(transitions)
                offset = end
        except OSError as err:
            logger.warning("%s can't be read: %s", path, err.strerror or err)
    for path in files[:-_FILES_KEPT]:
        path.unlink(missing_ok=True)
        store.causes.forget_journal(path.name)
    return copied
