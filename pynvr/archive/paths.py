"""Names of files in the tree: how they are made, how they are read back, which stamp is still free.

A camera id has no dots, so a name can be read in one way only.
"""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pynvr.model.stamp import day_of, stamp_of
from pynvr.model.ticks import MICROSECONDS

CHUNK_SUFFIX = ".chunk"
NEW_SUFFIX = ".chunk.new"  # being created: locked, its head not yet written
SEGMENT_SUFFIX = ".mp4"
CUT_SUFFIX = ".cut"  # a chunk of whose parts all are made: they get their names, and it goes
BAD_SUFFIX = ".bad"  # a chunk set aside; the reason stands beside it in a file with this suffix and `.txt`
REASON_SUFFIX = ".bad.txt"
INDEX_SUFFIX = ".index"
PICTURE_SUFFIX = ".jpg"

Kind = Literal["chunk", "new", "cut", "mp4", "bad", "reason", "index", "preview", "thumbnail", "range"]

_DAY = re.compile(r"\d{8}", re.ASCII)
_ID = r"(?P<id>[A-Za-z0-9_-]{1,64})"
_STAMP = r"(?P<stamp>\d{8}\.\d{4}(?:\d{2})?b?)"
_NAMES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("chunk", re.compile(rf"{_ID}\.{_STAMP}\.chunk", re.ASCII)),
    ("mp4", re.compile(rf"{_ID}\.{_STAMP}\.mp4", re.ASCII)),
    ("preview", re.compile(rf"{_ID}\.preview\.{_STAMP}\.jpg", re.ASCII)),
    ("thumbnail", re.compile(rf"{_ID}\.thumbnail\.{_STAMP}\.jpg", re.ASCII)),
    ("index", re.compile(rf"{_ID}(?P<stamp>)\.index", re.ASCII)),
    ("new", re.compile(rf"{_ID}\.{_STAMP}\.chunk\.new", re.ASCII)),
    ("cut", re.compile(rf"{_ID}\.{_STAMP}\.cut", re.ASCII)),
    ("bad", re.compile(rf"{_ID}\.{_STAMP}\.bad", re.ASCII)),
    ("reason", re.compile(rf"{_ID}\.{_STAMP}\.bad\.txt", re.ASCII)),
    ("range", re.compile(rf"{_ID}\.range\.{_STAMP}\.to\.\d{{8}}\.\d{{4}}(?:\d{{2}})?b?\.mp4", re.ASCII)),
)
_DETECTION = re.compile(rf"{_ID}\.[^.]+\.(?P<at_us>\d{{1,19}})\.jpg", re.ASCII)
# A part of a chunk, a whole MP4 but for its name: the chunk's stamp, then its own.
_PART = re.compile(rf"{_ID}\.(?P<chunk>\d{{8}}\.\d{{4}}(?:\d{{2}})?b?)\.part\.{_STAMP}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SegmentName:
    """Whose file it is and of when; `stamp` is empty for a day index, the first of the two for a range."""

    camera_id: str
    stamp: str


def parse_name(filename: str) -> tuple[SegmentName, Kind] | None:
    """What a file name (without folders) says; None if PyNVR doesn't give such names."""
    for kind, pattern in _NAMES:
        match = pattern.fullmatch(filename)
        if match is not None:
            return SegmentName(match["id"], match["stamp"]), kind
    return None


def is_of_a_day(filename: str) -> bool:
    """Whether PyNVR gives files of a day such names, pictures of what was detected included."""
    return parse_name(filename) is not None or detected_us(filename) is not None


def detected_us(filename: str) -> int | None:
    """When what a picture shows was detected; None if it is no picture of that."""
    found = _DETECTION.fullmatch(filename)
    return None if found is None else int(found["at_us"])


def parse_part(filename: str) -> tuple[SegmentName, str] | None:
    """Which chunk's part it is, and the part's stamp; None if it is none."""
    match = _PART.fullmatch(filename)
    return None if match is None else (SegmentName(match["id"], match["chunk"]), match["stamp"])


def day_folder(dst: Path, day: str) -> Path:
    return dst / day


def chunk_path(dst: Path, camera_id: str, stamp: str) -> Path:
    return _in_day(dst, camera_id, stamp, CHUNK_SUFFIX)


def new_chunk_path(dst: Path, camera_id: str, stamp: str) -> Path:
    return _in_day(dst, camera_id, stamp, NEW_SUFFIX)


def cut_path(dst: Path, camera_id: str, stamp: str) -> Path:
    return _in_day(dst, camera_id, stamp, CUT_SUFFIX)


def part_path(dst: Path, camera_id: str, chunk_stamp: str, stamp: str) -> Path:
    """A part of a chunk, beside the chunk."""
    return _in_day(dst, camera_id, chunk_stamp, f".part.{stamp}")


def segment_path(dst: Path, camera_id: str, stamp: str) -> Path:
    return _in_day(dst, camera_id, stamp, SEGMENT_SUFFIX)


def bad_path(dst: Path, camera_id: str, stamp: str) -> Path:
    return _in_day(dst, camera_id, stamp, BAD_SUFFIX)


def reason_path(dst: Path, camera_id: str, stamp: str) -> Path:
    return _in_day(dst, camera_id, stamp, REASON_SUFFIX)


def index_path(dst: Path, camera_id: str, day: str) -> Path:
    return day_folder(dst, day) / f"{camera_id}{INDEX_SUFFIX}"


def preview_path(jpg_cache_dir: Path, camera_id: str, stamp: str) -> Path:
    """The segment's first picture, full size."""
    return jpg_cache_dir / day_of(stamp) / f"{camera_id}.preview.{stamp}{PICTURE_SUFFIX}"


def thumbnail_path(jpg_cache_dir: Path, camera_id: str, stamp: str) -> Path:
    """The segment's first picture, 320 wide."""
    return jpg_cache_dir / day_of(stamp) / f"{camera_id}.thumbnail.{stamp}{PICTURE_SUFFIX}"


def detection_image(camera_id: str, kind: str, at_us: int, zone: ZoneInfo) -> str:
    """Where the picture of something detected lies below the folder of pictures: `YYYYMMDD/<id>.<kind>.<µs>.jpg`."""
    return f"{day_of(stamp_of(at_us, zone))}/{camera_id}.{kind}.{at_us}{PICTURE_SUFFIX}"


def range_path(mp4_cache_dir: Path, camera_id: str, from_stamp: str, to_stamp: str) -> Path:
    return mp4_cache_dir / f"{camera_id}.range.{from_stamp}.to.{to_stamp}{SEGMENT_SUFFIX}"


def days_of(dst: Path) -> list[str]:
    """The day folders, oldest first; empty if there is no such folder."""
    try:
        return sorted(entry.name for entry in dst.iterdir() if _DAY.fullmatch(entry.name) and entry.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def free_stamp(
    dst: Path,
    camera_id: str,
    at_us: int,
    zone: ZoneInfo,
    *,
    leaving: str = "",
    promised: Collection[str] = (),
    in_seconds: bool = False,
) -> str:
    """The stamp for a segment that starts at this instant: the minute's, else the second's, else the next free one.

    `leaving`: stamp of a file that gives its place to the segment; `promised`: stamps that others will get;
    `in_seconds`: not the minute's.
    """
    stamp = stamp_of(at_us, zone, seconds=in_seconds)
    while stamp in promised or (stamp != leaving and _is_taken(dst, camera_id, stamp)):
        stamp, at_us = stamp_of(at_us, zone, seconds=True), at_us + MICROSECONDS
    return stamp


def _is_taken(dst: Path, camera_id: str, stamp: str) -> bool:
    # A `.cut` too: parts belong to a chunk by its name alone, and those of two would be taken for one's.
    suffixes = (CHUNK_SUFFIX, CUT_SUFFIX, SEGMENT_SUFFIX, BAD_SUFFIX, NEW_SUFFIX)
    # Not by `Path`, which interns each name that it takes apart: CPython 3.12 never lets go of those, and others grow
    # and copy their table of them.
    start = f"{day_folder(dst, day_of(stamp))}/{camera_id}.{stamp}"
    return any(_exists(start + suffix) for suffix in suffixes)


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _in_day(dst: Path, camera_id: str, stamp: str, suffix: str) -> Path:
    return day_folder(dst, day_of(stamp)) / f"{camera_id}.{stamp}{suffix}"
