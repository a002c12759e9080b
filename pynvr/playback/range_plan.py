"""A range planned: what its MP4 holds and how long each part of it is, without the samples themselves.

A plan takes about 200 bytes for each segment of the range, however many samples that has.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pynvr.archive.index_head import TrackHead
from pynvr.archive.index_places import Place
from pynvr.archive.index_record import IndexTrack
from pynvr.isobmff.virtual import VirtualHeader
from pynvr.playback.footage import Piece

Gaps = Literal["close", "keep"]

_Item = TypeVar("_Item")

_STAMP_BYTES = 16
WHOLE, CUT, IN_MEMORY = 0, 1, 2


class TrackRows:
    """One track of all segments: row sums of the tables, and where a segment's own arrays lie.

    `samples`, `durations`, `composition`, `keyframes`: rows up to a segment, one entry more than there are segments.
    `last_ticks`: duration of a segment's last sample, which reaches to the next one. `first`: of the segment's own
    samples the first one used. The rest is of the index record: see `TrackHead`.
    """

    def __init__(self, timescale: int) -> None:
        self.timescale = timescale
        self.samples, self.durations = array("Q", (0,)), array("Q", (0,))
        self.composition, self.keyframes = array("Q", (0,)), array("Q", (0,))
        self.last_ticks, self.first = array("I"), array("I")
        self.arrays_at = array("I")
        self.durations_bytes, self.composition_bytes = array("I"), array("I")
        self.wide = bytearray()

    def add_none(self) -> None:
        """A segment without this track."""
        self._add(0, 0, 0, 0)
        for column in (self.last_ticks, self.first, self.arrays_at, self.durations_bytes, self.composition_bytes):
            column.append(0)
        self.wide.append(0)

    def add_use(self, head: TrackHead, first: int, last_ticks: int, with_composition: bool) -> None:
        """A segment's samples, the last of which lasts `last_ticks`.

        `with_composition`: the track has a table of composition offsets, so a segment without takes a row in it.
        """
        runs = head.durations_bytes // 8
        count, ticks = head.last_run
        composition = (head.composition_bytes // 8 or 1) if with_composition else 0
        self._add(head.samples, runs + (ticks != last_ticks and count > 1), composition, head.keyframes_bytes // 4)
        self.last_ticks.append(last_ticks)
        self.first.append(first)
        self.arrays_at.append(head.arrays_at)
        self.durations_bytes.append(head.durations_bytes)
        self.composition_bytes.append(head.composition_bytes)
        self.wide.append(head.wide)

    def count(self, segment: int) -> int:
        """Samples of a segment."""
        return self.samples[segment + 1] - self.samples[segment]

    def _add(self, samples: int, durations: int, composition: int, keyframes: int) -> None:
        for sums, rows in (
            (self.samples, samples),
            (self.durations, durations),
            (self.composition, composition),
            (self.keyframes, keyframes),
        ):
            sums.append(sums[-1] + rows)

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

    def __init__(self) -> None:
        self.start_us, self.begin, self.content = array("q"), array("Q"), array("Q", (0,))
        self.form = bytearray()
        self.growing: dict[int, Piece] = {}
        self._stamps = bytearray()
        self._folders: list[tuple[str, Path]] = []
        self._folder_of = array("H")
        self._indexes: list[tuple[Path, int]] = []
        self._index_of = array("H")
        self._position, self._length, self._file_bytes = array("Q"), array("I"), array("Q")

    def __len__(self) -> int:
        return len(self.start_us)

    def add(self, piece: Piece, place: Place | None, *, start_us: int, begin: int, end: int, form: int) -> None:
        if piece.growing:
            self.growing[len(self)] = piece
        self.start_us.append(start_us)
        self.begin.append(begin)
        self.content.append(self.content[-1] + end - begin)
        self.form.append(form)
        self._stamps += piece.stamp.encode("ascii").ljust(_STAMP_BYTES)
        self._folder_of.append(_numbered(self._folders, (piece.camera_id, piece.dst)))
        index = (place.path, place.inode) if place is not None else (Path(), 0)
        self._index_of.append(_numbered(self._indexes, index))
        self._position.append(place.position if place is not None else 0)
        self._length.append(place.length if place is not None else 0)
        self._file_bytes.append(place.file_bytes if place is not None else 0)

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


def _numbered(known: list[_Item], item: _Item) -> int:
    """The item's number in the list, to which it is added if it is new."""
    if not known or known[-1] != item:
        if item in known:
            return known.index(item)
        known.append(item)
    return len(known) - 1
