"""What the measures say of pictures whose brightness and sharpness are known."""

from fractions import Fraction
from typing import Any

import av
import pytest
from av.filter import Graph

from pynvr.media.still import Picture
from pynvr.vision.measures import brightness, sharpness
from tests.footage import face_clip


def filtered(frame, filters):
    """The frame behind a chain of libavfilter's filters."""
    frame.pts = 0
    graph = Graph()
    last = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 25))
    for words in (*filters, "buffersink"):
        name, _, options = words.partition("=")
        added = graph.add(name, options)
        last.link_to(added)
        last = added
    graph.configure()
    graph.push(frame)
    made: Any = graph.pull()
    return Picture(made)


def footage():
    with av.open(str(face_clip())) as container:
        return next(container.decode(video=0))


def plain(luma, form):
    frame = av.VideoFrame(320, 180, form)
    for plane, value in zip(frame.planes, (luma, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return Picture(frame)


@pytest.mark.parametrize(
    ("form", "luma", "expected"),
    [("yuv420p", 16, 0), ("yuv420p", 235, 1), ("yuvj420p", 0, 0), ("yuvj420p", 255, 1), ("yuvj420p", 51, 0.2)],
)
def test_black_is_0_and_white_is_1_in_either_range(form, luma, expected):
    assert brightness(plain(luma, form)) == pytest.approx(expected, abs=0.01)


def test_what_is_outside_of_the_range_is_no_more_than_white():
    assert brightness(plain(255, "yuv420p")) == 1.0


@pytest.mark.parametrize("noise", ["null", "noise=alls=10:allf=t:all_seed=7"])
def test_the_more_a_picture_is_blurred_the_less_sharp_it_is(noise):
    scores = [sharpness(filtered(footage(), [f"gblur=sigma={sigma}", noise])) for sigma in (0.01, 1, 2, 4)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 1.3 * scores[-1]


def test_noise_doesnt_make_a_blurred_picture_a_sharp_one():
    clear, blurred = ["null"], ["gblur=sigma=2", "noise=alls=10:allf=t:all_seed=7"]
    assert sharpness(filtered(footage(), clear)) > 1.2 * sharpness(filtered(footage(), blurred))


@pytest.mark.parametrize(("luma", "form"), [(60, "yuv420p"), (126, "yuv420p"), (220, "yuv420p"), (51, "yuvj420p")])
def test_brightness_is_the_share_of_white_in_either_range(luma, form):
    black, white = (0, 255) if form == "yuvj420p" else (16, 235)
    assert brightness(plain(luma, form)) == pytest.approx((luma - black) / (white - black), abs=0.01)
