"""How each camera is at this moment, for those who show it: connected, recording, motion, face. Pure."""

from collections.abc import Iterable, Mapping

from pynvr.archive.looks import Look
from pynvr.model.cause import Cause
from pynvr.model.notify import Target
from pynvr.model.settings import Camera, DetectorSettings, Settings
from pynvr.model.status import CameraStatus, Status, is_trouble
from pynvr.notifier.home_assistant import ShownCamera

ON, OFF, UNKNOWN = b"ON", b"OFF", b"None"
# It isn't over when one picture shows nothing, and it is when nobody has looked for so long.
OVER_AFTER_S = 5.0
UNSEEN_AFTER_S = 60.0

_THERE_BUT_NOT_RECORDED = frozenset({Cause.DISK_FULL, Cause.DISK_MISSING, Cause.NO_MOTION})


class Sights:
    """Whether something is being seen now, by the looks of the detectors; times are monotonic."""

    def __init__(self) -> None:
        self._sure_s: dict[tuple[str, str], float] = {}

    def note(self, looks: Iterable[Look], settings: Settings, now_s: float) -> None:
        for look in looks:
            camera = settings.camera(look.camera_id)
            detector = None if camera is None else detectors_of(camera).get(look.kind)
            if detector is None:
                continue
            place = (look.camera_id, look.kind)
            if any(confidence >= detector.confidence_threshold for confidence, _ in look.seen):
                self._sure_s[place] = now_s
            elif now_s - self._sure_s.get(place, now_s) >= OVER_AFTER_S:
                del self._sure_s[place]

    def is_seen(self, camera_id: str, kind: str, now_s: float) -> bool:
        return now_s - self._sure_s.get((camera_id, kind), float("-inf")) < UNSEEN_AFTER_S


def detectors_of(camera: Camera) -> Mapping[str, DetectorSettings]:
    """Those that are switched on, by the kind of what they find."""
    both = {"motion": camera.detect.motion, "face": camera.detect.faces}
    return {kind: detector for kind, detector in both.items() if detector.enabled}


def shown_cameras(settings: Settings, target: Target) -> list[ShownCamera]:
    return [
        ShownCamera(camera.id, camera.name, tuple(detectors_of(camera)))
        for camera in settings.cameras
        if target.wants_camera(camera.id)
    ]


def states_of(status: Status, settings: Settings, sights: Sights, target: Target, now_s: float) -> dict[str, bytes]:
    """What is to be shown below the target's topic, by the rest of the topic."""
    found: dict[str, bytes] = {}
    for one in status.cameras:
        camera = settings.camera(one.id)
        if camera is None or not target.wants_camera(one.id):
            continue
        found[f"{one.id}/connected"] = _connected(one)
        found[f"{one.id}/recording"] = OFF if one.cause else ON
        for kind in detectors_of(camera):
            found[f"{one.id}/{kind}"] = ON if sights.is_seen(one.id, kind, now_s) else OFF
    return found


def _connected(camera: CameraStatus) -> bytes:
    """Unknown while nobody is connected to it on purpose, or not yet."""
    if not camera.cause or camera.cause in _THERE_BUT_NOT_RECORDED:
        return ON
    return OFF if is_trouble(camera.cause) and camera.cause != Cause.NOT_RUNNING else UNKNOWN
