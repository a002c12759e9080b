"""Real clips, encoded by libav: frames as a recorder would append them, and libav's own MP4 of the same packets."""

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

from pynvr.model.frame import Frame, Track

WIDTH, HEIGHT = 160, 96
VIDEO_SCALE = 90_000
AUDIO_SCALE = 48_000
ANCHOR_PTS = 7_654_321
ANCHOR_US = 1_760_000_000_123_457
KEYFRAME_EVERY = 12


@dataclass
class Clip:
    """`frames`: in the order of their arrival; `templates`: a tiny MP4 of each track, which describes it.

    One of `make_clip` is encoded when it is looked at: files name their clips when they are read, also where none of
    their tests runs.
    """

    tracks: tuple[Track, ...]
    frames: list[Frame]
    templates: dict[int, bytes]

    def __getattr__(self, name: str) -> object:
        if name not in self.__dataclass_fields__ or "make" not in vars(self):
            raise AttributeError(name)
        made = vars(self).pop("make")()
        self.tracks, self.frames, self.templates = made.tracks, list(made.frames), dict(made.templates)
        return getattr(self, name)

    def of(self, number: int) -> list[Frame]:
        return [frame for frame in self.frames if frame.track == number]

    def remux_by_libav(self, path: Path) -> None:
        """The same packets in the same order, in an MP4 that libav writes; the first picture is at 0."""
        first = self.of(0)[0].pts
        with av.open(str(path), "w", format="mp4") as output:
            streams = {}
            for track in self.tracks:
                with av.open(io.BytesIO(self.templates[track.number])) as template:
                    stream = output.add_stream_from_template(template.streams[0], opaque=True)
                if track.codec == "hevc":
                    stream.codec_context.codec_tag = "hvc1"
                stream.time_base = Fraction(1, track.timescale)
                streams[track.number] = stream
            for frame in self.frames:
                track = self.tracks[frame.track]
                packet = av.Packet(b"".join(frame.payload))
                packet.stream = streams[frame.track]
                packet.time_base = Fraction(1, track.timescale)
                shift = (
                    first
                    if frame.track == 0
                    else -round((frame_start_us(self, frame.track) - ANCHOR_US) * track.timescale / 1e6)
                    + self.of(frame.track)[0].pts
                )
                packet.pts, packet.dts = frame.pts - shift, frame.dts - shift
                packet.duration = frame.duration
                packet.is_keyframe = frame.is_key
                output.mux_one(packet)


def frame_start_us(clip: Clip, number: int) -> int:
    return clip.of(number)[0].time_us


def make_clip(
    codec: str = "libx264",
    count: int = 48,
    b_frames: int = 0,
    variable: bool = False,
    audio_from_us: int | None = None,
) -> Clip:
    """`audio_from_us`: when the audio starts, after the first picture (or before it); None = no audio."""
    clip = object.__new__(Clip)
    vars(clip)["make"] = lambda: _made(codec, count, b_frames, variable, audio_from_us)
    return clip


# Many tests want the same few.
@lru_cache(maxsize=32)
def _made(codec: str, count: int, b_frames: int, variable: bool, audio_from_us: int | None) -> Clip:
    video, video_frames, template = _video(codec, count, b_frames, variable)
    tracks, frames, templates = [video], video_frames, {0: template}
    if audio_from_us is not None:
        seconds = (video_frames[-1].time_us - ANCHOR_US) / 1e6
        audio, audio_frames, templates[1] = _audio(seconds, audio_from_us)
        tracks.append(audio)
        frames = _arrival(video_frames, audio_frames)
    return Clip(tuple(tracks), frames, templates)


def _arrival(video: list[Frame], audio: list[Frame]) -> list[Frame]:
    """By decode time, the video's first frame first."""
    scaled = [(Fraction(f.dts - ANCHOR_PTS, VIDEO_SCALE), 0, i, f) for i, f in enumerate(video)]
    start = Fraction(audio[0].time_us - ANCHOR_US, 1_000_000)
    scaled += [(start + Fraction(f.dts - audio[0].dts, AUDIO_SCALE), 1, i, f) for i, f in enumerate(audio)]
    return [video[0]] + [f for *_, f in sorted(scaled, key=lambda row: row[:3]) if f is not video[0]]


