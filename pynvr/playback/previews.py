"""A segment's first picture: the stored file, else made from the segment and stored again."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pynvr.archive.paths import preview_path, thumbnail_path
from pynvr.base.errors import MediaError
from pynvr.base.files import make_folder, write_atomic
from pynvr.isobmff.runs import from_big_endian
from pynvr.media.jpeg import THUMBNAIL_WIDTH
from pynvr.playback.footage import Footage, Piece
from pynvr.playback.frame_at import FrameAt, FramePictures

Kind = Literal["preview", "thumbnail"]

_log = logging.getLogger(__name__)


class Previews:
    """One per process, for all its threads. `jpg_cache_dir()`: as it is configured now."""

    def __init__(self, footage: Footage, pictures: FramePictures, jpg_cache_dir: Callable[[], Path]) -> None:
        self._footage = footage
        self._pictures = pictures
        self._jpg_cache_dir = jpg_cache_dir

    def jpeg(self, piece: Piece, kind: Kind) -> bytes:
        """The piece's preview or thumbnail. Raises BusyError, FootageGoneError, MediaError."""
        path_of = preview_path if kind == "preview" else thumbnail_path
        path = path_of(self._jpg_cache_dir(), piece.camera_id, piece.stamp)
        try:
            return path.read_bytes()
        except OSError as err:
            if not isinstance(err, FileNotFoundError):
                _log.warning("%s can't be read: %s", path, err.strerror)
        record = self._footage.record(piece)
        keyframes = from_big_endian("I", record.video.keyframes[:4])
        if not keyframes:
            raise MediaError(f"camera {piece.camera_id}: {piece.stamp} has no keyframe")
        frame = FrameAt(piece, keyframes[0], keyframes[0], record.start_us)
        picture = self._pictures.jpeg(frame, None if kind == "preview" else THUMBNAIL_WIDTH)
        # One that the finisher still owes isn't stored: it would take the segment for complete, without a signature.
        if record.signature and not piece.growing:
            _store(path, picture)
        return picture


def _store(path: Path, picture: bytes) -> None:
    try:
        make_folder(path.parent)
        write_atomic(path, picture, durable=False)
    except OSError as err:
        _log.warning("%s can't be stored: %s", path, err.strerror)
