"""One question whose answer is known."""

from dataclasses import dataclass
from typing import Literal

from benchmarks.change.script import Box, Script

Kind = Literal["appeared", "vanished", "changed"]


@dataclass(frozen=True)
class Truth:
    """A lasting change in the case's box.

    It can be seen from `earliest_s` on (whoever brings it may still stand before it, or a car still rolls) and is
    what it will be from `latest_s` on; seconds from the recording's beginning.
    """

    kind: Kind
    earliest_s: float
    latest_s: float


@dataclass(frozen=True)
class Case:
    """What was recorded, what is asked, and what is right.

    `asks_all`: every lasting change is asked for; else when that came about which is seen at the end, or at `at_s`.
    `minutes`: length of the recording. `gaps_s`: times of which nothing was recorded. `busy_s`: times of which `fps`
    frames a second are recorded; else there are `calm_frames` from one keyframe to the next, which saves time and
    takes away nothing that a search looks at. `resized`: when the camera's pictures got another size, and which.
    `difficulty`: words for the table, which sums up by them.
    """

    name: str
    difficulty: str
    script: Script
    box: Box
    truths: tuple[Truth, ...]
    asks_all: bool = False
    at_s: float | None = None
    minutes: int = 60
    size: tuple[int, int] = (640, 360)
    gop_s: float = 5.0
    fps: float = 4.0
    gaps_s: tuple[tuple[float, float], ...] = ()
    busy_s: tuple[tuple[float, float], ...] = ()
    codec: Literal["h264", "hevc"] = "h264"
    crf: int = 27
    bframes: int = 0
    calm_frames: int = 1
    resized: tuple[float, tuple[int, int]] | None = None
