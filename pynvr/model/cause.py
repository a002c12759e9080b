"""Why a second was not recorded: the words of coverage, of the status and of the pages."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """One word for each reason; `RECORDED` stands for none."""

    RECORDED = "recorded"
    STARTING = "starting"  # connecting for the first time, or waiting for the first keyframe
    UNREACHABLE = "unreachable"  # no route, refused connection, name not found, no answer
    REFUSED = "refused"  # 401, 403, 404: the camera answers and says no
    STALLED = "stalled"  # connected, but no video; or the connection broke off
    UNUSABLE = "unusable"  # connected, but what it sends can't be recorded
    DISK_FULL = "disk full"
    DISK_MISSING = "disk missing"  # not mounted, foreign marker, read-only, input/output error
    DISABLED = "disabled"  # `enabled: false`, mode `never`, or recording switched off for the whole system
    SCHEDULE = "schedule"
    NO_MOTION = "no motion"  # mode `motion`: it was looked at and not kept, for nothing moved
    NOT_RUNNING = "PyNVR not running"
    CLOCK = "clock set forward"  # this time never passed: the machine's clock skipped it
    FAULT = "fault in PyNVR"  # a process died, hung, or lost frames
    DELETED = "deleted by retention"
    UNKNOWN = "unknown"  # before the first word about this camera


# The detail of NOT_RUNNING where PyNVR was stopped in order: the pages know that by these words.
STOPPED = "it was stopped"
# And where it wasn't: a kill, a crash, a power cut.
NOT_STOPPED = "it ended without being stopped"
# Figures of a recorder's beat: from when to when its camera sent nothing while one segment ended and the next began.
PAUSED = ("paused_from_us", "paused_to_us")
# The same where it sent all along, and what it sent is dated anew because it comes later than before.
DELAYED = ("delayed_from_us", "delayed_to_us")


def gap_name(cause: Cause) -> str:
    """What people call time that wasn't recorded; for UNKNOWN the pages have the same words (static/shell/words.js)."""
    return "before the first recording" if cause is Cause.UNKNOWN else cause.value


@dataclass(frozen=True, slots=True)
class Transition:
    """From `since_us` on, this cause holds for the camera, until its next transition.

    `detail` is a sentence for people, without passwords.
    """

    camera_id: str
    since_us: int
    cause: Cause
    detail: str = ""
