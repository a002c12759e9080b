"""Recordings of pictures of the test's own: what is best in them is known."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
from av.video.codeccontext import VideoCodecContext

from pynvr.model.frame import Frame, Track
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US, VIDEO_SCALE, Clip, _template, in_sample_form, known, sample_entry
from tests.footage import face_clip

FPS = 10
STEP_US = 1_000_000 // FPS


def clip_of(pictures: Iterator[Any], keyframe_every: int = 10, fps: int | Fraction = FPS) -> Clip:
    """The pictures as a camera sends them, `fps` a second."""
    encoder: VideoCodecContext | None = None
    packets = []
    for number, picture in enumerate(pictures):
        if encoder is None:
            made = VideoCodecContext.create("libx264", "w")
            assert isinstance(made, VideoCodecContext)
            encoder = made
            encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "yuv420p"
            encoder.time_base, encoder.framerate = Fraction(1, VIDEO_SCALE), Fraction(fps)
            parameters = f"bframes=0:keyint={keyframe_every}:min-keyint={keyframe_every}:scenecut=0"
            encoder.options = {"preset": "ultrafast", "crf": "20", "x264-params": parameters}
        picture.pts, picture.time_base = number * VIDEO_SCALE // fps, Fraction(1, VIDEO_SCALE)
        packets += encoder.encode(picture)
    assert encoder is not None
    packets += encoder.encode(None)
    frames = []
    for packet in packets:
        ticks = known(packet.pts)
        payload = in_sample_form(bytes(packet))
        frames.append(
            Frame(
                0,
                ANCHOR_US + ticks * 1_000_000 // VIDEO_SCALE,
                ANCHOR_PTS + ticks,
                ANCHOR_PTS + known(packet.dts),
                VIDEO_SCALE // fps,
                packet.is_keyframe,
                (payload,),
                len(payload),
            )
        )
    template = _template("h264", bytes(packets[0]))
    size = encoder.width, encoder.height
    track = Track(0, "video", "h264", VIDEO_SCALE, sample_entry(template), *size, frame_rate=Fraction(fps))
    return Clip((track,), frames, {0: template})


def plain(luma_at: Callable[[int], int], count: int) -> Iterator[Any]:
    """Pictures of one brightness each."""
    for number in range(count):
        picture = av.VideoFrame(64, 48, "yuv420p")
        for plane, value in zip(picture.planes, (luma_at(number), 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        yield picture


def talking_man(before: int, shown: int) -> Iterator[Any]:
    """Nobody, then the man in the car for so many pictures, then nobody."""
    with av.open(str(face_clip())) as container:
        real = [
            frame.reformat(format="yuv420p") for frame, _ in zip(container.decode(video=0), range(shown), strict=False)
        ]
    width, height = real[0].width, real[0].height

    def nobody() -> Any:
        picture = av.VideoFrame(width, height, "yuv420p")
        for plane in picture.planes:
            plane.update(bytes([110]) * plane.buffer_size)
        return picture

    yield from (nobody() for _ in range(before))
    yield from real
    yield from (nobody() for _ in range(before))
