"""The sample entry of a track (ISO/IEC 14496-12 §8.5.2), lifted from a few-packet MP4 that libav muxes in memory.

So no codec's configuration record is written by hand. Nothing is decoded.
"""

import io
import struct
from dataclasses import dataclass
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from pynvr.base.errors import MediaError

_ANY_TIME_BASE = Fraction(1, 90_000)
# Where the boxes on the way to the sample entry have their children: after version, flags and counters.
_FULL_BOX_FIELDS = {b"stsd": 8}
_WAY = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
# libav says `hev1` unless told otherwise, which browsers and Apple's players refuse.
_HEVC_TAG = "hvc1"
# Bit rates measured over a few packets would make two descriptions of the same stream differ.
_OPTIONS = {"write_btrt": "0"}
# ISO/IEC 14496-1 §7.2.6.5, §7.2.6.6: descriptors on the way to the bit rates, and the fields of an ES descriptor.
_ES_TAG, _DECODER_TAG, _ES_FIELDS_BYTES = 0x03, 0x04, 3
_RATES_AT, _RATES_BYTES = 5, 8
# Without a word in the parameter sets, libav gives the tick rate of its clock.
_HIGHEST_FRAME_RATE = 240


@dataclass(frozen=True, slots=True)
class VideoDescription:
    """`sample_entry`: the whole box. `frame_rate`: what the parameter sets say, 0 = nothing."""

    sample_entry: bytes
    width: int
    height: int
    frame_rate: Fraction


def describe_video(codec: str, keyframe_annexb: bytes) -> bytes:
    """The sample entry of an H.264 or H.265 stream, from one keyframe with its parameter sets. Raises MediaError."""
    return describe(codec, keyframe_annexb).sample_entry


def describe(codec: str, keyframe_annexb: bytes) -> VideoDescription:
    """As `describe_video`, with the size and the declared frame rate."""
    try:
        parser = av.CodecContext.create(codec, "r")
        if not isinstance(parser, VideoCodecContext):
            raise MediaError(f"{codec} is not a video codec")
        parser.parse(keyframe_annexb)
        parser.parse()
        width, height, frame_rate = parser.width, parser.height, parser.framerate
        entry = _hevc_entry(keyframe_annexb) if codec == "hevc" else _entry(codec, keyframe_annexb, width, height)
    except (av.error.FFmpegError, ValueError, IndexError) as err:
        raise MediaError(f"libav can't describe the {codec} stream: {_words(err)}") from err
    if not (width and height):
        raise MediaError(f"the {codec} stream's parameter sets don't say its size")
    if frame_rate is None or frame_rate > _HIGHEST_FRAME_RATE:
        frame_rate = Fraction(0)
    return VideoDescription(entry, width, height, frame_rate)


def describe_stream(stream: VideoStream | AudioStream, first_packet: bytes) -> bytes:
    """The sample entry of any opened stream that MP4 can carry. Raises MediaError if it can't."""
    try:
        return _copied_entry(stream, first_packet)
    except (av.error.FFmpegError, ValueError) as err:
        raise MediaError(f"MP4 can't carry {stream.codec_context.name}: {_words(err)}") from err


def sample_entry_of(mp4: bytes) -> bytes:
    """The first sample entry of the first track of a whole MP4. Raises MediaError."""
    start, end = 0, len(mp4)
    for name in _WAY:
        start, end = _child(mp4, start, end, name)
        start += _FULL_BOX_FIELDS.get(name, 0)
    return _without_bit_rates(mp4[start : start + int.from_bytes(mp4[start : start + 4], "big")])


def _entry(codec: str, keyframe: bytes, width: int, height: int) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4", options=_OPTIONS) as output:
        stream = output.add_mux_stream(codec, width=width, height=height)
        output.mux(_packet(keyframe, stream))
    return sample_entry_of(target.getvalue())


def _hevc_entry(keyframe: bytes) -> bytes:
    # The tag can only be set on a stream that has a codec context, and only a demuxed one serves as a template.
    with av.open(io.BytesIO(keyframe), format="hevc", options={"probesize": "32", "analyzeduration": "1"}) as source:
        return _copied_entry(source.streams.video[0], keyframe, _HEVC_TAG)


def _copied_entry(template: VideoStream | AudioStream, first_packet: bytes, tag: str = "") -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4", options=_OPTIONS) as output:
        stream = output.add_stream_from_template(template, opaque=True)
        if tag:
            stream.codec_context.codec_tag = tag
        output.mux(_packet(first_packet, stream))
    return sample_entry_of(target.getvalue())


def _packet(data: bytes, stream: Stream) -> "Packet[Stream]":
    packet = av.Packet(data)
    packet.stream = stream
    packet.pts = packet.dts = 0
    packet.duration = 1
    packet.time_base = _ANY_TIME_BASE
    packet.is_keyframe = True
    return packet


def _without_bit_rates(entry: bytes) -> bytes:
    """The entry with the bit rates of its `esds`, if it has one, set to 0 = variable."""
    at = entry.find(b"esds")
    if at < 0:
        return entry
    at += 8
    for tag, fields_bytes in ((_ES_TAG, _ES_FIELDS_BYTES), (_DECODER_TAG, 0)):
        if at >= len(entry) or entry[at] != tag:
            return entry
        at += 1
        while entry[at] & 0x80:
            at += 1
        at += 1 + fields_bytes
    at += _RATES_AT
    return entry[:at] + bytes(_RATES_BYTES) + entry[at + _RATES_BYTES :]


def _child(mp4: bytes, start: int, end: int, name: bytes) -> tuple[int, int]:
    """Start and end of the body of the first box called `name` between `start` and `end`."""
    while start + 8 <= end:
        size, found = struct.unpack_from(">I4s", mp4, start)
        body = start + 8
        if size == 1:
            size, body = int.from_bytes(mp4[body : body + 8], "big"), body + 8
        if found == name:
            return body, start + size
        if size < 8:
            break
        start += size
    raise MediaError(f"libav's MP4 has no {name.decode()}")


def _words(err: Exception) -> str:
    return getattr(err, "strerror", None) or str(err)
