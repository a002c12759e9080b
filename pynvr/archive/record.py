"""Index records: of a segment just finished, and rebuilt from its MP4."""

from pathlib import Path

from pynvr.archive.index import IndexRecord
from pynvr.archive.tables import SegmentTables


def record_of(
    stamp: str,
    tables: SegmentTables,
    *,
    file_bytes: int,
    mdat_start: int,
    activity: bytes = b"",
    signature: bytes = b"",
) -> IndexRecord:
    """The record of a segment whose tables are known."""
    raise NotImplementedError(stamp, tables, file_bytes, mdat_start, activity, signature)


def rebuild_record(
    mp4_path: Path, start_us: int | None = None, activity: bytes = b"", signature: bytes = b""
) -> IndexRecord:
    """The record of an MP4 in the tree.

    Its own identity says when it was; without one `start_us` does (the caller has it from the stamp), else its
    creation time. Raises BoxError, OSError.
    """
    raise NotImplementedError(mp4_path, start_us, activity, signature)
