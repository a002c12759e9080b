"""Which video encoder to use: a hardware one if it really encodes on this machine, else libav's own."""

import logging
from dataclasses import dataclass
from fractions import Fraction

import av
from av.codec.hwaccel import HWAccel, hwdevices_available
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from pynvr.base.errors import MediaError

_log = logging.getLogger(__name__)

_HARDWARE = ("nvenc", "qsv", "vaapi", "amf", "v4l2m2m", "videotoolbox")
_SOFTWARE = {"h264": ("libx264", "libopenh264"), "hevc": ("libx265",), "mpeg4": ("mpeg4",)}
# What each needs so that a keyframe is one when it is asked for, with the parameter sets in front, and no frame waits.
_OPTIONS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "veryfast", "tune": "zerolatency", "forced-idr": "1"},
    "libx265": {
        "preset": "superfast",
        "tune": "zerolatency",
        "forced-idr": "1",
        "x265-params": "log-level=none:repeat-headers=1:bframes=0:open-gop=0:scenecut=0",
    },
    "nvenc": {"preset": "p4", "tune": "ll", "forced-idr": "1", "delay": "0"},
    "qsv": {"forced_idr": "1", "async_depth": "1"},
    "amf": {"forced_idr": "1", "usage": "lowlatency"},
    "vaapi": {"idr_interval": "0"},
}
_FORMATS = ("yuv420p", "nv12")
_TEST_FRAMES = 4
_KEYFRAME_EVERY_S = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be encoded. `bitrate_kbps` 0 = the encoder's choice of quality."""

    codec: str
    width: int
    height: int
    rate: Fraction
    bitrate_kbps: int


@dataclass(frozen=True, slots=True)
class Encoder:
    """An open encoder and the pixel format that it takes."""

    name: str
    context: VideoCodecContext
    pixel_format: str


def open_encoder(wanted: Wanted) -> Encoder:
    """The best encoder that works here. Raises MediaError if none does."""
    for name in candidates(wanted.codec):
        try:
            _encode_test(_open(name, wanted))
            return _open(name, wanted)
        except (av.error.FFmpegError, ValueError, RuntimeError, OSError) as err:
            _log.debug("encoder %s can't be used: %s", name, err)
    raise MediaError(f"no encoder for {wanted.codec} works on this machine")


def candidates(codec: str) -> list[str]:
    """The encoders that this libav has for the codec, hardware first."""
    names = [f"{codec}_{kind}" for kind in _HARDWARE] + list(_SOFTWARE[codec])
    return [name for name in names if name in av.codecs_available]


def _open(name: str, wanted: Wanted) -> Encoder:
    kind = name.rpartition("_")[2]
    hardware = HWAccel("vaapi") if kind == "vaapi" and "vaapi" in hwdevices_available() else None
    context = av.CodecContext.create(name, "w", hardware)
    if not isinstance(context, VideoCodecContext):
        raise ValueError(f"{name} is not a video encoder")
    formats = [known.name for known in context.codec.video_formats or ()]
    pixel_format = next((known for known in _FORMATS if known in formats), _FORMATS[-1])
    context.width, context.height = wanted.width, wanted.height
    context.pix_fmt = pixel_format
    context.framerate = wanted.rate
    # Encoded frames are numbered; MPEG-4 allows no finer clock than 1/65535 s.
    context.time_base = 1 / wanted.rate
    context.gop_size = max(1, round(wanted.rate * _KEYFRAME_EVERY_S))
    context.max_b_frames = 0
    options = dict(_OPTIONS.get(name) or _OPTIONS.get(kind) or {})
    if wanted.bitrate_kbps:
        context.bit_rate = wanted.bitrate_kbps * 1000
        options |= {"maxrate": f"{wanted.bitrate_kbps}k", "bufsize": f"{wanted.bitrate_kbps * 2}k"}
    context.options = options
    context.open()
    return Encoder(name, context, pixel_format)


def _encode_test(encoder: Encoder) -> None:
    """Many an encoder opens and fails at the first frame: the driver is there, the chip isn't."""
    context = encoder.context
    size = 0
    for number in range(_TEST_FRAMES):
        frame = VideoFrame(context.width, context.height, encoder.pixel_format)
        for plane in frame.planes:
            plane.update(b"\x80" * plane.buffer_size)
        frame.pts = number
        frame.time_base = context.time_base
        size += sum(packet.size for packet in context.encode(frame))
    size += sum(packet.size for packet in context.encode(None))
    if not size:
        raise ValueError("it gave nothing back")