@lru_cache(maxsize=32)
def _video(codec: str, count: int, b_frames: int, variable: bool) -> tuple[Track, list[Frame], bytes]:
    encoder = VideoCodecContext.create(codec, "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, VIDEO_SCALE), Fraction(25)
    encoder.gop_size = KEYFRAME_EVERY
    encoder.max_b_frames = b_frames
    if codec == "libx265":
        encoder.options = {"preset": "ultrafast", "x265-params": f"log-level=error:bframes={b_frames}:keyint=12:info=0"}
    else:
        encoder.options = {"preset": "veryfast", "x264-params": f"bframes={b_frames}:keyint=12:scenecut=0"}
    pts, packets = 0, []
    for number in range(count):
        packets += encoder.encode(_picture(number, pts))
        pts += 3600 + (number * 7919 % 1800 if variable else 0)
    packets += encoder.encode(None)
    name = "h264" if codec == "libx264" else "hevc"
    first = min(known(packet.pts) for packet in packets)
    frames = []
    for packet in packets:
        payload = in_sample_form(bytes(packet))
        ticks = known(packet.pts) - first
        time_us = ANCHOR_US + round(Fraction(ticks * 1_000_000, VIDEO_SCALE))
        frames.append(
            Frame(
                0,
                time_us,
                ANCHOR_PTS + ticks,
                ANCHOR_PTS + known(packet.dts) - first,
                3600,
                packet.is_keyframe,
                (payload,),
                len(payload),
            )
        )
    template = _template(name, bytes(packets[0]))
    entry = sample_entry(template)
    return Track(0, "video", name, VIDEO_SCALE, entry, WIDTH, HEIGHT, frame_rate=Fraction(25)), frames, template


def _picture(number: int, pts: int) -> av.VideoFrame:
    picture = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    rows = [bytes((x * 2 + y + number * 5) & 0xFF for x in range(WIDTH)) for y in range(0, HEIGHT, 8)]
    for plane, data in zip(picture.planes, (b"".join(row * 8 for row in rows), None, None), strict=True):
        luma = data or bytes([128 + number % 32]) * (plane.line_size * plane.height)
        plane.update(luma[: plane.buffer_size].ljust(plane.buffer_size, b"\x80"))
    picture.pts, picture.time_base = pts, Fraction(1, VIDEO_SCALE)
    return picture


def _audio(seconds: float, from_us: int) -> tuple[Track, list[Frame], bytes]:
    encoder = AudioCodecContext.create("aac", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = AUDIO_SCALE, "mono", "fltp"
    encoder.time_base = Fraction(1, AUDIO_SCALE)
    packets = []
    for number in range(int(seconds * AUDIO_SCALE / 1024) + 1):
        sound = av.AudioFrame("fltp", "mono", 1024)
        sound.sample_rate, sound.pts, sound.time_base = AUDIO_SCALE, number * 1024, Fraction(1, AUDIO_SCALE)
        sound.planes[0].update(bytes((number * 31 + i * 7) & 0x3F for i in range(64)) * 64)
        packets += encoder.encode(sound)
    first = known(packets[0].pts)
    frames = []
    for packet in packets:
        ticks = known(packet.pts) - first
        time_us = ANCHOR_US + from_us + round(Fraction(ticks * 1_000_000, AUDIO_SCALE))
        pts = 555_000 + ticks
        frames.append(Frame(1, time_us, pts, pts, 1024, True, (bytes(packet),), packet.size))
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=AUDIO_SCALE, layout="mono")
        silence = av.AudioFrame("fltp", "mono", 1024)
        silence.sample_rate, silence.pts = AUDIO_SCALE, 0
        silence.planes[0].update(bytes(4096))
        for packet in (*stream.encode(silence), *stream.encode(None)):
            output.mux(packet)
    template = buffer.getvalue()
    return (
        Track(1, "audio", "aac", AUDIO_SCALE, sample_entry(template), sample_rate=48_000, channels=1),
        frames,
        template,
    )


def known(ticks: int | None) -> int:
    assert ticks is not None
    return ticks


def in_sample_form(annexb: bytes) -> bytes:
    """NAL units with 4-byte lengths in front."""
    parts = annexb.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _template(name: str, keyframe: bytes) -> bytes:
    buffer = io.BytesIO()
    with av.open(io.BytesIO(keyframe), format=name) as raw, av.open(buffer, "w", format="mp4") as output:
        stream = output.add_stream_from_template(raw.streams.video[0], opaque=True)
        if name == "hevc":
            stream.codec_context.codec_tag = "hvc1"
        packet = av.Packet(keyframe)
        packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, 0, 0, True
        packet.time_base, packet.duration = Fraction(1, VIDEO_SCALE), 3600
        output.mux(packet)
    return buffer.getvalue()


def sample_entry(mp4: bytes) -> bytes:
    """The sample entry of the only track."""
    at = mp4.index(b"stsd") + 12
    return mp4[at : at + int.from_bytes(mp4[at : at + 4], "big")]
