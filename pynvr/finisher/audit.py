"""Entries of the audit log that others couldn't put into the database themselves, copied into it."""

from collections.abc import Sequence
from pathlib import Path

from pynvr.archive.audit_journal import audit_files, read_entries
from pynvr.finisher.ingestion import Ingestion
from pynvr.model.audit import Entry
from pynvr.store.store import Store


def ingest_audit(store: Store, run_dir: Path, ingestion: Ingestion) -> int:
    """Copy what the journals have more than the database; how many entries that was. Raises StoreError."""

    def save(entries: Sequence[Entry], name: str, end: int) -> None:
        with store.transaction():
            store.audit.add(*entries)
            store.causes.ingest([], name, end)

    return sum(ingestion.ingest(store, files, read_entries, save) for files in audit_files(run_dir).values())
