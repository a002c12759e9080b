"""The header of a segment that is finished in place: ftyp, moov, free, and the start of mdat."""

from collections.abc import Sequence

from pynvr.base.errors import BoxError
from pynvr.isobmff.table import SegmentIdentity, TrackTable


class HeaderTooLargeError(BoxError):
    """The reserved space is too small for the header; the chunk has to be remuxed."""


def segment_header(
    tables: Sequence[TrackTable], creation_us: int, mdat_start: int, mdat_end: int, identity: SegmentIdentity
) -> bytes:
    """Exactly the first `mdat_start` bytes of the MP4.

    `mdat_start`: where the data of the media data box begins (the end of the chunk's reserve); `mdat_end`: the
    file's length. Raises HeaderTooLargeError.
    """
    raise NotImplementedError(tables, creation_us, mdat_start, mdat_end, identity)


def identity_box(identity: SegmentIdentity) -> bytes:
    """The box that names a segment; appended to an MP4 that another muxer wrote, it is found by `read_segment`."""
    raise NotImplementedError(identity)
