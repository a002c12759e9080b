"""A range's MP4 as bytes: its header made as it is read, its body out of the segments' files."""

import logging
import os
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from pynvr.base.errors import FootageGoneError
from pynvr.isobmff.virtual import Rows
from pynvr.playback.byte_source import PIECE_BYTES, read_file
from pynvr.playback.footage import Footage
from pynvr.playback.range_plan import RangePlan
from pynvr.playback.range_rows import RangeRows

_log = logging.getLogger(__name__)


class Holder(Protocol):
    """Is told what of the range is still needed (see `RangeLease`)."""

    def reached(self, start_us: int) -> None: ...

    def done(self) -> None: ...


class RangeSource:
    """See `ByteSource`. May be read by several threads at once. `failed` is called when something of it is gone."""

    media_type = "video/mp4"

    def __init__(
        self,
        plan: RangePlan,
        footage: Footage,
        filename: str,
        holder: Holder | None = None,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self.plan = plan
        self.length = plan.length
        self.etag = plan.etag
        self.filename = filename
        self._footage = footage
        self._holder = holder
        self._failed = failed
        self._closed = threading.Event()

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """See `ByteSource`."""
        end = min(end, self.length)
        header = self.plan.header.length
        try:
            if start < header:
                yield from in_pieces(self._header(start, min(end, header)))
            if end > header:
                yield from self._content(max(start, header) - header, end - header)
            if end == self.length and self._holder is not None:
                self._holder.done()
        except FootageGoneError as err:
            _log.warning("a download of camera %s ends early: %s", self.plan.camera_id, err)
            self._failed()
            raise

    def close(self) -> None:
        """See `ByteSource`."""
        self._closed.set()

    def _header(self, start: int, end: int) -> Iterator[bytes]:
        rows = RangeRows(self.plan, self._footage)
        try:
            at = 0
            for part in self.plan.header.parts:
                length = part.length if isinstance(part, Rows) else len(part)
                low, high = max(start - at, 0), min(end - at, length)
                if low < high:
                    found = (
                        rows.read(part.track, part.table, low, high) if isinstance(part, Rows) else (part[low:high],)
                    )
                    for data in found:
                        # A month's header is larger than some connections take within a lease.
                        self._tell(0)
                        yield data
                at += length
        finally:
            rows.close()

    def _content(self, start: int, end: int) -> Iterator[bytes]:
        segments = self.plan.segments
        segment = bisect_right(segments.content, start) - 1
        while start < end:
            first = segments.begin[segment] - segments.content[segment]
            stop = min(end, segments.content[segment + 1])
            fd = self._footage.open(segments.piece(segment))
            try:
                for piece in read_file(fd, start + first, stop + first, segments.stamp(segment)):
                    if self._closed.is_set():
                        raise FootageGoneError("it was closed while it was read")
                    self._tell(segment)
                    yield piece
            finally:
                os.close(fd)
            start = stop
            segment += 1

    def _tell(self, segment: int) -> None:
        if self._holder is not None:
            self._holder.reached(self.plan.segments.start_us[segment])


def in_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of `PIECE_BYTES`, the last one shorter; what comes first comes at once."""
    held: list[bytes] = []
    size, wanted = 0, 1
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= wanted:
            data = b"".join(held)
            for at in range(0, len(data), PIECE_BYTES):
                yield data[at : at + PIECE_BYTES]
            held, size, wanted = [], 0, PIECE_BYTES // 2
    if held:
        yield b"".join(held)
