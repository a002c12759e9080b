"""What a live stream consists of for those who watch it."""

from dataclasses import dataclass
from typing import Literal

from pynvr.model.frame import Track

Mode = Literal["mp4", "jpeg"]
# What a camera may be looked at by: the one that is recorded, or a smaller one beside it (`live.url`).
Stream = Literal["main", "sub"]


@dataclass(frozen=True, slots=True)
class Form:
    """How somebody wants to see a camera. `stream`: the wanted one, where there is such a one and it brings frames."""

    mode: Mode = "mp4"
    sound: bool = False
    stream: Stream = "sub"


@dataclass(frozen=True, slots=True)
class Head:
    """What a viewer needs before the first fragment; another `number` says that a new one is needed.

    `plain`, `sounding`: init segments without and with the track of sound (equal if there is none), and their MIME
    types. `video`: as the chunk describes it. `stream`: which of the camera's; `stands_in`: it isn't the wanted one.
    """

    number: int
    plain: bytes
    plain_type: str
    sounding: bytes
    sounding_type: str
    video: Track
    has_sound: bool
    stream: Stream = "main"
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """One frame as a fragment of MP4.

    `head`: the number of the `Head` that it belongs to. `sample_at`: where the frame's own bytes begin in `data`.
    `origin_us`: wall time of 0 on the stream's time line. `begin_s`: where it begins there.
    """

    head: int
    data: bytes
    sample_at: int
    is_key: bool
    is_sound: bool
    begin_s: float
    origin_us: int


@dataclass(frozen=True, slots=True)
class Shot:
    """One JPEG. `time_us`: when it was shown, UTC."""

    data: bytes
    width: int
    height: int
    time_us: int
