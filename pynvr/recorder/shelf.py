"""Where a recorder's chunks are made: in the camera's folder, on the disk that is known."""

import errno
from typing import Protocol

from pynvr.archive.disk import disk_error
from pynvr.archive.paths import chunk_path, free_stamp
from pynvr.archive.writer import ChunkWriter, reserve_for
from pynvr.model.frame import AUDIO_TRACK, Track
from pynvr.model.ticks import MICROSECONDS
from pynvr.recorder.disk import check_disk
from pynvr.recorder.order import RecorderOrder

# AAC has 1024 samples a packet; some codecs have fewer.
_LEAST_SAMPLES_A_PACKET = 960
_MOST_NAMES = 100
_MINUTE_US = 60 * MICROSECONDS
# In mode `motion` the minute's first chunk may be gone when a further one begins; that is not to look like the first
# to those who know that by its name.
_BEGINNING_US = 5 * MICROSECONDS


class Shelf(Protocol):
    """`longest_bytes`: a chunk that has become longer ends where it is, whenever the next keyframe comes."""

    longest_bytes: float

    def begin(self, tracks: tuple[Track, ...], pts: int, at_us: int, fps: float) -> ChunkWriter:
        """A new chunk whose first frame is at `pts`, `at_us`; `fps`: of the video, as seen. Raises DiskError."""


class RecordingShelf:
    """Of chunks that become segments."""

    longest_bytes = float("inf")

    def __init__(self, order: RecorderOrder) -> None:
        self._dst, self._camera_id = order.camera.dst, order.camera.id
        self._system = order.system
        self._marker = order.disk_marker
        self._is_deleting = order.camera.record.mode == "motion"

    def begin(self, tracks: tuple[Track, ...], pts: int, at_us: int, fps: float) -> ChunkWriter:
        frame_rate = max(float(tracks[0].frame_rate), fps)
        reserve_bytes = reserve_for(frame_rate, _audio_rate(tracks), self._system.segment_s)
        try:
            check_disk(self._dst, self._marker, reserve_bytes)
            return self._create(tracks, pts, at_us, reserve_bytes)
        except OSError as err:
            raise disk_error(err, f"begin a chunk in {self._dst}") from err

    def _create(self, tracks: tuple[Track, ...], pts: int, at_us: int, reserve_bytes: int) -> ChunkWriter:
        dst, camera_id = self._dst, self._camera_id
        for attempt in range(_MOST_NAMES):
            named_us = at_us + attempt * MICROSECONDS
            in_seconds = self._is_deleting and named_us % _MINUTE_US > _BEGINNING_US
            stamp = free_stamp(dst, camera_id, named_us, self._system.timezone, in_seconds=in_seconds)
            try:
                return ChunkWriter.create(chunk_path(dst, camera_id, stamp), tracks, pts, at_us, reserve_bytes)
            except FileExistsError:
                continue
        raise FileExistsError(errno.EEXIST, "no name is free", str(dst))


def _audio_rate(tracks: tuple[Track, ...]) -> float:
    if len(tracks) <= AUDIO_TRACK:
        return 0.0
    return max(tracks[AUDIO_TRACK].sample_rate, 8000) / _LEAST_SAMPLES_A_PACKET
