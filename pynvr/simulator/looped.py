"""Clips to loop: a scene encoded once, or a file's own frames."""

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av

from pynvr.base.errors import SimulatorError
from pynvr.simulator.camera import Codec, Encoding
from pynvr.simulator.clip import VIDEO_CLOCK, AccessUnit, AudioClip, VideoClip, VideoFormat, make_unit
from pynvr.simulator.nal import is_parameter_set, split_annexb
from pynvr.simulator.timing import frame_time, loop_times

PILLOW_MISSING = "drawing a scene needs Pillow: pip install 'pynvr[demo]', or give the camera a clip"


def scene_clip(encoding: Encoding) -> VideoClip:
    """The scene of one loop, encoded; seconds of work at 1080p. Raises SimulatorError without Pillow."""
    try:  # Pillow is an optional package
        from pynvr.simulator.encoder import PictureEncoder
        from pynvr.simulator.scene import Scene, loop_text
    except ImportError as err:
        raise SimulatorError(PILLOW_MISSING) from err
    duration = frame_time(encoding.loop_frames, encoding)
    period_s = duration / VIDEO_CLOCK
    scene = Scene(
        encoding.scene, encoding.width, encoding.height, period_s, encoding.look, time_code=encoding.time_code
    )
    encoder = PictureEncoder(encoding)
    units: list[AccessUnit] = []
    gop = -1
    for time in loop_times(encoding):
        milliseconds = time * 1000 // VIDEO_CLOCK
        picture = scene.picture(time / VIDEO_CLOCK, loop_text(milliseconds), milliseconds)
        # A variable rate has fewer frames in a GOP than the encoder counts.
        place = round(Fraction(time, VIDEO_CLOCK) * encoding.frame_rate) // encoding.gop_frames
        units += encoder.encode(picture, time, force_key=place != gop)
        gop = place
    units += encoder.flush()
    return VideoClip(encoder.format, _from_zero(units), duration)


def file_clip(path: Path, bitrate_kbps: int) -> VideoClip:
    """The file's H.264 or H.265 frames from its first keyframe on. Raises SimulatorError if it has none."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0] if container.streams.video else None
            if stream is None or stream.codec_context.name not in {"h264", "hevc"}:
                raise SimulatorError(f"{path}: no H.264 or H.265 video in it; convert it, or choose another clip")
            codec: Codec = "h264" if stream.codec_context.name == "h264" else "hevc"
            bits = av.BitStreamFilterContext(f"{codec}_mp4toannexb", stream)
            assert stream.time_base is not None
            scale = stream.time_base * VIDEO_CLOCK
            sets: tuple[bytes, ...] = ()
            units: list[AccessUnit] = []
            end = 0
            for packet in container.demux(stream):
                for filtered in bits.filter(packet if packet.size else None):
                    nals = split_annexb(bytes(filtered))
                    sets = tuple(nal for nal in nals if is_parameter_set(nal, codec, wrapping=False)) or sets
                    if filtered.pts is None or filtered.dts is None:
                        raise SimulatorError(f"{path}: it has frames without times; put it into an MP4 first")
                    unit = make_unit(nals, sets, round(filtered.pts * scale), round(filtered.dts * scale), codec)
                    if units or unit.is_key:
                        units.append(unit)
                        end = max(end, unit.time + round((filtered.duration or 0) * scale))
            rate = stream.average_rate or Fraction(25)
            size = stream.codec_context.width, stream.codec_context.height
    except av.FFmpegError as err:
        raise SimulatorError(f"{path}: can't be read: {err}") from err
    if not units:
        raise SimulatorError(f"{path}: there is no keyframe in it")
    first, last = min(unit.time for unit in units), max(unit.time for unit in units)
    duration = max(end - first, last - first + round(VIDEO_CLOCK / rate))
    return VideoClip(VideoFormat(codec, *size, rate, bitrate_kbps, sets), _from_zero(units), duration)


def file_audio(path: Path) -> AudioClip:
    """The file's AAC frames. Raises SimulatorError if it has none."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[0] if container.streams.audio else None
            if stream is None or stream.codec_context.name != "aac" or not stream.codec_context.extradata:
                raise SimulatorError(f"{path}: no AAC sound (as MP4 holds it) in it; leave out the camera's audio")
            frames = tuple(bytes(packet) for packet in container.demux(stream) if packet.size)
            context = stream.codec_context
            assert context.extradata is not None
            return AudioClip(
                "aac",
                context.sample_rate,
                context.channels,
                1024,
                bytes(context.extradata),
                frames,
                tuple(hashlib.sha256(frame).hexdigest() for frame in frames),
            )
    except av.FFmpegError as err:
        raise SimulatorError(f"{path}: can't be read: {err}") from err


def _from_zero(units: list[AccessUnit]) -> tuple[AccessUnit, ...]:
    """The same units with the earliest shown at 0, and due as early as B-frames need."""
    shown, due = min(unit.time for unit in units), units[0].due
    return tuple(replace(unit, time=unit.time - shown, due=unit.due - due) for unit in units)
