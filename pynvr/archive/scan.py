"""The walk over a chunk's blocks, as far as they are whole; goes on where it stopped when the chunk has grown.

Only block headers and the lengths of NAL units are read, by `pread`: a failing disk raises OSError, where a mapped
file would kill the process.
"""

import os
import zlib

from pynvr.archive.chunk import (
    DESCRIPTIONS,
    FORCED,
    FRAME,
    FRAME_BYTES,
    FRAME_HEADER,
    FRAME_IN_DATA,
    HEADER,
    KEY_FLAG,
    PLAIN,
    PLAIN_TIMESCALE,
    RESERVE,
    TYPED,
    TYPED_BYTES,
    TYPED_HEADER,
    BlockFrame,
    Streams,
    parse_streams,
)
from pynvr.archive.nal import IDR, NAL_TYPE, UNIT
from pynvr.archive.seal import FORCED_BYTES, SEAL_BYTES, SEAL_START, is_sealed, read_forced
from pynvr.base.errors import ChunkError
from pynvr.model.frame import VIDEO_TRACK

# Blocks and NAL units smaller than a page or two are read many at once; over larger ones it is cheaper to jump.
_WINDOW_BYTES = 1 << 16
_PEEK_BYTES = 512
_WORTH_A_JUMP_BYTES = 1 << 13
_LONGEST_STREAMS_BYTES = 1 << 20
# Version 0 has no check sum; neighbours whose times lie further apart are not believed.
_LONGEST_PAUSE_US = 86_400_000_000
_LATEST_US = 1 << 62
_CRC_AT = HEADER.size + 1  # a typed block's CRC covers what lies before and behind it


