"""When the clip of an incident can be cut, and when it is certain that nothing more will come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynvr.model.incident import Incident
from pynvr.model.settings import Camera
from pynvr.playback.footage import Piece

_S = 1_000_000
# A frame is in the chunk as soon as it is received; it is asked for often only when its time has come.
_LOOK_US = 200_000
# Pictures between others (B-frames) come behind those that are shown after them, and sound comes behind its pictures.
_SETTLED_US = 500_000
# Beyond what a silent camera is given: until its recorder has said so, and its chunk became a segment.
_MARGIN_US = 5 * _S
_USUAL_SILENCE_US = 5 * _S
_USUAL_BEGINNING_US = 30 * _S


@dataclass(frozen=True, slots=True)
class Wait:
    """It isn't known yet: look again then."""

    until_us: int


@dataclass(frozen=True, slots=True)
class Cut:
    """All that there will be of it is there."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing of it was recorded, nor will be."""


def verdict(incident: Incident, camera: Camera | None, pieces: Sequence[Piece], now_us: int) -> Wait | Cut | Nothing:
    """`pieces`: what was recorded from the beginning of what is wanted on, up to now.

    Its last second is there when something shows it, or something later. Where the camera falls silent before, it gets
    the time that it has to go on (`frame_timeout`), and if there is nothing at all, that which it has to begin.
    """
    end_us = incident.end_us
    if now_us < end_us:
        return Wait(end_us)
    within = [piece for piece in pieces if piece.start_us < end_us and piece.end_us > incident.start_us]
    if any(piece.end_us >= end_us + (_SETTLED_US if piece.growing else 0) for piece in pieces):
        return Cut() if within else Nothing()
    silence_us = _USUAL_SILENCE_US if camera is None else round(camera.frame_timeout_s * _S)
    beginning_us = _USUAL_BEGINNING_US if camera is None else round(camera.initial_timeout_s * _S)
    patience_us = silence_us if within else max(silence_us, beginning_us)
    if now_us < end_us + patience_us + _MARGIN_US:
        return Wait(now_us + _LOOK_US)
    return Cut() if within else Nothing()
