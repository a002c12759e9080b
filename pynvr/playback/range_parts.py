"""The segments of a range as a plan begins with them: those that are really there, each with its record's head."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pynvr.archive.index_head import RecordHead, head_of
from pynvr.archive.index_places import Place
from pynvr.archive.index_record import IndexRecord
from pynvr.base.errors import FootageGoneError, FormatChangesError
from pynvr.model.frame import Track
from pynvr.playback.footage import Footage, Piece

_log = logging.getLogger(__name__)

_Format = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class RangePart:
    """A segment of a range. `place`: of its record; None for a growing chunk, whose `record` is in memory."""

    piece: Piece
    head: RecordHead
    place: Place | None
    record: IndexRecord | None = None

    @property
    def start_us(self) -> int:
        return self.head.start_us

    @property
    def end_us(self) -> int:
        return self.head.end_us


def range_parts(footage: Footage, pieces: Iterable[Piece]) -> list[RangePart]:
    """The pieces that can be read, by start; what can't is left out and said in the log, in one line."""
    lost: list[tuple[Piece, FootageGoneError]] = []
    parts = sorted(_readable(footage, pieces, lost), key=lambda part: (part.start_us, part.end_us))
    if lost:
        # On a disk that is gone lie thousands.
        piece, reason = lost[0]
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        _log.warning("a range goes without %s%s of camera %s: %s", piece.stamp, more, piece.camera_id, reason)
    return parts


def check_format(parts: list[RangePart], camera_id: str, from_us: int, to_us: int) -> None:
    """Raises FormatChangesError if the parts can't be in one MP4."""
    cuts: list[tuple[int, str]] = []
    formats: dict[str, _Format] = {}
    known: tuple[Track, ...] = ()
    for part in parts:
        tracks = tuple([head.track for head in part.head.tracks])
        if tracks == known:
            continue
        known = tracks
        words = []
        for head in part.head.tracks:
            found, before = _format(head.track), formats.get(head.track.kind)
            if before is not None and found != before:
                words.append(f"from {_said(head.track.kind, before)} to {_said(head.track.kind, found)}")
        if words:
            cuts.append((part.start_us, " and ".join(words)))
            formats = {}
        formats |= {head.track.kind: _format(head.track) for head in part.head.tracks}
    if cuts:
        edges = [from_us, *(at_us for at_us, _ in cuts), to_us]
        raise FormatChangesError(
            f"camera {camera_id} changes {cuts[0][1]} inside the range, which one MP4 can't show; "
            f"take its {len(edges) - 1} parts one by one",
            cuts[0][0],
            tuple(pairwise(edges)),
        )


def _readable(
    footage: Footage, pieces: Iterable[Piece], lost: list[tuple[Piece, FootageGoneError]]
) -> Iterator[RangePart]:
    finished: list[Piece] = []
    for piece in pieces:
        if piece.growing:
            try:
                yield _growing(footage, piece)
            except FootageGoneError as err:
                lost.append((piece, err))
        else:
            finished.append(piece)
    for piece, found in zip(finished, footage.heads(finished), strict=True):
        if isinstance(found, FootageGoneError):
            lost.append((piece, found))
        else:
            yield RangePart(piece, found[2], found[1])


def _growing(footage: Footage, piece: Piece) -> RangePart:
    record = footage.record(piece)
    tracks = tuple(head_of(track) for track in record.tracks)
    head = RecordHead(record.stamp, record.start_us, record.end_us, record.file_bytes, record.mdat_start, tracks)
    return RangePart(piece, head, None, record)


def _format(track: Track) -> _Format:
    if track.kind == "video":
        return track.codec, track.width, track.height
    return track.codec, track.sample_rate, track.channels


def _said(kind: str, form: _Format) -> str:
    codec, first, second = form
    return f"{codec} {first}x{second}" if kind == "video" else f"{codec} sound of {first} Hz, {second} channels"
