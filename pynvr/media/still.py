"""Pictures out of recorded samples: decode as little as one keyframe, and hand the picture on in plain bytes.

Each call opens a decoder, uses it on one thread and drops it: a process that serves 64 cameras keeps none of them open.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import av
from av.codec.context import ThreadType
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from pynvr.base.errors import MediaError
from pynvr.model.descriptors import first_descriptor

# ISO/IEC 14496-12 §12.1.3: box header, SampleEntry and VisualSampleEntry fields, before the boxes inside.
_VISUAL_ENTRY_BYTES = 86
# The box that holds the decoder's configuration, and how many bytes of version and flags stand before it.
_CONFIGURATION_BOXES = {b"avcC": 0, b"hvcC": 0, b"av1C": 0, b"vpcC": 4}
_ESDS_VERSION_BYTES = 4
_DECODER_SPECIFIC_TAG = 0x05
# ISO/IEC 14496-1 §7.2.6: fields of a descriptor before the descriptors inside it.
_DESCRIPTOR_FIELDS_BYTES = {0x03: 3, 0x04: 13}
# libav's number for a matrix that the stream doesn't name (AVCOL_SPC_UNSPECIFIED), and the one for RGB.
_UNNAMED_MATRICES = (0, 2)
_LOWEST_HD_HEIGHT = 720
# Formats whose first plane is brightness, a byte a point.
_LUMA_FIRST = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"})
_COLOURS_APART = frozenset({"yuv420p", "yuvj420p"})
_FULL_RANGE_FORMATS = ("yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p")


class Place(NamedTuple):
    """Where a sample lies in a file."""

    offset: int
    size: int


class PlaneRows(NamedTuple):
    """Rows of `line_bytes`, of which the first `width` are brightness or a colour; there as long as the picture is.

    `is_full`: from 0 to 255, else from 16 to 235, and to 240 if `is_colour`, whose middle is 128.
    """

    data: memoryview
    line_bytes: int
    width: int
    height: int
    is_full: bool
    is_colour: bool


class Picture:
    """A decoded picture. `width` and `height` are as it is to be shown, with square pixels."""

    def __init__(self, frame: VideoFrame, pixel_width: int = 1, pixel_height: int = 1) -> None:
        self._frame = frame
        self.width = max(1, round(frame.width * pixel_width / pixel_height))
        self.height = frame.height

    def fitted(self, width: int | None) -> tuple[int, int]:
        """Width and height at `width` (None: as it is), never enlarged, in the picture's aspect, both even."""
        wanted = min(width or self.width, self.width)
        return _even(wanted), _even(self.height * wanted / self.width)

    def full_range(self, width: int, height: int) -> VideoFrame:
        """The picture as a JPEG holds it: 8-bit 4:2:0, full range, ITU-R BT.601 (JFIF 1.02). For `pynvr.media` only."""
        return self._converted(width, height, ColorRange.JPEG)

    def planes(self, width: int, height: int) -> bytes:
        """Y (`width` × `height`), U and V (a quarter of it each), row by row without gaps; full range, BT.601.

        `width` and `height` are even; the aspect is not kept.
        """
        frame = self.full_range(width, height)
        pieces: list[bytes] = []
        for plane in frame.planes:
            data = memoryview(plane)
            for row in range(plane.height):
                start = row * plane.line_size
                pieces.append(bytes(data[start : start + plane.width]))
        return b"".join(pieces)

    def luma(self, width: int, height: int) -> bytes:
        """The brightness alone, row by row without gaps, each the mean of its part of the picture. Raises MediaError.

        The aspect is not kept; black is 0 and white 255, whatever the stream's range is.
        """
        return self._packed(width, height, "gray", 1)

    def rows(self, plane: int) -> PlaneRows | None:
        """Brightness (0) or a colour (1: U, 2: V) as it was decoded, without a conversion.

        None if the picture has another form; colours have half of its width and height.
        """
        if self._frame.format.name not in (_COLOURS_APART if plane else _LUMA_FIRST):
            return None
        found = self._frame.planes[plane]
        is_full = _range(self._frame) == ColorRange.JPEG
        return PlaneRows(memoryview(found), found.line_size, found.width, found.height, is_full, plane > 0)

    def rgb(self, width: int, height: int) -> bytes:
        """Red, green and blue of each point, row by row without gaps; the aspect is not kept. Raises MediaError."""
        return self._packed(width, height, "rgb24", 3)

    def scaled(self, width: int) -> "Picture":
        """A smaller copy to make several small pictures from; the picture itself if it isn't larger than that."""
        if self.width <= width:
            return self
        return Picture(self.full_range(*self.fitted(width)))

    def _packed(self, width: int, height: int, form: str, point_bytes: int) -> bytes:
        try:
            plane = self._frame.reformat(
                width=width,
                height=height,
                format=form,
                src_colorspace=_matrix(self._frame),
                src_color_range=_range(self._frame),
                interpolation=Interpolation.AREA,
            ).planes[0]
        except (av.error.FFmpegError, ValueError) as err:
            raise MediaError(f"can't convert a {self._frame.format.name} picture: {err}") from err
        data, row_bytes = memoryview(plane), width * point_bytes
        if plane.line_size == row_bytes:
            return bytes(data[: row_bytes * height])
        return b"".join(data[at : at + row_bytes] for at in range(0, plane.line_size * height, plane.line_size))

    def _converted(self, width: int, height: int, to_range: ColorRange) -> VideoFrame:
        frame = self._frame
        same_size = (width, height) == (frame.width, frame.height)
        try:
            return frame.reformat(
                width=width,
                height=height,
                format="yuv420p",
                src_colorspace=_matrix(frame),
                dst_colorspace=Colorspace.ITU601,
                src_color_range=_range(frame),
                dst_color_range=to_range,
                interpolation=Interpolation.BILINEAR if same_size else Interpolation.AREA,
            )
        except (av.error.FFmpegError, ValueError) as err:
            raise MediaError(
                f"can't convert a {frame.width}x{frame.height} {frame.format.name} picture: {err}"
            ) from err


