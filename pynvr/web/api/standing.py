"""How cameras stand now, in the words of the answers."""

from pynvr.model import sub_stream
from pynvr.model.cause import Cause
from pynvr.model.settings import Camera
from pynvr.model.status import STALE_S, CameraStatus, Status
from pynvr.model.ticks import MICROSECONDS
from pynvr.web.site import Site

RECORDING = "recording"
NOT_RUNNING = "PyNVR not running"
_NOT_RECORDED = frozenset({Cause.DISABLED, Cause.SCHEDULE})


def current_status(site: Site) -> Status | None:
    """What the running master says; None if none runs."""
    status = site.status()
    if status is None or not status.program.pid:
        return None
    return status if site.clock.now_us() - status.program.written_us <= STALE_S * MICROSECONDS else None


def standing_of(status: Status | None, camera_id: str) -> CameraStatus | None:
    """The camera's part of it; None for a camera that was only just added."""
    if status is None:
        return None
    return next((one for one in status.cameras if one.id == camera_id), None)


def is_recording(standing: CameraStatus | None) -> bool:
    return standing is not None and standing.enabled and standing.cause == "" and standing.state == RECORDING


def is_resting(standing: CameraStatus | None) -> bool:
    """Whether nothing of the camera is to be recorded now: its schedule, or its mode `never`."""
    return standing is not None and standing.cause in _NOT_RECORDED


def watched(status: Status | None, camera: Camera | None) -> tuple[str, str]:
    """What is to be said to who watches: `status_word` and its detail, or those of the sub-stream where nothing is to
    be recorded now.
    """
    word = status_word(status, camera)
    standing = standing_of(status, camera.id) if camera is not None else None
    if camera is None or standing is None or status is None:
        return word, ""
    if status.program.recording_off_us or word not in _NOT_RECORDED or not sub_stream.is_there(camera):
        return word, standing.detail
    sub = standing.sub_stream
    if not sub:
        return Cause.STARTING, ""
    return str(sub["cause"]) or RECORDING, str(sub["detail"])


def sub_stream_trouble(standing: CameraStatus | None) -> str:
    """Why the sub-stream brings nothing though it is wanted; empty while it does or may soon."""
    sub = standing.sub_stream if standing is not None else {}
    if not sub or sub["cause"] in {"", Cause.STARTING}:
        return ""
    return f"{sub['cause']}: {sub['detail']}" if sub["detail"] else str(sub["cause"])


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
