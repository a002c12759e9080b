"""What the day index knows of one segment."""

from dataclasses import dataclass

from pynvr.model.frame import Track


@dataclass(frozen=True, slots=True)
class IndexTrack:
    """The sample table of one track; arrays are raw big-endian bytes, ready to be joined.

    `count`: samples; `duration`: ticks of all together. `sizes`: u32. `offsets`: from the start of the file, u32, or
    u64 if `wide`. `durations`: (count u32, ticks u32) runs, as in `stts`. `composition`: (count u32, ticks i32)
    runs, as in `ctts`; empty if presentation is decoding. `keyframes`: u32 indices from 0; empty for audio, where
    every sample is one. `start_offset_us`: presentation of the first sample, relative to the segment's start.
    """

    track: Track
    count: int
    duration: int
    start_offset_us: int
    wide: bool
    sizes: bytes
    offsets: bytes
    durations: bytes
    composition: bytes
    keyframes: bytes


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """One segment.

    `tracks`: the video first. `activity`: one byte a second; `signature`: 64×36 Y, 32×18 U, 32×18 V of the first
    picture; both may be empty.
    """

    stamp: str
    start_us: int
    end_us: int
    file_bytes: int
    mdat_start: int
    tracks: tuple[IndexTrack, ...]
    activity: bytes = b""
    signature: bytes = b""

    @property
    def video(self) -> IndexTrack:
        return self.tracks[0]

    @property
    def audio(self) -> IndexTrack | None:
        return next((track for track in self.tracks if track.track.kind == "audio"), None)
