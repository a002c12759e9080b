"""404 for an instant of which nothing is recorded, with the cause."""

from pynvr.model.cause import Cause, gap_name
from pynvr.model.stamp import local
from pynvr.playback.cause_of_hole import cause_of_hole
from pynvr.web.api.chosen import recorded_cameras
from pynvr.web.errors import ApiError, not_found
from pynvr.web.site import Site


def nothing_recorded(
    site: Site, camera_id: str, at_us: int, message: str, *, code: str = "not_recorded", say_when: bool = False
) -> ApiError:
    """`message`, followed by the cause that the coverage gives for the instant, with `say_when` the local time too.

    What is yet to come, and a camera that nobody knows, are said to be that.
    """
    now_us = site.clock.now_us()
    if not is_known(site, camera_id):
        return not_found(f"there is no camera {camera_id!r}")
    if at_us > now_us:
        more = {"cause": Cause.UNKNOWN.value, "detail": "that time has yet to come"}
        return ApiError(404, code, f"{message}: that time has yet to come", more)
    cause, detail = cause_of_hole(site.store, camera_id, at_us, now_us)
    why = f"{gap_name(cause)}{', ' + detail if detail else ''}"
    if say_when:
        why = f"{local(at_us, site.settings().system.timezone):%Y-%m-%d %H:%M:%S}: {why}"
    return ApiError(404, code, f"{message} ({why})", {"cause": cause.value, "detail": detail})


def is_known(site: Site, camera_id: str) -> bool:
    """Whether the camera is configured, or has recordings."""
    return site.settings().camera(camera_id) is not None or camera_id in recorded_cameras(site)
