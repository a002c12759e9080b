"""The pictures of a segment: its first keyframe, decoded once."""

from pathlib import Path

from pynvr.archive.index import IndexRecord
from pynvr.archive.paths import preview_path, thumbnail_path
from pynvr.base.errors import MediaError
from pynvr.base.files import make_folder, write_atomic
from pynvr.media.jpeg import PREVIEW_QUALITY, THUMBNAIL_QUALITY, THUMBNAIL_WIDTH, to_jpeg
from pynvr.media.still import Picture, Place, decode_stored

# Of the signature: 64×36 Y, then U and V of a quarter (see `IndexRecord`).
SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 64, 36


def first_picture(path: Path, record: IndexRecord) -> Picture:
    """The segment's first keyframe, decoded. Raises MediaError, OSError."""
    video = record.video
    if not video.keyframes:
        raise MediaError(f"{path} has no keyframe")
    number = int.from_bytes(video.keyframes[:4], "big")
    offset_bytes = 8 if video.wide else 4
    place = Place(_number_at(video.offsets, number, offset_bytes), _number_at(video.sizes, number, 4))
    return decode_stored(path, video.track.codec, video.track.sample_entry, [place])


def write_pictures(picture: Picture, jpg_cache_dir: Path, camera_id: str, stamp: str) -> bytes:
    """Write preview and thumbnail, and give the signature. Raises MediaError, OSError."""
    small = picture.scaled(THUMBNAIL_WIDTH)
    preview = preview_path(jpg_cache_dir, camera_id, stamp)
    thumbnail = thumbnail_path(jpg_cache_dir, camera_id, stamp)
    make_folder(preview.parent)
    # Both can be made again, so the disk needn't be waited for.
    write_atomic(preview, to_jpeg(picture, quality=PREVIEW_QUALITY), durable=False)
    write_atomic(thumbnail, to_jpeg(small, quality=THUMBNAIL_QUALITY), durable=False)
    return small.planes(SIGNATURE_WIDTH, SIGNATURE_HEIGHT)


def _number_at(numbers: bytes, index: int, width: int) -> int:
    return int.from_bytes(numbers[index * width : (index + 1) * width], "big")
