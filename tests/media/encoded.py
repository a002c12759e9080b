"""Real encoded video, made on the spot: access units with start codes, as a camera's RTP gives them."""

from fractions import Fraction

import av

from pynvr.media.unit import Unit
from pynvr.model.frame import VIDEO_TRACK
from pynvr.model.nal import NAL_CODECS, annexb_spans

SCALE = 90_000
_OPTIONS = {
    "libx264": {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "log-level=none:annexb=1"},
    "libx265": {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x265-params": "log-level=none:bframes=0:repeat-headers=1",
    },
    "mpeg4": {},
}


def encode(codec="libx264", count=20, width=128, height=96, fps=25, gop=10, b_frames=0, extra=""):
    """`(data, pts, is_key)` of each frame, ticks of 90 kHz."""
    context = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.framerate, context.time_base = Fraction(fps), Fraction(1, fps)
    context.gop_size, context.max_b_frames = gop, b_frames
    options = dict(_OPTIONS[codec])
    if b_frames:
        options.pop("tune")
    if extra:
        options["x264-params"] += ":" + extra
    context.options = options
    packets = []
    for number in range(count):
        frame = av.VideoFrame(width, height, "yuv420p")
        for place, plane in enumerate(frame.planes):
            plane.update(
                bytes((x * (number + 1) + place * 40) & 0xFF for x in range(256)) * (plane.buffer_size // 256)
                + bytes(plane.buffer_size % 256)
            )
        frame.pts = number
        packets += context.encode(frame)
    packets += context.encode(None)
    return [(bytes(packet), round(packet.pts * SCALE / fps), packet.is_keyframe) for packet in packets]


def units(frames, arrival_s=1000.0):
    """The frames as a source gives them, each when it was taken."""
    first = frames[0][1]
    return [
        Unit(VIDEO_TRACK, pts, pts, 3600, is_key, bytearray(data), arrival_s + (pts - first) / SCALE)
        for data, pts, is_key in frames
    ]


def nals(data):
    return [bytes(data[start:end]) for start, end in annexb_spans(data)]


def without_parameter_sets(codec, data):
    """The same access unit as a camera sends it that tells its parameter sets elsewhere."""
    sets = NAL_CODECS[codec].parameter_sets
    kept = [nal for nal in nals(data) if NAL_CODECS[codec].type_of(nal[0]) not in sets]
    return b"".join(b"\x00\x00\x00\x01" + nal for nal in kept)


def parameter_sets(codec, data):
    sets = NAL_CODECS[codec].parameter_sets
    return [nal for nal in nals(data) if NAL_CODECS[codec].type_of(nal[0]) in sets]


def split_sample(payload):
    """The NAL units of a sample with four-byte lengths."""
    data = b"".join(payload)
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    assert at == len(data)
    return found
