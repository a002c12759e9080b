"""Is the product what the chunk held? Asked of libav, which had no part in writing it."""

import os
from pathlib import Path

from pynvr.archive.tables import SegmentTables
from pynvr.base.errors import MediaError
from pynvr.isobmff.table import TrackTable
from pynvr.media.samples import StoredTrack, stored_tracks


def check_segment(path: Path, tables: SegmentTables, chunk_fd: int, in_place: bool) -> None:
    """Raise MediaError unless the MP4 holds every frame of the chunk, in order, and nothing else; OSError where the
    machine doesn't let it be read.

    Count, sizes and keyframes of all samples are compared, with `in_place` their places too, and the bytes of each
    track's first and last sample with those of the chunk.
    """
    found = stored_tracks(path)
    if len(found) != len(tables.tables):
        raise MediaError(f"{path}: libav finds {len(found)} tracks, the chunk has {len(tables.tables)}")
    for table, stored in zip(tables.tables, found, strict=True):
        difference = _difference(table, stored, chunk_fd, in_place)
        if difference:
            raise MediaError(f"{path}: {table.track.kind}: {difference}")


def _difference(table: TrackTable, stored: StoredTrack, chunk_fd: int, in_place: bool) -> str:
    """What differs, in words; empty if nothing does."""
    if stored.kind != table.track.kind or len(stored.sizes) != table.count:
        return f"libav finds {len(stored.sizes)} samples of {stored.kind}, the chunk has {table.count}"
    if stored.sizes != list(table.sizes):
        return "the sizes of samples differ from the chunk's"
    if in_place and stored.offsets != list(table.offsets):
        return "samples lie elsewhere than in the chunk"
    if table.track.kind == "video" and stored.keyframes != list(table.keyframes):
        return "the keyframes differ from the chunk's"
    for name, number, data in (("first", 0, stored.first), ("last", -1, stored.last)):
        if data != os.pread(chunk_fd, table.sizes[number], table.offsets[number]):
            return f"the {name} sample isn't the chunk's"
    return ""
