"""One `trak` box read back into a sample table."""

import struct
from array import array
from operator import add

from pynvr.base.errors import BoxError
from pynvr.isobmff.boxes import Box, boxes
from pynvr.isobmff.runs import from_big_endian, from_runs
from pynvr.isobmff.table import TrackTable
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK, Track
from pynvr.model.ticks import to_us

_CODECS = {
    b"avc1": "h264",
    b"avc3": "h264",
    b"hvc1": "hevc",
    b"hev1": "hevc",
    b"mp4v": "mpeg4",
    b"av01": "av1",
    b"vp09": "vp9",
    b"mp4a": "aac",
    b"Opus": "opus",
    b"ac-3": "ac3",
    b"ec-3": "eac3",
}


def read_track(data: bytes, trak: Box, movie_timescale: int, file_bytes: int) -> TrackTable | None:
    """The table of a video (number 0) or audio (1) track, None for another kind.

    Raises BoxError; struct.error, ValueError, IndexError or OverflowError where a box is shorter than its kind is.
    """
    found = _children(data, trak)
    media = _children(data, _needed(found, b"mdia"))
    handler = data[_needed(media, b"hdlr").start + 8 :][:4]
    if handler not in (b"vide", b"soun"):
        return None
    header = _needed(media, b"mdhd")
    timescale = struct.unpack_from(">I", data, header.start + (20 if data[header.start] else 12))[0]
    if timescale == 0:
        raise BoxError("a track has the timescale 0")
    table = _children(data, _needed(_children(data, _needed(media, b"minf")), b"stbl"))
    track = _track(data, _needed(table, b"stsd"), handler == b"vide", timescale)
    sizes = _sizes(data, _needed(table, b"stsz"), file_bytes)
    count = len(sizes)
    durations = _runs(data, _needed(table, b"stts"), "I", count)
    composition = _runs(data, table[b"ctts"], "i", count) if b"ctts" in table else array("i")
    offsets = _sample_offsets(_samples_per_chunk(data, table, count), _chunk_offsets(data, table), sizes)
    if max(map(add, offsets, sizes), default=0) > file_bytes:
        raise BoxError("samples lie behind the end of the file")
    return TrackTable(
        track=track,
        sizes=sizes,
        offsets=offsets,
        durations=durations,
        keyframes=_keyframes(data, table, count),
        composition=composition if any(composition) else array("i"),
        start_offset_us=_start_offset_us(data, found, composition[0] if composition else 0, timescale, movie_timescale),
    )


def _children(data: bytes, parent: Box) -> dict[bytes, Box]:
    return {child.type: child for child in boxes(data, parent.start, parent.end)}


def _needed(found: dict[bytes, Box], kind: bytes) -> Box:
    if kind not in found:
        raise BoxError(f"a track has no box {kind.decode('ascii', 'replace')!r}")
    return found[kind]


def _track(data: bytes, stsd: Box, is_video: bool, timescale: int) -> Track:
    entries = list(boxes(data, stsd.start + 8, stsd.end))
    if len(entries) != 1:
        raise BoxError(f"a track has {len(entries)} sample descriptions, one is expected")
    entry = data[stsd.start + 8 : entries[0].end]
    codec = _CODECS.get(entries[0].type, entries[0].type.decode("ascii", "replace").strip())
    if is_video:
        width, height = struct.unpack_from(">HH", entry, 32)
        return Track(VIDEO_TRACK, "video", codec, timescale, entry, width=width, height=height)
    channels, _, _, _, rate = struct.unpack_from(">HHHHI", entry, 24)
    return Track(AUDIO_TRACK, "audio", codec, timescale, entry, sample_rate=rate >> 16, channels=channels)


def _sizes(data: bytes, stsz: Box, file_bytes: int) -> "array[int]":
    each: int
    count: int
    each, count = struct.unpack_from(">II", data, stsz.start + 4)
    if not each:
        return from_big_endian("I", _rows(data, stsz, stsz.start + 8, 4))
    if each * count > file_bytes:
        raise BoxError("a track has more samples than the file has bytes")
    return array("I", (each,)) * count


