"""When each frame was: the same times at which the player shows it (see `stretches`)."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from pynvr.archive.index_record import IndexRecord
from pynvr.isobmff.runs import from_big_endian
from pynvr.playback.footage import Footage
from pynvr.playback.keyframes import presentation_ticks
from pynvr.playback.squeeze import squeezed
from pynvr.playback.stretches import BRIDGED_US, Stretch, stretch_at, stretches


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """The frames of a stretch. `times_us`: in decode order; `keyframes`: indices into it.

    `in_order`: they are shown in the order in which they are decoded.
    """

    times_us: list[int]
    keyframes: "array[int]"
    in_order: bool

    def shown_at(self, at_us: int) -> int:
        """The index of the frame that is shown then; the first one before all of them."""
        if self.in_order:
            return max(0, bisect_right(self.times_us, at_us) - 1)
        order = sorted(range(len(self.times_us)), key=self.times_us.__getitem__)
        position = bisect_right(order, at_us, key=self.times_us.__getitem__) - 1
        return order[max(0, position)]

    def keyframe_at(self, at_us: int) -> int:
        """The index of the keyframe shown last; the first one before all of them."""
        before = [index for index in self.keyframes if self.times_us[index] <= at_us]
        return before[-1] if before else self.keyframes[0]

    def decodable_from(self, index: int) -> int:
        """The keyframe with which decoding of a frame has to begin.

        A picture shown before its keyframe refers to the group before it (open groups of pictures).
        """
        position = bisect_right(self.keyframes, index) - 1
        if position > 0 and self.times_us[index] < self.times_us[self.keyframes[position]]:
            position -= 1
        return self.keyframes[max(0, position)]


def frame_times(record: IndexRecord, stretch: Stretch) -> FrameTimes:
    """Those of the stretch's piece, whose record it is."""
    video = record.video
    scale, start_us = video.track.timescale, record.start_us
    # `to_us`, written out: this is done for each frame of a segment at each picture.
    times = [start_us + (2_000_000 * ticks + scale) // (2 * scale) for ticks in presentation_ticks(video)]
    if stretch.next is not None:
        times = squeezed(times, min(times), stretch.end_us)
    return FrameTimes(times, from_big_endian("I", video.keyframes), not video.composition)


@dataclass(frozen=True, slots=True)
class FrameList:
    """UTC microseconds, rising."""

    frames_us: list[int]
    keyframes_us: list[int]


def frames_within(footage: Footage, camera_id: str, from_us: int, to_us_: int) -> FrameList:
    """All frames that begin to be shown within `[from_us, to_us_)`. Raises FootageGoneError."""
    pieces = footage.pieces(camera_id, from_us - BRIDGED_US, to_us_ + BRIDGED_US)
    frames: list[int] = []
    keyframes: list[int] = []
    for stretch in stretches(pieces, from_us, to_us_):
        found = frame_times(footage.record(stretch.piece), stretch)
        frames += sorted(_within(stretch, found.times_us))
        keyframes += _within(stretch, (found.times_us[index] for index in found.keyframes))
    return FrameList(frames, keyframes)


def stretch_of(footage: Footage, camera_id: str, at_us: int) -> Stretch | None:
    """The stretch that is shown at the instant; None where nothing was recorded."""
    return stretch_at(footage.pieces(camera_id, at_us - BRIDGED_US, at_us + BRIDGED_US), at_us)


def _within(stretch: Stretch, times_us: Iterable[int]) -> list[int]:
    return [time_us for time_us in times_us if stretch.start_us <= time_us < stretch.end_us]
