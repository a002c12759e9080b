"""Pictures from single samples: the right one, the right colours, the right shape; errors where there is none."""

import io
from fractions import Fraction

import av
import pytest
from PIL import Image

from pynvr.base.errors import MediaError
from pynvr.media.jpeg import to_jpeg
from pynvr.media.still import Place, decode_still, decode_stored, decoder_configuration

RED, GREEN, BLUE, GREY = (200, 30, 40), (20, 180, 60), (30, 40, 210), (128, 128, 128)


def painted(colour, width=192, height=108, matrix="itu709", full_range=False):
    frame = av.VideoFrame.from_image(Image.new("RGB", (width, height), colour))
    target = "JPEG" if full_range else "MPEG"
    return frame.reformat(format="yuv420p", dst_colorspace=matrix, dst_color_range=target)


def encoded(path, frames, codec="libx264", aspect=None, options=None, bframes=0):
    """Write frames to an MP4 and give (samples in decode order, their places, the path)."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
        context = stream.codec_context
        context.max_b_frames = bframes
        context.color_range, context.colorspace = frames[0].color_range, frames[0].colorspace
        if aspect:
            context.sample_aspect_ratio = aspect
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        return [bytes(p) for p in packets], [Place(p.pos or 0, p.size) for p in packets], stream.codec_context.extradata


def visual_entry(name, box, configuration):
    body = bytes(78) + (len(configuration) + 8).to_bytes(4, "big") + box + configuration
    return (len(body) + 8).to_bytes(4, "big") + name + body


def shown(jpeg):
    return Image.open(io.BytesIO(jpeg))


def assert_near(pixel, colour, tolerance=6):
    assert all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True)), f"{pixel} is not {colour}"


@pytest.mark.parametrize("colour", [RED, GREEN, BLUE, GREY])
@pytest.mark.parametrize("matrix", ["itu709", "itu601"])
@pytest.mark.parametrize("full_range", [False, True])
def test_colours_survive_whatever_range_and_matrix_the_camera_uses(tmp_path, colour, matrix, full_range):
    frame = painted(colour, matrix=matrix, full_range=full_range)
    samples, _, extradata = encoded(tmp_path / "a.mp4", [frame])
    picture = decode_still("h264", visual_entry(b"avc1", b"avcC", extradata), samples[:1])
    image = shown(to_jpeg(picture, quality=95)).convert("RGB")
    assert image.size == (192, 108)
    assert_near(image.getpixel((90, 50)), colour)


def test_a_hevc_keyframe_gives_a_picture(tmp_path):
    samples, _, extradata = encoded(
        tmp_path / "a.mp4", [painted(GREEN)], codec="libx265", options={"x265-params": "log-level=none"}
    )
    picture = decode_still("hevc", visual_entry(b"hvc1", b"hvcC", extradata), samples[:1])
    assert_near(shown(to_jpeg(picture)).convert("RGB").getpixel((90, 50)), GREEN)


def test_an_mpeg4_keyframe_is_decoded_from_the_headers_in_its_esds(tmp_path):
    path = tmp_path / "a.mp4"
    samples, _, extradata = encoded(path, [painted(BLUE)], codec="mpeg4")
    data = path.read_bytes()
    at = data.index(b"mp4v") - 4
    entry = data[at : at + int.from_bytes(data[at : at + 4], "big")]
    assert decoder_configuration(entry) == extradata
    picture = decode_still("mpeg4", entry, samples[:1])
    assert_near(shown(to_jpeg(picture)).convert("RGB").getpixel((90, 50)), BLUE, tolerance=10)


def test_pixels_that_are_not_square_are_shown_in_their_aspect(tmp_path):
    samples, _, extradata = encoded(tmp_path / "a.mp4", [painted(RED, 352, 288)], aspect=Fraction(16, 11))
    picture = decode_still("h264", visual_entry(b"avc1", b"avcC", extradata), samples[:1])
    assert (picture.width, picture.height) == (512, 288)
    assert shown(to_jpeg(picture)).size == (512, 288)
    assert shown(to_jpeg(picture, width=320)).size == (320, 180)


def test_a_small_picture_is_never_enlarged(tmp_path):
    samples, _, extradata = encoded(tmp_path / "a.mp4", [painted(RED)])
    picture = decode_still("h264", visual_entry(b"avc1", b"avcC", extradata), samples[:1])
    assert shown(to_jpeg(picture, width=320)).size == (192, 108)


def test_a_thumbnail_from_a_scaled_copy_has_the_same_colours(tmp_path):
    samples, _, extradata = encoded(tmp_path / "a.mp4", [painted(RED, 1280, 720)])
    picture = decode_still("h264", visual_entry(b"avc1", b"avcC", extradata), samples[:1])
    image = shown(to_jpeg(picture.scaled(320))).convert("RGB")
    assert image.size == (320, 180)
    assert_near(image.getpixel((90, 50)), RED)


def test_planes_are_packed_without_gaps(tmp_path):
    samples, _, extradata = encoded(tmp_path / "a.mp4", [painted(GREY)])
    picture = decode_still("h264", visual_entry(b"avc1", b"avcC", extradata), samples[:1])
    planes = picture.planes(64, 36)
    assert len(planes) == 64 * 36 + 2 * 32 * 18
    assert all(abs(value - 128) <= 2 for value in planes)


@pytest.mark.parametrize("bframes", [0, 2])
def test_the_picture_is_the_one_of_the_last_sample_given(tmp_path, bframes):
    greys = [painted((16 * n, 16 * n, 16 * n)) for n in range(1, 13)]
    path = tmp_path / "a.mp4"
    options = {"g": "50", "sc_threshold": "0", "qp": "10"}
    _, places, extradata = encoded(path, greys, bframes=bframes, options=options)
    entry = visual_entry(b"avc1", b"avcC", extradata)
    with av.open(str(path)) as container:
        order = [packet.pts or 0 for packet in container.demux(container.streams.video[0]) if packet.size]
    rank = {pts: number for number, pts in enumerate(sorted(order))}
    if bframes:
        assert order != sorted(order), "the clip has no B-frames, so this shows nothing"
    for count in range(1, len(places) + 1):
        picture = decode_stored(path, "h264", entry, places[:count])
        level = 16 * (rank[order[count - 1]] + 1)
        assert_near(shown(to_jpeg(picture, quality=95)).convert("RGB").getpixel((90, 50)), (level,) * 3)


def test_garbage_is_a_media_error_and_not_a_crash(tmp_path):
    samples, places, extradata = encoded(tmp_path / "a.mp4", [painted(RED)])
    entry = visual_entry(b"avc1", b"avcC", extradata)
    with pytest.raises(MediaError):
        decode_still("h264", entry, [b"\0\0\0\x10" + b"\xff" * 400])
    with pytest.raises(MediaError):
        decode_still("h264", entry, [])
    with pytest.raises(MediaError):
        decode_still("no such codec", entry, samples)
    with pytest.raises(MediaError):
        decode_stored(tmp_path / "a.mp4", "h264", entry, [Place(places[0].offset, 10_000_000)])


@pytest.mark.parametrize("cut", range(0, 130, 7))
def test_a_cut_sample_entry_is_read_without_an_exception(tmp_path, cut):
    entry = visual_entry(
        b"mp4v", b"esds", bytes(4) + bytes.fromhex("0325000200041720000000000000000000000000050430000102")
    )
    assert isinstance(decoder_configuration(entry[:cut]), bytes)
