"""What a detector is: a kind of thing to look for in a camera's pictures. A further one is a file like faces.py."""

from dataclasses import dataclass
from typing import Protocol

from pynvr.media.still import Picture
from pynvr.model.box import Box
from pynvr.model.settings import Camera, DetectorSettings


@dataclass(frozen=True, slots=True)
class Found:
    """One thing seen in a picture. `confidence`: 0 to 1. `parts`: places in the box, where it is around several."""

    confidence: float
    box: Box
    parts: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """All of one kind that is in a picture of a camera, shown at `at_us`; `settings`: what it was looked for with."""

    camera: Camera
    kind: str
    at_us: int
    picture: Picture
    found: tuple[Found, ...]
    settings: DetectorSettings


class Detector(Protocol):
    """Looks at the pictures of one camera, in their order.

    One that can't tell anything of some pictures says so by `is_settling` (see there), which others needn't have.
    """

    def look(self, picture: Picture, at_us: int, settings: DetectorSettings) -> list[Found]:
        """What is seen, at least as surely as `settings.threshold` wants. Raises MediaError, or any error at
        all: then this camera's detector rests for a while."""
        ...


def is_settling(detector: Detector) -> bool:
    """Whether it found nothing in the last picture because it couldn't tell, not because nothing was there."""
    return bool(getattr(detector, "is_settling", False))
