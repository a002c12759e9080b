"""The small pictures of a day index, without the tables of samples around them: a day of tens of MB in milliseconds."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pynvr.archive.index_codec import BODY, MAGIC, RECORD_HEADER
from pynvr.archive.index_places import whole_records

# The longest stamp, an hour's activity and a signature, so that one read is enough for most records.
_FIRST_BYTES = RECORD_HEADER.size + BODY.size + 16 + 64 + 3456


class Signed(NamedTuple):
    """One record: its stamp, its first picture's instant, and that picture's signature, which may be empty."""

    stamp: str
    start_us: int
    signature: bytes


def signatures(path: Path) -> dict[str, Signed]:
    """By stamp, the latest of each; empty if there is no file. Raises OSError.

    The check sums aren't looked at, for they are of the whole records; a damaged picture is one among many.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return {}
    try:
        size = os.fstat(fd).st_size
        # A disk reads the file in one go faster than a piece of each record.
        os.posix_fadvise(fd, 0, size, os.POSIX_FADV_WILLNEED)
        return {signed.stamp: signed for signed in _signed(fd, size)}
    finally:
        os.close(fd)


def _signed(fd: int, size: int) -> Iterator[Signed]:
    at = before = 0
    held: Signed | None = None  # of the record before, which is whole if another one follows, or the end
    while at < size:
        head = os.pread(fd, _FIRST_BYTES, at)
        magic, length, _ = RECORD_HEADER.unpack_from(head.ljust(RECORD_HEADER.size, b"\0"))
        end = at + RECORD_HEADER.size + length
        if magic != MAGIC or end > size:
            # Torn or damaged, or the one before is: what follows is found the slow way.
            for _, _, body in whole_records(fd, before, size):
                found = _of(bytes(body))
                if found is not None:
                    yield found
            return
        if held is not None:
            yield held
        held = _of(head[RECORD_HEADER.size : RECORD_HEADER.size + length])
        if held is None:
            held = _of(os.pread(fd, length, at + RECORD_HEADER.size))
        before, at = at, end
    if held is not None:
        yield held


def _of(body: bytes) -> Signed | None:
    """None if the body isn't long enough for what it says, or is none."""
    if len(body) < BODY.size:
        return None
    start_us, _, _, _, _, stamp_bytes, activity_bytes, signature_bytes = BODY.unpack_from(body)
    signature_at = BODY.size + stamp_bytes + activity_bytes
    if signature_at + signature_bytes > len(body):
        return None
    stamp = body[BODY.size : BODY.size + stamp_bytes].decode("ascii", "replace")
    return Signed(stamp, start_us, body[signature_at : signature_at + signature_bytes])
