"""Video of the time that an incident asks for which nobody can read yet: none of it is given up before.

A chunk that a killed recorder left may be the finisher's just now, or wait for one that was killed as well; and with a
disk that is away all chunks on it are.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from pynvr.archive.marker import check_marker
from pynvr.archive.paths import day_folder, parse_name
from pynvr.base.errors import DiskError
from pynvr.model.cause import Cause
from pynvr.model.incident import Incident
from pynvr.model.settings import Camera, System
from pynvr.model.stamp import day_of, stamp_of, stamp_start_us
from pynvr.playback.footage import Piece
from pynvr.playback.range_planner import missing_spans
from pynvr.store.segments import Span
from pynvr.store.store import Store

_S = 1_000_000
_DAY_US = 86_400 * _S
# A segment ends with the first keyframe behind its border, which may come late.
_LATE_US = 60 * _S
# Between a recorder's last word and its death it recorded on.
_UNTOLD_US = 3 * _S
_UNFINISHED = frozenset({"chunk", "new", "cut"})


def has_holes(incident: Incident, pieces: Sequence[Piece]) -> bool:
    """Whether the pieces leave out anything of what is asked for."""
    spans = [Span(piece.start_us, piece.end_us, piece.frames) for piece in pieces if piece.start_us < incident.end_us]
    return bool(missing_spans(spans, incident.start_us, incident.end_us))


def reach_us(system: System) -> int:
    """How long before a moment a chunk that holds it may have begun."""
    return 2 * system.segment_s * _S + _LATE_US


def chunks_of(incident: Incident, camera: Camera, system: System) -> set[str]:
    """Names of the camera's chunks that may hold anything of it, those that can be read too.

    To be asked for before the pieces are: one that becomes a segment meanwhile is then in both, and not in neither.
    """
    before_us = reach_us(system)
    instants = (*range(incident.start_us - before_us, incident.end_us, _DAY_US), incident.end_us)
    days = {day_of(stamp_of(at_us, system.timezone)) for at_us in instants}
    found = set()
    for filename in _names_in(day_folder(camera.dst, day) for day in days):
        parsed = parse_name(filename)
        if parsed is None or parsed[1] not in _UNFINISHED or parsed[0].camera_id != camera.id:
            continue
        begun_us = stamp_start_us(parsed[0].stamp, system.timezone)
        if begun_us < incident.end_us and begun_us + before_us > incident.start_us:
            found.add(filename)
    return found


def why_unread(store: Store, incident: Incident, camera: Camera, chunks: Iterable[str], pieces: Iterable[Piece]) -> str:
    """Why there may be more than these pieces, in words; empty if there isn't. Raises StoreError.

    `pieces`: also those before it, as far back as `chunks` are: one that can be read, and ended, holds nothing up.
    """
    known = {piece.stamp for piece in pieces}
    for filename in sorted(chunks):
        parsed = parse_name(filename)
        if parsed is not None and parsed[0].stamp not in known:
            return f"{filename} may hold what is missing, and isn't finished yet"
    marker = store.disks.known().get(camera.dst)
    if marker is None or not _was_recording(store, incident):
        return ""
    try:
        check_marker(camera.dst, marker)
    except DiskError as err:
        return str(err)
    return ""


def _was_recording(store: Store, incident: Incident) -> bool:
    """Whether the camera's recorder said so of any moment of it, or nothing is known of the time."""
    from_us = incident.start_us - _UNTOLD_US
    told = store.causes.between([incident.camera_id], from_us, incident.end_us)[incident.camera_id]
    return not told or any(one.cause is Cause.RECORDED for one in told)


def _names_in(folders: Iterable[Path]) -> list[str]:
    names: list[str] = []
    for folder in folders:
        try:
            names += os.listdir(folder)
        except OSError:
            continue  # it isn't there; or the disk is away, which its marker tells
    return names
