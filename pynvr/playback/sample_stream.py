"""Samples read from recorded files one after the other, what lies between them left out, in blocks of bounded size."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from pynvr.base.errors import FootageGoneError

_BLOCK_BYTES = 1 << 18
# It is cheaper to read over block headers and small samples of another track than to ask the kernel once more.
_READ_OVER_BYTES = 1 << 11


class Sample(NamedTuple):
    """`fd`: the file it lies in, -1 = `offset` counts in the stream's own bytes."""

    fd: int
    offset: int
    size: int


class SampleStream:
    """An iterator of `head` and the samples' bytes, `length` in all; raises FootageGoneError half-way.

    It owns the opened files and closes them at its end or on `close`.
    """

    def __init__(self, head: bytes, samples: Sequence[Sample], opened: ExitStack, own: bytes = b"") -> None:
        self.length = len(head) + sum(sample.size for sample in samples)
        self._head = head
        self._samples = samples
        self._opened = opened
        self._own = own
        self._blocks = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._blocks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Idempotent."""
        self._opened.close()

    def _read(self) -> Iterator[bytes]:
        samples, position = self._samples, 0
        yield self._head
        while position < len(samples):
            first = samples[position]
            if first.fd < 0:
                yield self._own[first.offset : first.offset + first.size]
                position += 1
            elif first.size > _BLOCK_BYTES:
                for start in range(0, first.size, _BLOCK_BYTES):
                    yield _bytes_at(first.fd, first.offset + start, min(_BLOCK_BYTES, first.size - start))
                position += 1
            else:
                behind = _together(samples, position)
                last = samples[behind - 1]
                data = _bytes_at(first.fd, first.offset, last.offset + last.size - first.offset)
                yield _strip(data, samples[position:behind])
                position = behind


def _together(samples: Sequence[Sample], position: int) -> int:
    """The end of the run of samples that are worth one read."""
    first = samples[position]
    end = first.offset + first.size
    position += 1
    while position < len(samples):
        sample = samples[position]
        between = sample.offset - end
        if sample.fd != first.fd or not 0 <= between <= _READ_OVER_BYTES:
            break
        if sample.offset + sample.size - first.offset > _BLOCK_BYTES:
            break
        end = sample.offset + sample.size
        position += 1
    return position


def _strip(data: bytes, samples: Sequence[Sample]) -> bytes:
    if len(samples) == 1:
        return data
    view, base = memoryview(data), samples[0].offset
    return b"".join([view[sample.offset - base : sample.offset - base + sample.size] for sample in samples])


def _bytes_at(fd: int, offset: int, length: int) -> bytes:
    data = b""
    while len(data) < length:
        try:
            more = os.pread(fd, length - len(data), offset + len(data))
        except OSError as err:
            raise FootageGoneError(f"a recorded file can't be read any more: {err.strerror}") from err
        if not more:
            raise FootageGoneError("a recorded file ends before its last sample")
        data += more
    return data
