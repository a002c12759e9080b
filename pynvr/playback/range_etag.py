"""What tells two ranges' MP4s apart: the same bytes have the same tag, now and after a restart."""

import hashlib
from collections.abc import Mapping, Sequence

from pynvr.archive.index_record import IndexTrack
from pynvr.isobmff.virtual import VirtualHeader
from pynvr.playback.range_plan import SegmentRows, TrackRows

# To be counted up when the same plan becomes other bytes.
_VERSION = b"pynvr range 1"


def etag_of(
    header: VirtualHeader,
    segments: SegmentRows,
    tracks: Sequence[TrackRows],
    tables: Mapping[tuple[int, int], IndexTrack],
) -> str:
    """`tables`: of what is used in part, by segment and track; the tables of a whole segment follow from its file."""
    digest = hashlib.blake2b(_VERSION, digest_size=16)
    for part in header.parts:
        digest.update(part if isinstance(part, bytes) else repr(tuple(part)).encode())
    for column in (segments.start_us, segments.begin, segments.content):
        digest.update(column.tobytes())
    for track in tracks:
        for rows in track.columns():
            digest.update(rows)
    for key, table in sorted(tables.items()):
        digest.update(repr(key).encode())
        for content in (table.sizes, table.offsets, table.durations, table.composition, table.keyframes):
            digest.update(content)
    return digest.hexdigest()
