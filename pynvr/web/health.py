"""How the program is, in one word, for probes and pages."""

from dataclasses import dataclass
from enum import StrEnum

from pynvr.model.status import STALE_S, Status, is_trouble


class Health(StrEnum):
    """A probe takes the last for a failure."""

    OK = "ok"
    DEGRADED = "degraded"  # something needs a person; recording goes on where it can
    ERROR = "error"  # nothing is recorded that should be, or nobody knows


@dataclass(frozen=True, slots=True)
class Finding:
    """`reason`: for people, empty when all is well; it names no camera, address or path."""

    health: Health
    reason: str = ""


def judged(status: Status | None, now_us: int) -> Finding:
    """What the master's last word means now."""
    if status is None:
        return Finding(Health.ERROR, "the program has written no status")
    program = status.program
    silent_s = (now_us - program.written_us) / 1e6
    if silent_s > STALE_S:
        return Finding(Health.ERROR, f"the program has said nothing for {silent_s:.0f} s")
    if program.state != "running":
        return Finding(Health.ERROR, f"the program is {program.state}")
    missing = sum(is_trouble(camera.cause) for camera in status.cameras)
    if missing:
        health = Health.DEGRADED if program.cameras_recording else Health.ERROR
        return Finding(health, f"{missing} of {program.cameras_wanted} cameras don't record")
    if status.in_error:
        return Finding(
            Health.DEGRADED, "something needs a person: the page of the system, or `pynvr status`, says what"
        )
    return Finding(Health.OK)
