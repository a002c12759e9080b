"""What flows in the recorder before it becomes a `Frame`: units as the source gave them, samples as MP4 takes them."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol, cast

from pynvr.model.frame import Frame, Track


class Unit(NamedTuple):
    """One packet of the source, its time stamps repaired.

    `track`: `VIDEO_TRACK` or `AUDIO_TRACK`. `pts`, `dts`, `duration`: ticks of that track's clock. `is_key`: what
    libav's parser says. `data` belongs to whom the unit is given: it may be changed in place to become the sample.
    `arrival_s`: monotonic seconds at which it was read.
    """

    track: int
    pts: int
    dts: int
    duration: int
    is_key: bool
    data: bytearray
    arrival_s: float


class Sample(NamedTuple):
    """One encoded frame in the form that MP4 stores, without its place on the wall clock; fields as in `Frame`."""

    pts: int
    dts: int
    duration: int
    is_key: bool
    payload: tuple[bytes | memoryview, ...]
    size: int


# A NamedTuple's own constructor is a Python function; these are C, for what is made with each frame.
make_unit = cast("Callable[[tuple[int, int, int, int, bool, bytearray, float]], Unit]", partial(tuple.__new__, Unit))
make_sample = cast(
    "Callable[[tuple[int, int, int, bool, tuple[bytes | memoryview, ...], int]], Sample]",
    partial(tuple.__new__, Sample),
)
make_frame = cast(
    "Callable[[tuple[int, int, int, int, int, bool, tuple[bytes | memoryview, ...], int]], Frame]",
    partial(tuple.__new__, Frame),
)


class Former(Protocol):
    """Turns the units of one track into samples.

    `track` is None until enough was seen to describe it. When the description changes, `track` becomes another
    object with the keyframe that `feed` returns next; samples of two descriptions never come in one list.
    """

    @property
    def track(self) -> Track | None: ...

    def feed(self, unit: Unit) -> list[Sample]:
        """The samples that this unit completes; none while it is being encoded or can't be used."""

    def key_at(self, pts: int) -> None:
        """A cut is wanted at the first keyframe at or after `pts`: one that encodes makes a keyframe there."""

    def finish(self) -> list[Sample]:
        """The samples that are still on their way; nothing is fed after it. Raises SourceError as `feed` does."""

    def close(self) -> None:
        """Give back decoders and encoders; idempotent."""
