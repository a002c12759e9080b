"""A chunk read as far as it is whole."""

from pathlib import Path

from pynvr.archive.chunk import ChunkContents


def read_chunk(path_or_fd: Path | int) -> ChunkContents:
    """All whole blocks of a chunk, without the samples' bytes.

    Raises ChunkError if its first block is none, so also for an MP4 and an empty file; OSError if the disk fails.
    """
    raise NotImplementedError(path_or_fd)


def is_finished(path_or_fd: Path | int) -> bool:
    """Whether the file is an MP4 already and only lacks its name: its finisher died before the rename."""
    raise NotImplementedError(path_or_fd)