class BlockScan:
    """Where the walk is, and what it has learnt of the chunk.

    `position`: end of the last whole block. `damage`: why nothing behind it will ever be read, empty while it is
    whole or only not yet written. `reserve_end`: 0 = no reserve. `forced_bytes`: so much was on disk, as the chunk
    says. `proof_from`: a frame from there on counts only if its seal says that it is what was written.
    """

    def __init__(self, fd: int, proof_from: int | None = None) -> None:
        self.position = 0
        self.damage = ""
        self.reserve_end = 0
        self.forced_bytes = 0
        self.streams: Streams | None = None
        self._fd = fd
        self._proof_from = proof_from
        self._buffer = b""
        self._base = 0
        self._size = 0
        self._timescale = PLAIN_TIMESCALE
        self._numbers: frozenset[int] = frozenset()
        self._last_us: int | None = None

    def advance(self, size: int) -> list[BlockFrame]:
        """The frames of the whole blocks between where it stands and `size`, the file's length."""
        frames: list[BlockFrame] = []
        self._size = size
        self._fill(self.position)
        while not self.damage:
            at = self.position
            offset = at - self._base
            if offset + FRAME_BYTES > len(self._buffer):
                self._fill(at)
                offset = 0
                if len(self._buffer) < HEADER.size:
                    break
            if self._buffer.startswith(SEAL_START, offset):
                if at + SEAL_BYTES > size:
                    break
                self.position = at + SEAL_BYTES
                continue
            version, length, time_us = HEADER.unpack_from(self._buffer, offset)
            end = at + HEADER.size + length
            if version == PLAIN:
                frame = self._plain(at + HEADER.size, end, time_us)
            elif version == TYPED:
                frame = self._typed(at, offset, end)
            else:
                self.damage = f"block at {at} has the unknown version {version}"
                break
            if frame is not None:
                if self.streams is not None and self.streams.is_sealed and self.position + SEAL_BYTES > size:
                    self.position = at  # its writer may still take it back
                    break
                if self._proof_from is not None and at >= self._proof_from and not self._is_sealed(at):
                    self.position, self.damage = at, f"frame block at {at} isn't as it was written"
                    break
                frames.append(frame)
            elif self.position == at:
                break
        self._buffer = b""
        return frames

    def _fill(self, position: int) -> None:
        """Let the buffer begin at `position`; it never reaches past the length that `advance` was given."""
        jumped = position - self._base - len(self._buffer)
        wanted = _WINDOW_BYTES if jumped < _WORTH_A_JUMP_BYTES else _PEEK_BYTES
        count = min(wanted, self._size - position)
        self._buffer = os.pread(self._fd, count, position) if count > 0 else b""
        self._base = position

    def _plain(self, start: int, end: int, time_us: int) -> BlockFrame | None:
        last_us = self._last_us
        if time_us >= _LATEST_US or (last_us is not None and abs(time_us - last_us) > _LONGEST_PAUSE_US):
            self.damage = f"block at {start - HEADER.size} has an unlikely time"
            return None
        if end > self._size:
            return None
        is_key = False
        at = start
        while at < end:
            offset = at - self._base
            if offset + UNIT.size > len(self._buffer):
                self._fill(at)
                offset = 0
                if len(self._buffer) < UNIT.size:
                    break
            length, first = UNIT.unpack_from(self._buffer, offset)
            if length == 0:
                break
            if first & NAL_TYPE == IDR:
                is_key = True
            at += 4 + length
        if at != end or start == end:
            self.damage = f"the lengths of the NAL units in the block at {start - HEADER.size} don't add up"
            return None
        if self.streams is None:
            self.streams = Streams((), 0, time_us)
        # pts_at(), written out: this is done for each frame of each chunk.
        anchor = self.streams
        pts = anchor.anchor_pts + ((time_us - anchor.anchor_us) * self._timescale + 500_000) // 1_000_000
        self.position = end
        self._last_us = time_us
        return BlockFrame(VIDEO_TRACK, time_us, pts, pts, 0, is_key, start, end - start)

    def _typed(self, at: int, offset: int, end: int) -> BlockFrame | None:
        if offset + TYPED_BYTES > len(self._buffer):
            return None
        kind = self._buffer[offset + HEADER.size]
        if kind == FRAME:
            return self._frame(at, offset, end)
        if kind in DESCRIPTIONS:
            self._describe(at, end)
        elif kind == RESERVE:
            self._reserve(at, offset, end)
        elif kind == FORCED:
            self._forced(at, offset, end)
        else:
            self.damage = f"block at {at} is of the unknown kind {kind}"
        return None

    def _frame(self, at: int, offset: int, end: int) -> BlockFrame | None:
        buffer = self._buffer
        if offset + FRAME_BYTES > len(buffer):
            return None
        _, length, time_us, _, crc, track, flags, pts, dts, duration = FRAME_HEADER.unpack_from(buffer, offset)
        seen = zlib.crc32(buffer[offset : offset + _CRC_AT])
        if (
            zlib.crc32(buffer[offset + TYPED_BYTES : offset + FRAME_BYTES], seen) != crc
            or length < FRAME_IN_DATA
            or track not in self._numbers
        ):
            self.damage = f"frame block at {at} is damaged"
            return None
        if end > self._size:
            return None
        self.position = end
        self._last_us = time_us
        start = at + FRAME_BYTES
        return BlockFrame(track, time_us, pts, dts, duration, flags & KEY_FLAG != 0, start, end - start)

    def _describe(self, at: int, end: int) -> None:
        length = end - at
        if self.streams is not None or not TYPED_BYTES < length <= _LONGEST_STREAMS_BYTES:
            self.damage = f"streams block at {at} is out of place or damaged"
            return
        if end > self._size:
            return
        block = os.pread(self._fd, length, at)
        if len(block) < length:
            return
        _, _, _, kind, crc = TYPED_HEADER.unpack_from(block)
        if zlib.crc32(block[TYPED_BYTES:], zlib.crc32(block[:_CRC_AT])) != crc:
            self.damage = f"streams block at {at} is damaged"
            return
        try:
            self.streams = parse_streams(block[TYPED_BYTES:], kind)
        except ChunkError as err:
            self.damage = str(err)
            return
        self._numbers = frozenset(track.number for track in self.streams.tracks)
        self._timescale = self.streams.tracks[0].timescale if self.streams.tracks else PLAIN_TIMESCALE
        self._last_us = self.streams.anchor_us
        self.position = end

    def _reserve(self, at: int, offset: int, end: int) -> None:
        crc = TYPED_HEADER.unpack_from(self._buffer, offset)[4]
        if at != 0 or zlib.crc32(self._buffer[offset : offset + _CRC_AT]) != crc or end < TYPED_BYTES:
            self.damage = f"reserve block at {at} is out of place or damaged"
        elif end <= self._size:
            self.reserve_end = self.position = end

    def _forced(self, at: int, offset: int, end: int) -> None:
        if at + FORCED_BYTES > self._size:
            return
        forced = read_forced(self._buffer[offset : offset + FORCED_BYTES])
        if forced is None or forced > at:
            self.damage = f"the block at {at}, which says what was forced to disk, is damaged"
        else:
            self.forced_bytes, self.position = forced, end

    def _is_sealed(self, at: int) -> bool:
        return is_sealed(os.pread(self._fd, self.position + SEAL_BYTES - at, at))
