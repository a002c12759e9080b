"""Real H.264, H.265 and AAC in chunks, as a recorder writes them."""

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av

from pynvr.archive.paths import chunk_path
from pynvr.archive.writer import ChunkWriter
from pynvr.media.sample_description import sample_entry_of
from pynvr.media.still import decoder_configuration
from pynvr.model.frame import Frame, Track

# 2026-07-01 10:00:00 UTC, and a little: starts are never round.
START_US = 1_782_900_000_123_457
STAMP = "20260701.1000"
GENEROUS = 65_536


@dataclass(frozen=True)
class Clip:
    tracks: tuple[Track, ...]
    frames: tuple[Frame, ...]

    def samples(self, track=0):
        return [b"".join(frame.payload) for frame in self.frames if frame.track == track]


@cache
def clip(codec="h264", bframes=0, audio=False, uneven=False, frames=50, size=(320, 180)):
    """A clip of 25 frames a second; with `uneven`, each frame's duration is another."""
    video_mp4 = _encoded(_ENCODERS[codec], bframes, uneven, frames, size)
    with av.open(io.BytesIO(video_mp4), "r") as container:
        stream = container.streams.video[0]
        packets: list[Any] = [packet for packet in container.demux(stream) if packet.size]
        base: Any = stream.time_base
    scale = 90_000
    entry = sample_entry_of(video_mp4)
    in_band = _parameter_sets(decoder_configuration(entry)) if codec == "h264" else b""
    track = Track(0, "video", codec, scale, entry, size[0], size[1], frame_rate=Fraction(25))
    first = min(packet.pts for packet in packets)
    found = []
    for packet in packets:
        pts, dts = (round((ticks - first) * base * scale) for ticks in (packet.pts, packet.dts))
        payload = (in_band if packet.is_keyframe else b"") + bytes(packet)
        found.append(
            Frame(
                0,
                START_US + pts * 1_000_000 // scale,
                pts + 5000,
                dts + 5000,
                0,
                packet.is_keyframe,
                (payload,),
                len(payload),
            )
        )
    tracks = [track]
    if audio:
        sound, sound_frames = _sound(frames / 25)
        tracks.append(sound)
        found = sorted(
            [*found, *sound_frames], key=lambda f: (f.dts - 7000) / 16_000 if f.track else (f.dts - 5000) / scale
        )
    return Clip(tuple(tracks), tuple(found))


_ENCODERS = {
    "h264": ("libx264", "x264-params", "keyint=25:scenecut=0"),
    "hevc": ("libx265", "x265-params", "keyint=25:scenecut=0:log-level=none"),
}


def _encoded(encoder, bframes, uneven, frames, size):
    name, key, settings = encoder
    options = {key: f"{settings}:bframes={bframes}:b-adapt=0", "preset": "superfast"}
    target = io.BytesIO()
    with av.open(target, "w", format="mp4", options={"video_track_timescale": "90000"}) as container:
        stream = container.add_stream(name, rate=25, options=options)
        (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        stream.codec_context.max_b_frames = bframes
        if name == "libx265":
            stream.codec_context.codec_tag = "hvc1"
        pts = 0
        for number in range(frames):
            frame = av.VideoFrame(size[0], size[1], "yuv420p")
            for index, plane in enumerate(frame.planes):
                value = (number * 5 + index * 60) % 200 + 20
                row = bytes((value + column * number // 7) % 220 for column in range(plane.line_size))
                plane.update(row * plane.height)
            frame.pts, frame.time_base = pts, Fraction(1, 90_000)
            container.mux(stream.encode(frame))
            pts += 3600 + (number * 811 % 3000 if uneven else 0)
        container.mux(stream.encode(None))
    return target.getvalue()


def _parameter_sets(avcc):
    """SPS and PPS of an avcC with 4-byte lengths in front (ISO/IEC 14496-15 §5.3.3)."""
    found, at = b"", 5
    for mask in (0x1F, 0xFF):
        count, at = avcc[at] & mask, at + 1
        for _ in range(count):
            size = int.from_bytes(avcc[at : at + 2], "big")
            found += size.to_bytes(4, "big") + avcc[at + 2 : at + 2 + size]
            at += 2 + size
    return found


def _sound(seconds):
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=16_000, layout="mono")
        frame_size = 1024
        for number in range(int(seconds * 16_000 / frame_size)):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=frame_size)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.sample_rate, frame.pts, frame.time_base = 16_000, number * frame_size, Fraction(1, 16_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    mp4 = target.getvalue()
    with av.open(io.BytesIO(mp4), "r", container_options={"ignore_editlist": "1"}) as container:
        packets = [bytes(p) for p in container.demux(container.streams.audio[0]) if p.size]
    track = Track(1, "audio", "aac", 16_000, sample_entry_of(mp4), sample_rate=16_000, channels=1)
    frames = [
        Frame(1, START_US + 30_000 + n * 64_000, 7000 + n * 1024, 7000 + n * 1024, 1024, True, (data,), len(data))
        for n, data in enumerate(packets)
    ]
    return track, frames


def write_chunk(
    dst: Path, source: Clip, camera_id="gate", stamp=STAMP, reserve=GENEROUS, close=True, frames=None, start_us=None
):
    """The path of a chunk with the clip's frames; the writer too if it isn't to be closed.

    `start_us`: when the first of them was shown, if not at START_US: an MP4 without its record is believed only if that
    is the time in its name.
    """
    dst.mkdir(parents=True, exist_ok=True)
    path = chunk_path(dst, camera_id, stamp)
    shift_us = 0 if start_us is None else start_us - source.frames[0].time_us
    writer = ChunkWriter.create(path, source.tracks, source.frames[0].pts, source.frames[0].time_us + shift_us, reserve)
    for frame in source.frames[:frames]:
        writer.append(frame._replace(time_us=frame.time_us + shift_us))
    if not close:
        return path, writer
    writer.close()
    return path


def plain_chunk(dst: Path, source: Clip, camera_id="gate", stamp=STAMP):
    """A chunk of version 0 alone, written by hand: as another program may have written it."""
    path = chunk_path(dst, camera_id, stamp)
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = [
        b"\0" + frame.size.to_bytes(8, "big") + frame.time_us.to_bytes(8, "big") + b"".join(frame.payload)
        for frame in source.frames
    ]
    path.write_bytes(b"".join(blocks))
    return path


def samples_of(path, kind="video"):
    """(pts, dts as seconds relative to the first pts, bytes) of each sample, by libav, with all samples shown."""
    with av.open(str(path)) as container:
        stream = next(s for s in container.streams if s.type == kind)
        packets: list[Any] = [packet for packet in container.demux(stream) if packet.size]
        base = stream.time_base
        return [(packet.pts * base, packet.dts * base, bytes(packet)) for packet in packets]
