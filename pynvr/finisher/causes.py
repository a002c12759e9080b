"""The master's journal of causes, copied into the database."""

from pathlib import Path

from pynvr.archive.journal import journal_files, read_journal
from pynvr.finisher.ingestion import Ingestion
from pynvr.store.store import Store


def ingest_causes(store: Store, run_dir: Path, ingestion: Ingestion) -> int:
    """Copy what the journal has more than the database; how many transitions that was. Raises StoreError."""
    return ingestion.ingest(store, journal_files(run_dir), read_journal, store.causes.ingest)
