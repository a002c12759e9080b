"""JPEG files from decoded pictures, by libav's mjpeg encoder."""

from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange

from pynvr.base.errors import MediaError
from pynvr.media.still import Picture

PREVIEW_QUALITY = 80
THUMBNAIL_WIDTH = 320
THUMBNAIL_QUALITY = 70
# The encoder's quantiser scale runs from 2 (best) to 31.
_BEST_SCALE, _WORST_SCALE = 2, 31


def to_jpeg(picture: Picture, width: int | None = None, quality: int = PREVIEW_QUALITY) -> bytes:
    """The picture as a baseline JPEG, `width` pixels wide (None: as it is), in its aspect, never enlarged.

    `quality`: 1 to 100. Raises MediaError.
    """
    frame = picture.full_range(*picture.fitted(width))
    scale = round(_BEST_SCALE + (100 - quality) * (_WORST_SCALE - _BEST_SCALE) / 100)
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt = "yuv420p"
    # Without this the encoder refuses yuv420p, for limited range isn't JPEG.
    encoder.color_range = ColorRange.JPEG
    encoder.time_base = Fraction(1, 1)
    encoder.qmin = encoder.qmax = scale
    encoder.thread_count = 1
    frame.pts = 0
    try:
        return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
    except (av.error.FFmpegError, ValueError) as err:
        raise MediaError(f"libav can't make a JPEG of {frame.width}x{frame.height}: {err}") from err
