"""A range planned: what its MP4 holds and how long each part of it is, without the samples themselves.

A plan takes about 170 bytes for each segment of the range, however many samples that has.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from pynvr.archive.index_head import NOTHING, TrackHead
from pynvr.archive.index_places import Place
from pynvr.archive.index_record import IndexTrack
from pynvr.isobmff.virtual import VirtualHeader
from pynvr.playback.footage import Piece

Gaps = Literal["close", "keep"]

_Item = TypeVar("_Item")

_STAMP_BYTES = 16
WHOLE, CUT, IN_MEMORY = 0, 1, 2
_NOWHERE = Place(Path(), 0, 0, 0, 0)


class Use(NamedTuple):
    """What is used of a track of a segment: the samples that `head` tells of.

    `media_us`: where the segment's sample 0 is presented on the media clock; `lead`: ticks from there to the decoding
    of the first sample used. `table`: of the samples used, None = of all, as the index has them; `first`: number of
    the first one used.
    """

    head: TrackHead
    media_us: int
    lead: int
    first: int = 0
    table: IndexTrack | None = None


class Slice(NamedTuple):
    """What is used of a segment's file; `place`: of its record, None = a chunk that was growing. See `SegmentRows`."""

    piece: Piece
    place: Place | None
    begin: int
    end: int
    form: int


class TrackRows:
    """One track of all segments: row sums of the tables, and where a segment's own arrays lie.

    `samples`, `durations`, `composition`, `keyframes`: rows up to a segment, one entry more than there are segments.
    `last_ticks`: duration of a segment's last sample, which reaches to the next one. `first`: of the segment's own
    samples the first one used. The rest is of the index record: see `TrackHead`.
    """

    def __init__(self, timescale: int, uses: Sequence[Use | None], last_ticks: Sequence[int]) -> None:
        """`uses`: of each segment, None = it has no such track; `last_ticks`: how long its last sample lasts."""
        self.timescale = timescale
        heads = [use.head if use is not None else NOTHING for use in uses]
        # Where the track has a table of composition offsets, a segment without takes a row in it.
        least = int(any(head.composition_bytes for head in heads))
        self.samples = _sums(head.samples for head in heads)
        self.durations = _sums(
            head.durations_bytes // 8 + (head.last_run[0] > 1 and head.last_run[1] != last)
            for head, last in zip(heads, last_ticks, strict=True)
        )
        self.composition = _sums((head.composition_bytes // 8 or least) if head.samples else 0 for head in heads)
        self.keyframes = _sums(head.keyframes_bytes // 4 for head in heads)
        self.last_ticks = array("I", last_ticks)
        self.first = array("I", [use.first if use is not None else 0 for use in uses])
        self.arrays_at = array("I", [head.arrays_at for head in heads])
        self.durations_bytes = array("I", [head.durations_bytes for head in heads])
        self.composition_bytes = array("I", [head.composition_bytes for head in heads])
        self.wide = bytes(head.wide for head in heads)

    def count(self, segment: int) -> int:
        """Samples of a segment."""
        return self.samples[segment + 1] - self.samples[segment]

    def columns(self) -> Iterable[bytes]:
        """What decides the content of the tables."""
        for sums in (self.samples, self.durations, self.composition, self.keyframes):
            yield sums.tobytes()
        yield self.last_ticks.tobytes()


class SegmentRows:
    """The segments of a range: which they are, where their records lie, what of their files is used.

    `begin`: first byte used of a file; `content`: bytes of all before, one entry more than there are segments.
    `form`: WHOLE, CUT (of its tables only a part is used or changed) or IN_MEMORY (a chunk that was growing).
    """

    def __init__(self, slices: Sequence[Slice]) -> None:
        pieces = [one.piece for one in slices]
        places = [one.place or _NOWHERE for one in slices]
        self.start_us = array("q", [piece.start_us for piece in pieces])
        self.begin = array("Q", [one.begin for one in slices])
        self.content = _sums(one.end - one.begin for one in slices)
        self.form = bytes(one.form for one in slices)
        self.growing = {number: piece for number, piece in enumerate(pieces) if piece.growing}
        self._stamps = b"".join([piece.stamp.encode("ascii").ljust(_STAMP_BYTES) for piece in pieces])
        self._folders, self._folder_of = _numbered([(piece.camera_id, piece.dst) for piece in pieces])
        self._indexes, self._index_of = _numbered([(place.path, place.inode) for place in places])
        self._position = array("Q", [place.position for place in places])
        self._length = array("I", [place.length for place in places])
        self._file_bytes = array("Q", [place.file_bytes for place in places])

    def __len__(self) -> int:
        return len(self.start_us)

    @property
    def indexes(self) -> list[tuple[Path, int]]:
        """The files, with their inodes, in which the records of finished segments lie."""
        return [index for index in self._indexes if index != (_NOWHERE.path, _NOWHERE.inode)]

    def stamp(self, segment: int) -> str:
        return self._stamps[_STAMP_BYTES * segment : _STAMP_BYTES * (segment + 1)].decode("ascii").rstrip()

    def piece(self, segment: int) -> Piece:
        """What to open its file by."""
        if segment in self.growing:
            return self.growing[segment]
        camera_id, dst = self._folders[self._folder_of[segment]]
        start_us, file_bytes = self.start_us[segment], self._file_bytes[segment]
        return Piece(camera_id, dst, self.stamp(segment), start_us, start_us, 0, file_bytes, "", 0, 0)

    def place(self, segment: int) -> Place:
        """Where its record lies."""
        path, inode = self._indexes[self._index_of[segment]]
        return Place(path, inode, self._position[segment], self._length[segment], self._file_bytes[segment])


@dataclass(frozen=True, slots=True)
class RangePlan:
    """A range as an MP4.

    `start_us`, `end_us`: what is shown, from its first to its last instant; `shown_us`: how long it plays; `missing`:
    what of the range asked for was not recorded. `tracks` in the order of the header's; `in_memory`: tables of the
    chunks that were growing, by segment and track.
    """

    camera_id: str
    from_us: int
    to_us: int
    gaps: Gaps
    start_us: int
    end_us: int
    shown_us: int
    missing: tuple[tuple[int, int], ...]
    segments: SegmentRows
    tracks: tuple[TrackRows, ...]
    in_memory: dict[tuple[int, int], IndexTrack]
    header: VirtualHeader
    etag: str

    @property
    def content_bytes(self) -> int:
        return self.segments.content[-1]

    @property
    def length(self) -> int:
        """Of the whole MP4, in bytes."""
        return self.header.length + self.content_bytes


def _sums(counts: Iterable[int]) -> "array[int]":
    return array("Q", accumulate(counts, initial=0))


def _numbered(items: Sequence[_Item]) -> tuple[list[_Item], "array[int]"]:
    """Each different item once, and which of these each one is."""
    known: list[_Item] = []
    numbers = array("H")
    last: _Item | None = None
    for item in items:
        if item != last:
            if item not in known:
                known.append(item)
            last, number = item, known.index(item)
        numbers.append(number)
    return known, numbers
