"""The picture that a camera showed at an instant, as a JPEG; bounded in how much is decoded and kept at once."""

import os
from dataclasses import dataclass

from pynvr.archive.index_record import IndexTrack
from pynvr.base.errors import FootageGoneError
from pynvr.media.jpeg import PREVIEW_QUALITY, THUMBNAIL_QUALITY, to_jpeg
from pynvr.media.still import Place, decode_still
from pynvr.playback.footage import Footage, Piece
from pynvr.playback.frame_times import frame_times, stretch_of
from pynvr.playback.picture_cache import PictureCache
from pynvr.playback.turns import Turns

_DECODERS = 2
_WAITING = 16
_PATIENCE_S = 20.0
_CACHE_BYTES = 32 << 20
# Decoding a whole group of pictures takes two thirds of the time with two threads; for a few frames it doesn't pay.
_THREADS = 2
_WORTH_THREADS = 8
# Smaller pictures are looked at in passing.
_SMALL_WIDTH = 480


@dataclass(frozen=True, slots=True)
class FrameAt:
    """Which frame it is: sample `index` of the piece, `first` the keyframe to decode from; shown from `time_us` on."""

    piece: Piece
    index: int
    first: int
    time_us: int


class FramePictures:
    """One per process, for all its threads."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage
        self._cache = PictureCache(_CACHE_BYTES)
        self._turns = Turns(_DECODERS, _WAITING, _PATIENCE_S)

    def find(self, camera_id: str, at_us: int, exact: bool = True) -> FrameAt | None:
        """The frame shown at the instant, or (`exact` False) the last keyframe before it; None: nothing recorded.

        Nothing is decoded. Raises FootageGoneError.
        """
        stretch = stretch_of(self._footage, camera_id, at_us)
        if stretch is None:
            return None
        times = frame_times(self._footage.record(stretch.piece), stretch)
        if not times.keyframes:
            return None
        index = times.shown_at(at_us) if exact else times.keyframe_at(at_us)
        return FrameAt(stretch.piece, index, times.decodable_from(index), times.times_us[index])

    def jpeg(self, frame: FrameAt, width: int | None = None) -> bytes:
        """The frame's picture, `width` pixels wide (None: as it is), never enlarged.

        Raises BusyError, FootageGoneError, MediaError.
        """
        piece = frame.piece
        key = (piece.dst, piece.camera_id, piece.stamp, piece.start_us, frame.index, width)
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        with self._turns.turn():
            # Who waited may have waited for the same.
            kept = self._cache.get(key)
            if kept is None:
                kept = self._decoded(frame, width)
                self._cache.put(key, kept)
        return kept

    def _decoded(self, frame: FrameAt, width: int | None) -> bytes:
        video = self._footage.record(frame.piece).video
        samples = read_samples(self._footage, frame.piece, video, range(frame.first, frame.index + 1))
        threads = _THREADS if len(samples) >= _WORTH_THREADS else 1
        picture = decode_still(video.track.codec, video.track.sample_entry, samples, threads)
        small = width is not None and width <= _SMALL_WIDTH
        return to_jpeg(picture, width, THUMBNAIL_QUALITY if small else PREVIEW_QUALITY)


def read_samples(footage: Footage, piece: Piece, video: IndexTrack, indices: range) -> list[bytes]:
    """These samples of the piece, whose video it is. Raises FootageGoneError."""
    wanted = places(video, indices)
    fd = footage.open(piece)
    try:
        samples = [os.pread(fd, place.size, place.offset) for place in wanted]
    except OSError as err:
        raise FootageGoneError(f"camera {piece.camera_id}, {piece.stamp} can't be read: {err.strerror}") from err
    finally:
        os.close(fd)
    if any(len(sample) != place.size for sample, place in zip(samples, wanted, strict=True)):
        raise FootageGoneError(f"camera {piece.camera_id}: {piece.stamp} ends before the picture that was wanted")
    return samples


def places(video: IndexTrack, indices: range) -> list[Place]:
    """Where these samples lie in the segment's file."""
    offset_bytes = 8 if video.wide else 4
    return [
        Place(_number_at(video.offsets, index, offset_bytes), _number_at(video.sizes, index, 4)) for index in indices
    ]


def _number_at(numbers: bytes, index: int, width: int) -> int:
    return int.from_bytes(numbers[index * width : (index + 1) * width], "big")
