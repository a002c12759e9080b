"""What was left out of recordings of mode `motion`, copied from the finisher's own files into the database."""

from collections.abc import Sequence
from pathlib import Path

from pynvr.archive.omitted import omission_files, read_omissions
from pynvr.finisher.ingestion import Ingestion
from pynvr.store.deletions import DeletedSpan
from pynvr.store.store import Store


def ingest_omissions(store: Store, run_dir: Path, ingestion: Ingestion) -> int:
    """Copy what the files have more than the database; how many spans that was. Raises StoreError."""

    def save(spans: Sequence[DeletedSpan], name: str, end: int) -> None:
        with store.transaction():
            store.omissions.add(spans)
            store.causes.ingest([], name, end)

    return ingestion.ingest(store, omission_files(run_dir), read_omissions, save)
