"""Parts of a chunk become segments of their own, and the rest of it goes: of cameras that are recorded by motion.

1. Each part is written beside the chunk as a whole MP4 under a name of no meaning to others, checked, and on disk.
2. The chunk becomes `.cut`: from now on the parts count, and the chunk doesn't.
3. The parts get their names, and what is left of the chunk is removed.

Who dies before 2 leaves a chunk, of which all is decided anew; who dies behind it leaves what only has to be completed.
So each kept frame is in one place at each moment. The parts' bytes are copied, for an MP4 can't begin in the middle of
a file.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.archive.chunk import BlockFrame, ChunkContents
from pynvr.archive.paths import SegmentName, cut_path, free_stamp, parse_name, parse_part, part_path, segment_path
from pynvr.archive.record import rebuild_record
from pynvr.archive.tables import SegmentTables, tables_of
from pynvr.base.errors import MediaError
from pynvr.base.files import FILE_MODE, make_folder, sync_folder, write_all
from pynvr.finisher.check import check_segment
from pynvr.finisher.headed import header_for
from pynvr.finisher.inplace import Step, Witness
from pynvr.finisher.outcome import Finished
from pynvr.finisher.set_aside import free_name
from pynvr.isobmff.table import SegmentIdentity
from pynvr.model.frame import VIDEO_TRACK, Track

_PORTION_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A run of frames as they follow each other in the chunk, `length` bytes from `begin` on."""

    tables: SegmentTables
    begin: int
    length: int


def parts_of(contents: ChunkContents, tracks: tuple[Track, ...], runs: Sequence[tuple[int, int]]) -> list[Part]:
    """The runs of video frames with the sound among them. Raises ChunkError."""
    places = [number for number, frame in enumerate(contents.frames) if frame.track == VIDEO_TRACK]
    parts = []
    for first, behind in runs:
        end = places[behind] if behind < len(places) else len(contents.frames)
        frames = contents.frames[places[first] : end]
        tables = tables_of(replace(contents, frames=frames), tracks)
        parts.append(Part(tables, frames[0].offset, _end_of(frames[-1]) - frames[0].offset))
    return parts


def write_parts(chunk: Path, fd: int, parts: Sequence[Part], zone: ZoneInfo, do: Witness) -> None:
    """Step 1; `fd`: of the chunk. Raises OSError, MediaError, BoxError; then no part is left."""
    name = _name_of(chunk)
    dst, camera_id = chunk.parent.parent, name.camera_id
    remove_parts(chunk)
    stamps: list[str] = []
    try:
        for part in parts:
            start_us = part.tables.start_us
            stamps.append(free_stamp(dst, camera_id, start_us, zone, leaving=name.stamp, promised=stamps))
            _write_part(part_path(dst, camera_id, name.stamp, stamps[-1]), camera_id, fd, part, do)
        sync_folder(chunk.parent)
        do(Step.PARTS_SYNCED)
    except BaseException:
        remove_parts(chunk)
        raise


def commit(chunk: Path) -> None:
    """Step 2: the chunk's new name, which is on disk when its folder is. Raises OSError."""
    name = _name_of(chunk)
    chunk.rename(cut_path(chunk.parent.parent, name.camera_id, name.stamp))


def complete_cut(cut: Path, do: Witness) -> tuple[Finished, ...]:
    """Step 3, perhaps begun by somebody who died. Raises OSError, BoxError."""
    dst, camera_id = cut.parent.parent, _name_of(cut).camera_id
    named = []
    for path, wanted in _parts_beside(cut):
        stamp = free_name(segment_path(dst, camera_id, wanted), wanted)
        target = segment_path(dst, camera_id, stamp)
        make_folder(target.parent)
        path.rename(target)
        do(Step.PART_NAMED)
        named.append((target, stamp))
    folders = {cut.parent, *(target.parent for target, _ in named)}
    # A day's folder may be new.
    for folder in [*folders, *({dst} if len(folders) > 1 else ())]:
        sync_folder(folder)
    do(Step.PARTS_NAMED)
    cut.unlink()
    do(Step.REST_REMOVED)
    return tuple(Finished(target, SegmentName(camera_id, stamp), rebuild_record(target)) for target, stamp in named)


def remove_parts(chunk: Path) -> None:
    """What somebody wrote who died before the parts counted. Raises OSError."""
    for path, _ in _parts_beside(chunk):
        path.unlink()


def _name_of(chunk: Path) -> SegmentName:
    parsed = parse_name(chunk.name)
    if parsed is None:
        raise ValueError(f"{chunk} isn't the name of a chunk")
    return parsed[0]


def _parts_beside(chunk: Path) -> list[tuple[Path, str]]:
    """The parts of the chunk and their stamps, by stamp."""
    name = _name_of(chunk)
    parsed = ((filename, parse_part(filename)) for filename in os.listdir(chunk.parent))
    found = [(chunk.parent / filename, part[1]) for filename, part in parsed if part is not None and part[0] == name]
    return sorted(found, key=lambda one: one[1])


def _write_part(path: Path, camera_id: str, chunk_fd: int, part: Part, do: Witness) -> None:
    tables = part.tables
    header = header_for(tables, SegmentIdentity(camera_id, tables.start_us, tables.end_us), part.begin, part.length)
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        write_all(fd, header, 0)
        _copy(chunk_fd, part.begin, fd, len(header), part.length)
        # Whoever meets the file before its row takes its time for the end of what it shows.
        os.utime(fd, ns=(tables.end_us * 1000, tables.end_us * 1000))
        do(Step.PART_WRITTEN)
        os.fsync(fd)
        do(Step.PART_SYNCED)
    finally:
        os.close(fd)
    check_segment(path, tables, chunk_fd, in_place=False)


def _copy(source: int, begin: int, target: int, at: int, length: int) -> None:
    while length:
        data = os.pread(source, min(length, _PORTION_BYTES), begin)
        if not data:
            raise MediaError("the chunk got shorter while it was cut")
        write_all(target, data, at)
        begin, at, length = begin + len(data), at + len(data), length - len(data)


def _end_of(frame: BlockFrame) -> int:
    return frame.offset + frame.size
