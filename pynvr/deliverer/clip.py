"""The file of a clip: as recorded, with an edit list that begins at the very frame; or encoded anew."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pynvr.base.errors import FormatChangesError
from pynvr.base.new_file import new_file
from pynvr.media.clip_encoder import ClipPart, StoppedError, encode_clip
from pynvr.model.incident import Clip, Incident
from pynvr.playback.footage import Footage, Piece
from pynvr.playback.range_plan import RangePlan
from pynvr.playback.range_planner import missing_spans, plan_range
from pynvr.playback.range_source import RangeSource
from pynvr.store.segments import Span

_H264 = "h264"


@dataclass(frozen=True, slots=True)
class Made:
    """`clip` without causes of what is `missing` from it."""

    clip: Clip
    missing: tuple[tuple[int, int], ...]


def make_clip(
    footage: Footage, incident: Incident, pieces: Sequence[Piece], path: Path, go_on: Callable[[], bool]
) -> Made:
    """Write the clip of what was recorded, whole and flushed before it has its name. What is there is replaced.

    Raises NothingRecordedError, UnevenRangeError, FootageGoneError, MediaError, StoppedError, OSError; StoreError.
    """
    within = [piece for piece in pieces if piece.start_us < incident.end_us and piece.end_us > incident.start_us]
    try:
        plans = [plan_range(footage, incident.camera_id, incident.start_us, incident.end_us, pieces=within)]
    except FormatChangesError as err:
        # One MP4 can't hold both forms in a way that every player takes: all of it is encoded into one.
        plans = [_part(footage, incident, within, span) for span in err.parts]
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    _check_room(path.parent, sum(plan.length for plan in plans))
    if len(plans) > 1 or is_encoded(incident, within):
        _write_encoded(footage, plans, path, go_on)
    else:
        with new_file(path, overwrite=True) as fd:
            _copy(footage, plans[0], fd, go_on)
    spans = [Span(piece.start_us, piece.end_us, piece.frames) for piece in within]
    missing = plans[0].missing if len(plans) == 1 else missing_spans(spans, incident.start_us, incident.end_us)
    clip = Clip(plans[0].start_us, plans[-1].end_us, path.stat().st_size)
    return Made(clip, missing)


def is_encoded(incident: Incident, pieces: Sequence[Piece]) -> bool:
    """Whether a clip of these is encoded anew, which takes seconds, by what the incident asks for."""
    return incident.exact or (incident.codec == _H264 and any(piece.codec != _H264 for piece in pieces))


def _part(footage: Footage, incident: Incident, pieces: Sequence[Piece], span: tuple[int, int]) -> RangePlan:
    start_us, end_us = span
    own = [piece for piece in pieces if piece.start_us < end_us and piece.end_us > start_us]
    return plan_range(footage, incident.camera_id, start_us, end_us, pieces=own)


def _write_encoded(footage: Footage, plans: Sequence[RangePlan], path: Path, go_on: Callable[[], bool]) -> None:
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    try:
        parts, at_us = [], 0
        for number, plan in enumerate(plans):
            copy = folder / f"{number}.mp4"
            with new_file(copy) as fd:
                _copy(footage, plan, fd, go_on)
            parts.append(ClipPart(copy, at_us, plan.shown_us))
            at_us += plan.shown_us
        encoded = folder / "encoded.mp4"
        encode_clip(parts, encoded, plans[0].start_us, go_on)
        with new_file(path, overwrite=True) as fd, encoded.open("rb") as source:
            while block := source.read(1 << 20):
                _write_all(fd, block)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_room(folder: Path, length: int) -> None:
    """Recording goes first: a clip takes half of what is free at most. Raises OSError."""
    if length > shutil.disk_usage(folder).free // 2:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _copy(footage: Footage, plan: RangePlan, fd: int, go_on: Callable[[], bool]) -> None:
    source = RangeSource(plan, footage, "")
    try:
        for piece in source.read(0, source.length):
            if not go_on():
                raise StoppedError
            _write_all(fd, piece)
    finally:
        source.close()


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]
