"""From segments to the plan of their MP4: what is used of each, and when it is shown."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pynvr.archive.index_record import IndexRecord
from pynvr.base.errors import NothingRecordedError
from pynvr.isobmff.virtual import virtual_header
from pynvr.model.ticks import MICROSECONDS
from pynvr.playback.footage import Footage, Piece
from pynvr.playback.range_clock import Extent, begins
from pynvr.playback.range_cut import audio_span, cut, file_span, first_shown, video_span
from pynvr.playback.range_etag import etag_of
from pynvr.playback.range_parts import RangePart, check_format, range_parts
from pynvr.playback.range_plan import CUT, IN_MEMORY, WHOLE, Gaps, RangePlan, SegmentRows, Slice, Use
from pynvr.playback.range_track import Window, track_of, use_of
from pynvr.store.coverage import tolerance_us
from pynvr.store.segments import Span

_KINDS = ("video", "audio")


def plan_range(
    footage: Footage,
    camera_id: str,
    from_us: int,
    to_us: int,
    gaps: Gaps = "close",
    *,
    pieces: Sequence[Piece] | None = None,
) -> RangePlan:
    """The MP4 of what a camera recorded in `[from_us, to_us)`; `pieces`: what overlaps that, if it is known already.

    Raises NothingRecordedError, FormatChangesError, UnevenRangeError, FootageGoneError; StoreError.
    """
    if pieces is None:
        pieces = footage.pieces(camera_id, from_us, to_us)
    parts = [part for part in range_parts(footage, pieces) if part.end_us > from_us and part.start_us < to_us]
    edges = _Edges(footage, from_us, to_us)
    parts = [part for number, part in enumerate(parts) if not edges.is_empty(part, is_first=number == 0)]
    if not parts:
        raise NothingRecordedError(f"camera {camera_id}: nothing is recorded in the range")
    check_format(parts, camera_id, from_us, to_us)
    spans = [Span(part.start_us, part.end_us, part.head.tracks[0].samples) for part in parts]
    used = _used(spans, from_us, to_us)
    places = begins([_extent(part, span) for part, span in zip(parts, used, strict=True)], gaps == "keep")
    start_us, end_us = max(from_us, parts[0].start_us), min(to_us, max(part.end_us for part in parts))
    window = Window(
        begin_us=start_us - parts[0].start_us,
        end_us=places[-1].media_us + used[-1].end_us - used[-1].start_us,
        wait_us=start_us - from_us if gaps == "keep" else 0,
    )
    scales = {kind: _usual_timescale(parts, kind) for kind in _KINDS}
    slices: list[Slice] = []
    uses: dict[str, list[Use | None]] = {kind: [] for kind in _KINDS}
    follows = [place.follows for place in places] + [False]
    for number, (part, place) in enumerate(zip(parts, places, strict=True)):
        beside = _Neighbours(number == 0, follows[number], follows[number + 1])
        media_us = place.media_us - (used[number].start_us - part.start_us)
        found = edges.uses(part, media_us, beside, scales)
        slices.append(_slice(part, found))
        for kind in _KINDS:
            uses[kind].append(found.get(kind))
    segments = SegmentRows(slices)
    timescale = scales["video"]
    made = [track_of(uses[kind], scales[kind], window, timescale) for kind in _KINDS if any(uses[kind])]
    header = virtual_header(tuple(one.shape for one in made), start_us, timescale, segments.content[-1])
    tables = {
        (segment, number): use.table
        for number, one in enumerate(made)
        for segment, use in enumerate(one.uses)
        if use is not None and use.table is not None
    }
    return RangePlan(
        camera_id=camera_id,
        from_us=from_us,
        to_us=to_us,
        gaps=gaps,
        start_us=start_us,
        end_us=end_us,
        shown_us=window.wait_us + window.end_us - window.begin_us,
        missing=missing_spans(spans, from_us, to_us),
        segments=segments,
        tracks=tuple(one.rows for one in made),
        in_memory={key: table for key, table in tables.items() if segments.form[key[0]] == IN_MEMORY},
        header=header,
        etag=etag_of(header, segments, [one.rows for one in made], tables),
    )


def _used(spans: Sequence[Span], from_us: int, to_us: int) -> list[Span]:
    """What of the segments lies in the range; of the first one also what lies in front of it, for it is decoded.

    Only where a clock was set back does another one than the first reach over the beginning, or another one than the
    last over the end.
    """
    starts_us = [span.start_us if number == 0 else max(span.start_us, from_us) for number, span in enumerate(spans)]
    return [
        Span(start_us, min(span.end_us, to_us), span.frames) for start_us, span in zip(starts_us, spans, strict=True)
    ]


def _extent(part: RangePart, span: Span) -> Extent:
    """`span`: what of the part is used."""
    heads = {head.track.kind: head for head in reversed(part.head.tracks)}
    video, audio = heads["video"], heads.get("audio")
    sound_us = None
    if audio is not None:
        last_ticks = audio.duration - audio.last_run[1]
        first_us = part.start_us + audio.start_offset_us
        last_us = min(first_us + last_ticks * MICROSECONDS // audio.track.timescale, span.end_us)
        sound_us = first_us - span.start_us, last_us - span.start_us
    return Extent(span, video.last_run[1] * MICROSECONDS // video.track.timescale, sound_us)


def missing_spans(spans: Sequence[Span], from_us: int, to_us: int) -> tuple[tuple[int, int], ...]:
    """What of `[from_us, to_us)` isn't recorded; what is as short as a frame doesn't count."""
    missing: list[tuple[int, int]] = []
    at_us, tolerated_us = from_us, tolerance_us(spans[0]) if spans else 0
    for span in spans:
        if span.start_us - at_us > tolerated_us:
            missing.append((at_us, span.start_us))
        at_us, tolerated_us = max(at_us, span.end_us), tolerance_us(span)
    if to_us - at_us > tolerated_us:
        missing.append((at_us, to_us))
    return tuple(missing)


class _Neighbours(NamedTuple):
    """Whether the segment is the range's first; follows the one in front; is followed by the next without a break."""

    is_first: bool
    follows: bool
    is_followed: bool


