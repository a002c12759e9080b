"""Files that grow by whole lines: how one is appended to, and read from where the last reading ended."""

import os
from pathlib import Path

from pynvr.base.files import FILE_MODE, sync_folder

_LONGEST_READ_BYTES = 4_000_000


def append_lines(path: Path, data: bytes, durable: bool = False) -> int:
    """Add whole lines in one write, `durable` = and force them to disk; the file's length then.

    Raises OSError, and then none of them is in the file, or it isn't known whether they are on disk.
    """
    fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        before = os.fstat(fd).st_size
        if before and os.pread(fd, 1, before - 1) != b"\n":
            data = b"\n" + data  # a power cut tore the last line: it must not spoil this one too
        try:
            written = os.write(fd, data)
        except OSError:
            os.ftruncate(fd, before)
            raise
        if written < len(data):
            os.ftruncate(fd, before)
            raise OSError(f"only {written} of {len(data)} bytes went into {path.name}")
        if durable:
            os.fdatasync(fd)
            if not before:
                sync_folder(path.parent)  # it may be new
        return before + written
    finally:
        os.close(fd)


def read_lines(path: Path, offset: int = 0) -> tuple[list[bytes], int]:
    """The whole lines behind `offset` bytes, and the offset behind them; at most some megabytes at once.

    A line that isn't whole yet waits for the next time. Raises OSError.
    """
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(_LONGEST_READ_BYTES)
    whole = data[: data.rfind(b"\n") + 1]
    return whole.splitlines(), offset + len(whole)
