"""A chunk read as far as it is whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pynvr.archive.chunk import BlockFrame, ChunkContents, Streams
from pynvr.archive.scan import BlockScan
from pynvr.archive.seal import FORCED_BYTES
from pynvr.base.errors import ChunkError

_NO_STREAMS = Streams((), 0, 0)


def read_chunk(path_or_fd: Path | int, *, proven: bool = False) -> ChunkContents:
    """All whole blocks of a chunk, without the samples' bytes.

    `proven`: only up to the first frame that isn't known to have been forced to disk and isn't as it was written,
    as far as the chunk has seals to tell by; the bytes behind the last word on what was forced are read for it.
    Raises ChunkError if its first block is none, so also for an MP4 and an empty file; OSError if the disk fails.
    """
    with _opened(path_or_fd) as fd:
        size = os.fstat(fd).st_size
        scan = BlockScan(fd)
        frames = scan.advance(size)
        if proven and scan.streams is not None and scan.streams.is_sealed and _end_of(frames) > scan.forced_bytes:
            scan = BlockScan(fd, proof_from=scan.forced_bytes)
            frames = scan.advance(size)
    if scan.position == 0:
        name = path_or_fd if isinstance(path_or_fd, Path) else "file"
        raise ChunkError(f"{name} ({size} bytes) is not a chunk: {scan.damage or 'its first block is cut off'}")
    streams = scan.streams or _NO_STREAMS
    return ChunkContents(
        tracks=streams.tracks,
        anchor_pts=streams.anchor_pts,
        anchor_us=streams.anchor_us,
        frames=frames,
        reserve=(0, scan.reserve_end) if scan.reserve_end else None,
        whole_bytes=scan.position,
        dropped_bytes=size - scan.position,
        forced_bytes=scan.forced_bytes,
        is_sealed=streams.is_sealed,
        was_left=streams.is_sealed and scan.forced_bytes != size - FORCED_BYTES,
    )


def is_finished(path_or_fd: Path | int) -> bool:
    """Whether the file is an MP4 already and only lacks its name: its finisher died before the rename."""
    with _opened(path_or_fd) as fd:
        return os.pread(fd, 4, 4) == b"ftyp"


def _end_of(frames: list[BlockFrame]) -> int:
    return frames[-1].offset + frames[-1].size if frames else 0


@contextmanager
def _opened(path_or_fd: Path | int) -> Iterator[int]:
    if isinstance(path_or_fd, int):
        yield path_or_fd
        return
    fd = os.open(path_or_fd, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)