def decode_still(codec: str, sample_entry: bytes, samples: Sequence[bytes], threads: int = 1) -> Picture:
    """The picture of the last sample; `samples` are in decode order and begin with a keyframe.

    `codec`: libav's name. `sample_entry`: the ISO/IEC 14496-12 sample entry box; may be empty when the keyframe
    carries Annex B parameter sets and start codes. `threads`: how many decode, each a frame; for one alone it costs
    more than it brings. Raises MediaError if there is no picture in it.
    """
    if not samples:
        raise MediaError("no sample to decode")
    try:
        return _decode(video_decoder(codec, sample_entry, threads), samples)
    except (av.error.FFmpegError, ValueError) as err:
        raise MediaError(f"libav can't decode a {codec} picture of {len(samples[-1])} bytes: {err}") from err


def decode_stored(path: Path, codec: str, sample_entry: bytes, places: Sequence[Place]) -> Picture:
    """As `decode_still`, with the samples read from a chunk or a finished MP4. Raises MediaError, OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        samples = [os.pread(fd, place.size, place.offset) for place in places]
    finally:
        os.close(fd)
    if any(len(sample) != place.size for sample, place in zip(samples, places, strict=True)):
        raise MediaError(f"{path} ends before the sample that was wanted")
    return decode_still(codec, sample_entry, samples)


def decoder_configuration(sample_entry: bytes) -> bytes:
    """What libav calls extradata: the body of `avcC`, `hvcC`, …, or what an `esds` has for the decoder."""
    at = _VISUAL_ENTRY_BYTES
    while at + 8 <= len(sample_entry):
        size = int.from_bytes(sample_entry[at : at + 4], "big")
        name = sample_entry[at + 4 : at + 8]
        if size < 8:
            break
        body = sample_entry[at + 8 : at + size]
        if name in _CONFIGURATION_BOXES:
            return body[_CONFIGURATION_BOXES[name] :]
        if name == b"esds":
            return _decoder_specific(body[_ESDS_VERSION_BYTES:])
        at += size
    return b""


def _decoder_specific(descriptors: bytes) -> bytes:
    """Walk down the descriptors of ISO/IEC 14496-1 §7.2.6 to the innermost that the decoder wants."""
    while len(descriptors) >= 2:
        tag, body, rest = first_descriptor(descriptors)
        if tag == _DECODER_SPECIFIC_TAG:
            return body
        descriptors = body[_DESCRIPTOR_FIELDS_BYTES[tag] :] if tag in _DESCRIPTOR_FIELDS_BYTES else rest
    return b""


def video_decoder(codec: str, sample_entry: bytes, threads: int) -> VideoCodecContext:
    """libav's decoder, ready for samples. Raises av.error.FFmpegError, or ValueError for what isn't video."""
    decoder = av.CodecContext.create(codec, "r")
    if not isinstance(decoder, VideoCodecContext):
        raise ValueError(f"{codec} is not a video codec")
    configuration = decoder_configuration(sample_entry)
    if configuration:
        decoder.extradata = configuration
    decoder.thread_count = threads
    if threads > 1:
        decoder.thread_type = ThreadType.FRAME
    return decoder


def _decode(decoder: VideoCodecContext, samples: Sequence[bytes]) -> Picture:
    last = len(samples) - 1
    shown: VideoFrame | None = None
    for number, sample in enumerate(samples):
        # What nothing refers to needn't be decoded on the way.
        decoder.skip_frame = "DEFAULT" if number == last else "NONREF"
        packet = av.Packet(sample)
        packet.pts = packet.dts = number
        shown = _of(decoder.decode(packet), last) or shown
    shown = _of(decoder.decode(None), last) or shown
    if shown is None:
        raise ValueError("the decoder gave no picture")
    pixel = decoder.sample_aspect_ratio
    if pixel:
        return Picture(shown, pixel.numerator, pixel.denominator)
    return Picture(shown)


def _of(frames: list[VideoFrame], number: int) -> VideoFrame | None:
    return next((frame for frame in frames if frame.pts == number), None)


def _matrix(frame: VideoFrame) -> int:
    """The matrix in swscale's numbers; unnamed, it is the one of the picture's size, as players take it."""
    if frame.colorspace in _UNNAMED_MATRICES:
        return Colorspace.ITU709 if frame.height >= _LOWEST_HD_HEIGHT else Colorspace.ITU601
    return frame.colorspace


def _range(frame: VideoFrame) -> ColorRange:
    if frame.color_range == ColorRange.JPEG or frame.format.name in _FULL_RANGE_FORMATS:
        return ColorRange.JPEG
    return ColorRange.MPEG


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
