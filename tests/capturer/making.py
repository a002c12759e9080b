"""Clips of known brightness, and captures of them."""

from fractions import Fraction

import av

from pynvr.archive.capture_folder import CaptureFolder
from pynvr.base.clock import SystemClock
from pynvr.capturer.order import CaptureOrder
from pynvr.capturer.process import Capture
from pynvr.media.feed import open_feed
from tests.recorder.making import make_camera, make_heart

FPS = 10


def grey_frame(level, width=64, height=48):
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, (level, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def write_clip(path, levels, width=64, height=48, pixel=Fraction(1), codec="libx264"):
    """A picture of each luma level, `FPS` a second, a keyframe each second; `pixel`: width of a pixel by its height."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=FPS, options={"x264-params": f"keyint={FPS}:scenecut=0:qp=10"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.sample_aspect_ratio = pixel
        for number, level in enumerate(levels):
            frame = grey_frame(level, width, height)
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def order_of(folder, url, started_us=None, longest_s=3600.0, capture_id="1", **changes):
    camera = make_camera(folder, str(url), id=capture_id, audio="off", **changes)
    return CaptureOrder(camera, folder, started_us or SystemClock().now_us(), longest_s)


def captured(folder, url, stop_after=None, **changes):
    """The capture of a file, in this thread: whole, or stopped after so many frames."""
    order = order_of(folder, url, **changes)
    heart, _master = make_heart()

    def opened(camera, transport):
        feed = open_feed(camera, transport)
        units = feed.units

        def counted():
            for number, unit in enumerate(units(), 1):
                heart.stopping = number == stop_after
                yield unit

        setattr(feed, "units", counted)  # noqa: B010  # for the type checker
        return feed

    Capture(heart, order, SystemClock(), opened).run()
    return CaptureFolder(folder / order.camera.id)