def _rows(data: bytes, box: Box, count_at: int, row_bytes: int) -> bytes:
    """The rows of a table whose count (u32) stands at `count_at`."""
    count = struct.unpack_from(">I", data, count_at)[0]
    if count_at + 4 + count * row_bytes > box.end:
        raise BoxError(f"box {box.type!r} is too small for its {count} entries")
    return data[count_at + 4 : count_at + 4 + count * row_bytes]


def _runs(data: bytes, box: Box, typecode: str, count: int) -> "array[int]":
    values = from_runs(typecode, _rows(data, box, box.start + 4, 8), count)
    if len(values) != count:
        raise BoxError(f"box {box.type!r} tells the times of {len(values)} samples out of {count}")
    return values


def _chunk_offsets(data: bytes, table: dict[bytes, Box]) -> "array[int]":
    if b"co64" in table:
        return from_big_endian("Q", _rows(data, table[b"co64"], table[b"co64"].start + 4, 8))
    stco = _needed(table, b"stco")
    return array("Q", from_big_endian("I", _rows(data, stco, stco.start + 4, 4)))


def _samples_per_chunk(data: bytes, table: dict[bytes, Box], count: int) -> list[tuple[int, int]]:
    """(first chunk from 0, samples in each chunk from there on)."""
    stsc = _needed(table, b"stsc")
    rows = from_big_endian("I", _rows(data, stsc, stsc.start + 4, 12))
    runs = [(rows[at] - 1, rows[at + 1]) for at in range(0, len(rows), 3)]
    starts = [first for first, _ in runs]
    if runs and (starts[0] != 0 or sorted(set(starts)) != starts or min(number for _, number in runs) == 0):
        raise BoxError("the table of samples per chunk doesn't rise")
    if count and not runs:
        raise BoxError("the table of samples per chunk is empty")
    return runs


def _sample_offsets(runs: list[tuple[int, int]], chunks: "array[int]", sizes: "array[int]") -> "array[int]":
    count = len(sizes)
    if len(runs) == 1 and runs[0][1] == 1 and len(chunks) == count:
        return chunks
    offsets = array("Q")
    ends = [first for first, _ in runs[1:]] + [len(chunks)]
    sample = 0
    for (first, number), end in zip(runs, ends, strict=True):
        for chunk in range(first, min(end, len(chunks))):
            position = chunks[chunk]
            for size in sizes[sample : sample + number]:
                offsets.append(position)
                position += size
            sample += number
    if len(offsets) != count:
        raise BoxError(f"{len(offsets)} samples have a place out of {count}")
    return offsets


def _keyframes(data: bytes, table: dict[bytes, Box], count: int) -> "array[int]":
    if b"stss" not in table:
        return array("I", range(count))
    stss = table[b"stss"]
    numbers = from_big_endian("I", _rows(data, stss, stss.start + 4, 4))
    if any(not 1 <= number <= count for number in numbers):
        raise BoxError("a sync sample isn't a sample of its track")
    return array("I", [number - 1 for number in numbers])


def _start_offset_us(data: bytes, found: dict[bytes, Box], first: int, timescale: int, movie_timescale: int) -> int:
    """When the first sample is presented, by the edit list; `first` is its composition offset."""
    wait, media_time = 0, 0
    edits = _edits(data, found)
    while edits and edits[0][1] < 0:
        wait += edits.pop(0)[0]
    if len(edits) > 1:
        raise BoxError(f"a track is put together from {len(edits)} edits")
    if edits:
        media_time = edits[0][1]
    ticks = wait * timescale + (first - media_time) * movie_timescale
    return to_us(ticks, timescale * movie_timescale)


def _edits(data: bytes, found: dict[bytes, Box]) -> list[tuple[int, int]]:
    """(duration on the movie's clock, media time or -1) of each edit."""
    if b"edts" not in found:
        return []
    elst = _children(data, found[b"edts"]).get(b"elst")
    if elst is None:
        return []
    form = struct.Struct(">Qqi" if data[elst.start] else ">Iii")
    return [(row[0], row[1]) for row in form.iter_unpack(_rows(data, elst, elst.start + 4, form.size))]
