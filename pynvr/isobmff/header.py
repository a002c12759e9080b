"""The header of a segment that is finished in place: ftyp, moov, free, and the start of mdat."""

import struct
from collections.abc import Sequence

from pynvr.base.errors import BoxError
from pynvr.isobmff.boxes import BOX_HEADER, LARGE_BOX_HEADER, MAX_U32, UNIT_MATRIX, box, full_box
from pynvr.isobmff.identity import identity_box
from pynvr.isobmff.table import SegmentIdentity, TrackTable
from pynvr.isobmff.track import dates_and_duration, presented_duration, track_box

_FULL_VOLUME = 0x0100
_NORMAL_RATE = 0x10000


class HeaderTooLargeError(BoxError):
    """The reserved space is too small for the header; the chunk has to be remuxed."""


def segment_header(
    tables: Sequence[TrackTable], creation_us: int, mdat_start: int, mdat_end: int, identity: SegmentIdentity
) -> bytes:
    """Exactly the first `mdat_start` bytes of the MP4.

    `tables`: the video first. `mdat_start`: where the content of the media data box begins (the end of the chunk's
    reserve); `mdat_end`: the file's length. Raises HeaderTooLargeError.
    """
    head = _file_type() + _movie(tables, creation_us, identity)
    media = media_data_header(mdat_end - mdat_start)
    free = mdat_start - len(head) - len(media)
    if free < 0 or 0 < free < BOX_HEADER.size:
        raise HeaderTooLargeError(
            f"the segment's header needs {len(head) + len(media)} bytes, {mdat_start} are reserved"
        )
    return head + (box(b"free", bytes(free - BOX_HEADER.size)) if free else b"") + media


def _file_type() -> bytes:
    return box(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isom", b"iso2", b"mp41", b"mp42")


def _movie(tables: Sequence[TrackTable], creation_us: int, identity: SegmentIdentity) -> bytes:
    timescale = tables[0].track.timescale
    duration = max(presented_duration(table, timescale) for table in tables)
    return box(
        b"moov",
        movie_header(creation_us, timescale, duration, len(tables)),
        *(track_box(table, number, creation_us, timescale) for number, table in enumerate(tables, 1)),
        identity_box(identity),
    )


def movie_header(created_us: int, timescale: int, duration: int, tracks: int) -> bytes:
    """`mvhd` (§8.2.2) of a movie with so many tracks; `duration`: ticks of the longest."""
    version, dates = dates_and_duration(created_us, timescale, duration=duration)
    rate_and_volume = struct.pack(">IHH", _NORMAL_RATE, _FULL_VOLUME, 0)
    next_track = struct.pack(">I", tracks + 1)
    return full_box(b"mvhd", version, 0, dates, rate_and_volume, bytes(8), UNIT_MATRIX, bytes(24), next_track)


def media_data_header(content_bytes: int) -> bytes:
    """The start of an `mdat` with so much content."""
    if content_bytes + BOX_HEADER.size <= MAX_U32:
        return BOX_HEADER.pack(BOX_HEADER.size + content_bytes, b"mdat")
    return LARGE_BOX_HEADER.pack(1, b"mdat", LARGE_BOX_HEADER.size + content_bytes)
