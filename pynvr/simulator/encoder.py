"""Pictures to access units, by libx264 or libx265 as a camera's encoder would be set."""

from collections.abc import Sequence
from fractions import Fraction

import av
from av.video.frame import PictureType

from pynvr.base.errors import SimulatorError
from pynvr.simulator.camera import Encoding
from pynvr.simulator.clip import VIDEO_CLOCK, AccessUnit, VideoFormat, make_unit
from pynvr.simulator.nal import is_parameter_set, split_annexb
from pynvr.simulator.planes import Planes

_TIME_BASE = Fraction(1, VIDEO_CLOCK)


class PictureEncoder:
    """Encodes pictures of one camera; `format` is known from the first access unit on."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._parameter_sets: tuple[bytes, ...] = ()
        x264 = encoding.codec == "h264"
        try:
            context = av.CodecContext.create("libx264" if x264 else "libx265", "w")
        except av.FFmpegError as err:
            raise SimulatorError(f"this PyAV can't encode {encoding.codec}: {err}") from err
        context.width, context.height = encoding.width, encoding.height
        context.pix_fmt = "yuv420p"
        context.time_base = _TIME_BASE
        context.framerate = encoding.frame_rate
        context.bit_rate = encoding.bitrate_kbps * 1000
        context.thread_count = 1
        context.options = _x264_options(encoding) if x264 else _x265_options(encoding)
        self._context = context

    @property
    def format(self) -> VideoFormat:
        encoding = self._encoding
        return VideoFormat(
            encoding.codec,
            encoding.width,
            encoding.height,
            encoding.frame_rate,
            encoding.bitrate_kbps,
            self._parameter_sets,
        )

    def encode(self, picture: Planes, time: int, force_key: bool = False) -> list[AccessUnit]:
        """What the encoder gives for this picture and its predecessors; empty while it waits for B-frames."""
        frame = picture.to_frame()
        frame.pts = time
        frame.time_base = _TIME_BASE
        if force_key:
            frame.pict_type = PictureType.I
        return self._units(self._context.encode(frame))

    def flush(self) -> list[AccessUnit]:
        return self._units(self._context.encode(None))

    def _units(self, packets: "Sequence[av.Packet[av.VideoStream]]") -> list[AccessUnit]:
        codec, units = self._encoding.codec, []
        for packet in packets:
            assert packet.pts is not None and packet.dts is not None
            nals = split_annexb(bytes(packet))
            sets = tuple(nal for nal in nals if is_parameter_set(nal, codec, wrapping=False))
            self._parameter_sets = sets or self._parameter_sets
            units.append(make_unit(nals, self._parameter_sets, packet.pts, packet.dts, codec))
        return units


def _x264_options(encoding: Encoding) -> dict[str, str]:
    kbps = encoding.bitrate_kbps
    parameters = (
        f"keyint={encoding.gop_frames}:min-keyint={encoding.gop_frames}:scenecut=0:open-gop=0:repeat-headers=1:"
        f"bframes={encoding.b_frames}:b-adapt=0:slices={encoding.slices}:vbv-maxrate={kbps}:vbv-bufsize={kbps}:"
        "sliced-threads=0:rc-lookahead=0:sync-lookahead=0:mbtree=0:force-cfr=0"
    )
    return {"preset": "ultrafast", "x264-params": parameters, "forced-idr": "1"}


def _x265_options(encoding: Encoding) -> dict[str, str]:
    kbps = encoding.bitrate_kbps
    parameters = (
        f"keyint={encoding.gop_frames}:min-keyint={encoding.gop_frames}:scenecut=0:open-gop=0:repeat-headers=1:"
        f"bframes={encoding.b_frames}:b-adapt=0:slices={encoding.slices}:vbv-maxrate={kbps}:vbv-bufsize={kbps}:"
        "rc-lookahead=0:pools=none:frame-threads=1:wpp=0:log-level=none:info=0"
    )
    # rc-lookahead has to hold the B-frames of a mini-GOP.
    if encoding.b_frames:
        parameters = parameters.replace("rc-lookahead=0", f"rc-lookahead={encoding.b_frames + 1}")
    return {"preset": "ultrafast", "x265-params": parameters, "forced-idr": "1"}
