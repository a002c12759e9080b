"""How cameras stand now, in the words of the answers."""

from pynvr.model.settings import Camera
from pynvr.model.status import CameraStatus, Status
from pynvr.web.site import Site

# The master writes each two seconds; one that says nothing for so long hangs, or was killed.
STALE_US = 30_000_000
RECORDING = "recording"
NOT_RUNNING = "PyNVR not running"


def current_status(site: Site) -> Status | None:
    """What the running master says; None if none runs."""
    status = site.status()
    if status is None or not status.program.pid:
        return None
    return status if site.clock.now_us() - status.program.written_us < STALE_US else None


def standing_of(status: Status | None, camera_id: str) -> CameraStatus | None:
    """The camera's part of it; None for a camera that was only just added."""
    if status is None:
        return None
    return next((one for one in status.cameras if one.id == camera_id), None)


def is_recording(standing: CameraStatus | None) -> bool:
    return standing is not None and standing.enabled and standing.cause == "" and standing.state == RECORDING


def status_word(status: Status | None, camera: Camera | None) -> str:
    """`recording`, or the cause why not, in one word of `pynvr.model.cause`; `removed` if nvr.json lacks it."""
    if camera is None:
        return "removed"
    if not camera.enabled:
        return "disabled"
    if status is None:
        return NOT_RUNNING
    standing = standing_of(status, camera.id)
    if standing is None:
        return "starting"
    if is_recording(standing):
        return RECORDING
    return standing.cause or "starting"
