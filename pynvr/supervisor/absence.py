"""Why a camera has no recorder, or has just lost it: in a cause and in words. Pure."""

from typing import NamedTuple

from pynvr.model.cause import STOPPED, Cause
from pynvr.model.settings import Camera
from pynvr.supervisor.post import Ended
from pynvr.supervisor.preparation import Refusal
from pynvr.supervisor.restart import Ending
from pynvr.supervisor.roster import wants_recorder

_SWITCHED_OFF = "recording of all cameras is switched off"


class Absence(NamedTuple):
    """What holds for the camera meanwhile."""

    cause: Cause
    detail: str


def of_none(camera: Camera, refusal: Refusal | None, is_off: bool) -> Absence:
    """Of a camera that has no post. `refusal`: what its folder is refused for; `is_off`: all recording is."""
    if not wants_recorder(camera):
        return Absence(Cause.DISABLED, 'record.mode is "never"' if camera.enabled else "enabled is false")
    if is_off:
        return Absence(Cause.DISABLED, _SWITCHED_OFF)
    if refusal is not None:
        return Absence(refusal.cause, refusal.detail)
    return Absence(Cause.STARTING, "its disk is being looked at")


def of_lost(ended: Ended, *, stopping: bool, is_off: bool, was_wished: bool) -> Absence:
    """Of a recorder that came to its end. `was_wished`: somebody had it started anew."""
    if stopping:
        return Absence(Cause.NOT_RUNNING, STOPPED)
    if is_off:
        return Absence(Cause.DISABLED, _SWITCHED_OFF)
    if ended.ending is Ending.STOPPED:
        return Absence(Cause.STARTING, "somebody restarted it" if was_wished else "its configuration was changed")
    return Absence(Cause.FAULT, f"the recorder {ended.words}")
