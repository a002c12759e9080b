"""What was left out of recordings of mode `motion`, copied from the finisher's own files into the database."""

import logging
from pathlib import Path

from pynvr.archive.omitted import omission_files, read_omissions
from pynvr.store.store import Store

logger = logging.getLogger(__name__)

# Files that are kept though they are copied: the database may come back from a backup, and those are kept for a week.
_FILES_KEPT = 40


def ingest_omissions(store: Store, run_dir: Path) -> int:
    """Copy what the files have more than the database; how many spans that was. Raises StoreError."""
    copied = 0
    offsets = store.causes.journals()
    files = omission_files(run_dir)
    for path in files:
        offset = offsets.get(path.name, 0)
        try:
            while path.stat().st_size > offset:
                spans, end = read_omissions(path, offset)
                if end == offset:
                    break  # a line that isn't whole yet
                with store.transaction():
                    store.omissions.add(spans)
                    store.causes.ingest([], path.name, end)
                copied += len(spans)
                offset = end
        except OSError as err:
            logger.warning("%s can't be read: %s", path, err.strerror or err)
    for path in files[:-_FILES_KEPT]:
        path.unlink(missing_ok=True)
        store.causes.forget_journal(path.name)
    return copied
