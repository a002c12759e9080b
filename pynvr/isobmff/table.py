"""The sample table of one track and the identity of a segment, as values."""

from array import array
from dataclasses import dataclass, field

from pynvr.model.frame import Track


@dataclass(frozen=True, slots=True)
class TrackTable:
    """All samples of one track, in decode order (file order).

    `sizes` (u32), `offsets` (u64, from the start of the file), `durations` (u32): one a sample; durations are the
    differences of decode times, in ticks of the track. `composition` (i32): presentation minus decode time of
    each sample, empty if all are 0. `keyframes` (u32): indices of the sync samples, from 0.
    `start_offset_us`: when the first sample is presented, relative to the start of the segment; negative if the
    segment starts in the middle of the track.
    """

    track: Track
    sizes: "array[int]"
    offsets: "array[int]"
    durations: "array[int]"
    keyframes: "array[int]"
    composition: "array[int]" = field(default_factory=lambda: array("i"))
    start_offset_us: int = 0

    @property
    def count(self) -> int:
        return len(self.sizes)

    @property
    def duration(self) -> int:
        """Ticks of all samples together."""
        return sum(self.durations)


@dataclass(frozen=True, slots=True)
class SegmentIdentity:
    """Which segment a file is, carried inside it: whose, and exactly of when (UTC microseconds, end exclusive)."""

    camera_id: str
    start_us: int
    end_us: int
