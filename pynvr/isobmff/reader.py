"""A progressive MP4's tracks and sample tables: PyNVR's own segments and what PyAV and ffmpeg write."""

import os
import struct
from dataclasses import dataclass, replace
from pathlib import Path

from pynvr.base.errors import BoxError
from pynvr.isobmff.boxes import BOX_HEADER, EPOCH_1904_S, LARGE_BOX_HEADER, Box, boxes
from pynvr.isobmff.identity import parse_identity
from pynvr.isobmff.table import SegmentIdentity, TrackTable
from pynvr.isobmff.track_reader import read_track
from pynvr.model.frame import AUDIO_TRACK
from pynvr.model.ticks import MICROSECONDS

_LARGEST_IN_MEMORY_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Mp4Segment:
    """What the file's moov says.

    `tables`: the first video track first, then audio; their offsets and sizes lie inside the file. `creation_us`: to
    the second, 0 = not given. `mdat_start`, `mdat_end`: where the media data lies, without its box header.
    """

    tables: tuple[TrackTable, ...]
    creation_us: int
    identity: SegmentIdentity | None
    mdat_start: int
    mdat_end: int
    file_bytes: int


def read_segment(path: Path) -> Mp4Segment:
    """Read the file's tables, not its samples. Raises BoxError if it isn't such an MP4, OSError if the disk fails."""
    with path.open("rb") as file:
        fd = file.fileno()
        try:
            return _read(fd, os.fstat(fd).st_size)
        except BoxError as err:
            raise BoxError(f"{path} can't be read: {err}") from err
        except (struct.error, ValueError, IndexError, OverflowError) as err:
            raise BoxError(f"{path} can't be read: its boxes are damaged ({err})") from err


def _read(fd: int, file_bytes: int) -> Mp4Segment:
    top = _top_level(fd, file_bytes)
    if b"moof" in top:
        raise BoxError("it is fragmented")
    if b"moov" not in top or b"mdat" not in top:
        raise BoxError("it has no moov or no mdat, so it isn't a finished MP4")
    moov, mdat = top[b"moov"], top[b"mdat"]
    data = _load(fd, moov)
    whole = Box(b"moov", 0, len(data))
    children = list(boxes(data, whole.start, whole.end))
    found = {child.type: child for child in children}
    if b"mvex" in found:
        raise BoxError("it is fragmented")
    if b"mvhd" not in found:
        raise BoxError("its moov has no header")
    created, timescale = _movie_header(data, found[b"mvhd"])
    identity = _identity([data[child.start : child.end] for child in children if child.type == b"uuid"])
    if identity is None and b"uuid" in top:
        identity = parse_identity(_load(fd, top[b"uuid"]))
    return Mp4Segment(
        tables=_tables(data, [child for child in children if child.type == b"trak"], timescale, file_bytes),
        creation_us=max(0, created - EPOCH_1904_S) * MICROSECONDS,
        identity=identity,
        mdat_start=mdat.start,
        mdat_end=mdat.end,
        file_bytes=file_bytes,
    )


def _top_level(fd: int, file_bytes: int) -> dict[bytes, Box]:
    """The first box of each type of the file."""
    found: dict[bytes, Box] = {}
    position = 0
    while position < file_bytes:
        head = os.pread(fd, LARGE_BOX_HEADER.size, position)
        if len(head) < BOX_HEADER.size:
            raise BoxError("its boxes are cut off")
        size, kind = BOX_HEADER.unpack_from(head)
        header = BOX_HEADER.size
        if size == 1 and len(head) == LARGE_BOX_HEADER.size:
            size = LARGE_BOX_HEADER.unpack(head)[2]
            header = LARGE_BOX_HEADER.size
        elif size == 0:
            size = file_bytes - position
        if size < header or position + size > file_bytes:
            raise BoxError("its boxes are cut off, or it isn't an MP4")
        found.setdefault(kind, Box(kind, position + header, position + size))
        position += size
    return found


def _load(fd: int, box: Box) -> bytes:
    length = box.end - box.start
    if length > _LARGEST_IN_MEMORY_BYTES:
        raise BoxError(f"its box {box.type!r} is {length} bytes long")
    data = os.pread(fd, length, box.start)
    if len(data) != length:
        raise BoxError("it changed while it was read")
    return data


def _movie_header(data: bytes, mvhd: Box) -> tuple[int, int]:
    """Creation time (seconds since 1904) and timescale."""
    form = ">QQI" if data[mvhd.start] else ">III"
    created, _, timescale = struct.unpack_from(form, data, mvhd.start + 4)
    if timescale == 0:
        raise BoxError("it has the timescale 0")
    return created, timescale


def _identity(contents: list[bytes]) -> SegmentIdentity | None:
    identities = [parse_identity(content) for content in contents]
    return next((identity for identity in identities if identity is not None), None)


def _tables(data: bytes, traks: list[Box], timescale: int, file_bytes: int) -> tuple[TrackTable, ...]:
    read = [read_track(data, trak, timescale, file_bytes) for trak in traks]
    tables = [table for table in read if table is not None]
    video = next((table for table in tables if table.track.kind == "video" and table.count), None)
    if video is None:
        raise BoxError("it holds no video")
    audio = [table for table in tables if table.track.kind == "audio"]
    numbered = [replace(table, track=replace(table.track, number=at)) for at, table in enumerate(audio, AUDIO_TRACK)]
    return (video, *numbered)
