"""What a capture is told when it is started. Known to the supervisor, so this module loads nothing of libav."""

from dataclasses import dataclass
from pathlib import Path

from pynvr.model.settings import Camera


@dataclass(frozen=True, slots=True)
class CaptureOrder:
    """Travels through the forkserver's pipe, never through argv, for the URL may hold a password.

    `camera`: the URL with the settings under which it is opened; its id is the capture's. `folder`: of all captures.
    `running`: the ids of those that run beside it. `longest_s`: after it the capture ends by itself.
    """

    camera: Camera
    folder: Path
    started_us: int
    longest_s: float
    running: frozenset[str] = frozenset()