class _Edges:
    """What is used of a segment at an edge of the range or of a gap; within, everything is."""

    def __init__(self, footage: Footage, from_us: int, to_us: int) -> None:
        self._footage = footage
        self._from_us, self._to_us = from_us, to_us

    def is_empty(self, part: RangePart, is_first: bool) -> bool:
        """Whether no frame of the segment is shown in the range."""
        return self._is_cut(part) and self._video_span(part, self._record(part), is_first) == (0, 0)

    def uses(self, part: RangePart, media_us: int, beside: _Neighbours, scales: dict[str, int]) -> dict[str, Use]:
        """What is used, per kind of track; `media_us`: where the segment's start is on the media clock."""
        heads = {head.track.kind: head for head in reversed(part.head.tracks)}
        cut_sound = "audio" in heads and not (beside.follows and beside.is_followed)
        is_scaled = any(head.track.timescale != scales[kind] for kind, head in heads.items())
        if part.record is None and not (self._is_cut(part) or cut_sound or is_scaled):
            return {
                kind: Use(head, media_us + (head.start_offset_us if kind == "audio" else 0), -head.first_composition)
                for kind, head in heads.items()
            }
        record = self._record(part)
        first, end = self._video_span(part, record, beside.is_first)
        shown_from = first_shown(part.start_us, self._from_us, scales["video"]) if beside.is_first else None
        uses = {"video": use_of(cut(record.video, first, end, scales["video"], shown_from), media_us, first)}
        if record.audio is not None:
            begin_us = record.start_us + record.audio.start_offset_us
            first, end = self._audio_span(record, beside)
            if first < end:
                sound = cut(record.audio, first, end, scales["audio"])
                uses["audio"] = use_of(sound, media_us + begin_us - record.start_us, first)
        return uses

    def _is_cut(self, part: RangePart) -> bool:
        return part.start_us < self._from_us or part.end_us > self._to_us

    def _record(self, part: RangePart) -> IndexRecord:
        return part.record or self._footage.record(part.piece)

    def _video_span(self, part: RangePart, record: IndexRecord, is_first: bool) -> tuple[int, int]:
        return video_span(
            record.video,
            part.start_us,
            self._from_us if part.start_us < self._from_us else None,
            self._to_us if part.end_us > self._to_us else None,
            keyframe_before=is_first,
        )

    def _audio_span(self, record: IndexRecord, beside: _Neighbours) -> tuple[int, int]:
        """Sound of a segment goes on in the next one, but not beyond a gap or the range."""
        assert record.audio is not None
        from_us = None if beside.follows else max(self._from_us, record.start_us)
        to_us = None if beside.is_followed else min(self._to_us, record.end_us)
        start_us = record.start_us + record.audio.start_offset_us
        return audio_span(record.audio, start_us, from_us, to_us, primed=beside.is_first)


def _slice(part: RangePart, uses: dict[str, Use]) -> Slice:
    tables = [use.table for use in uses.values() if use.table is not None]
    if not tables:
        return Slice(part.piece, part.place, part.head.mdat_start, part.head.file_bytes, WHOLE)
    begin, end = file_span(tables)
    return Slice(part.piece, part.place, begin, end, IN_MEMORY if part.record is not None else CUT)


def _usual_timescale(parts: Sequence[RangePart], kind: str) -> int:
    samples: Counter[int] = Counter()
    for part in parts:
        for head in part.head.tracks:
            if head.track.kind == kind:
                samples[head.track.timescale] += head.samples
    return samples.most_common(1)[0][0] if samples else 1
