"""Which detectors there are, by the kind of what they find."""

from collections.abc import Callable, Mapping

from pynvr.model.settings import Detect, DetectorSettings
from pynvr.vision.detector import Detector

MOTION = "motion"
FACE = "face"

# Makes a detector for a camera; called when the first camera asks for it. Raises MissingLibraryError.
Make = Callable[[], Detector]


def make_motion() -> Detector:
    from pynvr.vision.motion import MotionDetector

    return MotionDetector()


def make_faces() -> Detector:
    from pynvr.vision.faces import FaceDetector

    return FaceDetector()


MAKERS: Mapping[str, Make] = {FACE: make_faces, MOTION: make_motion}


def wanted(detect: Detect) -> dict[str, DetectorSettings]:
    """The settings of the detectors that a camera asks for, by kind."""
    each = {FACE: detect.faces, MOTION: detect.motion}
    return {kind: settings for kind, settings in each.items() if settings.enabled}
