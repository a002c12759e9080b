"""The chunk format (docs/chunk-format.md): the bytes of each block, and what a read chunk is."""

import base64
import json
import struct
import zlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from pynvr.base.errors import ChunkError
from pynvr.model.frame import Frame, Track

PLAIN = 0  # version of a block that is one H.264 access unit
TYPED = 1  # version of a block that says what it is
# Kinds of typed blocks; of seals and of what was forced tells `seal.py`. The description of a chunk with seals is of
# another kind than that of one without, so that a program which knows no seals doesn't read a single frame of it.
RESERVE, STREAMS, FRAME, SEAL, FORCED, SEALED_STREAMS = range(6)
DESCRIPTIONS = (STREAMS, SEALED_STREAMS)

HEADER = struct.Struct(">BQQ")  # version, length of the data, time
TYPED_HEADER = struct.Struct(">BQQBI")  # and kind, CRC-32
_FRAME_FIELDS = struct.Struct(">BBqqI")  # track, flags, pts, dts, duration
FRAME_HEADER = struct.Struct(">BQQBIBBqqI")
# A typed block's bytes in front of what its kind carries; the first ones of a chunk make it a chunk and not an MP4.
TYPED_BYTES = TYPED_HEADER.size
FRAME_BYTES = FRAME_HEADER.size
_TYPED_IN_DATA = TYPED_HEADER.size - HEADER.size
FRAME_IN_DATA = FRAME_HEADER.size - HEADER.size
KEY_FLAG = 1
STREAMS_END = b"}]}"  # of the description's text, for the tracks come last in it

# Chunks of version 0 alone don't say their clock; theirs ticks like RTP video.
PLAIN_TIMESCALE = 90_000


class BlockFrame(NamedTuple):
    """A frame found in a chunk; the fields of `Frame`, and where its sample lies in the file."""

    track: int
    time_us: int
    pts: int
    dts: int
    duration: int
    is_key: bool
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Streams:
    """What a streams block says: the tracks, and the instant that track 0's `anchor_pts` is.

    `is_sealed`: each frame's block is followed by a seal.
    """

    tracks: tuple[Track, ...]
    anchor_pts: int
    anchor_us: int
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class ChunkContents:
    """What a chunk holds.

    `tracks`: empty for a chunk of version 0 alone. `frames`: in the order of the file.
    `reserve`: `(0, end)` of the space kept free for the MP4's header, None if there is none.
    `whole_bytes`: up to here the file consists of whole blocks; `dropped_bytes`: what follows and can't be used.
    `forced_bytes`: up to here it was on disk, as it says itself; `is_sealed`: whether frames have seals. `was_left`:
    it doesn't end with the word that all of it is on disk: its recorder was killed, or its last sync wasn't done; one
    without seals can't tell.
    """

    tracks: tuple[Track, ...]
    anchor_pts: int
    anchor_us: int
    frames: list[BlockFrame]
    reserve: tuple[int, int] | None
    whole_bytes: int
    dropped_bytes: int
    forced_bytes: int = 0
    is_sealed: bool = False
    was_left: bool = False


def pts_at(time_us: int, streams: Streams, timescale: int) -> int:
    """The ticks of an instant by the chunk's anchor, rounded half up."""
    return streams.anchor_pts + ((time_us - streams.anchor_us) * timescale + 500_000) // 1_000_000


def frame_head(frame: Frame) -> bytes:
    """What stands before the sample in a frame block of version 1."""
    start = HEADER.pack(TYPED, FRAME_IN_DATA + frame.size, frame.time_us)
    flags = KEY_FLAG if frame.is_key else 0
    fields = _FRAME_FIELDS.pack(frame.track, flags, frame.pts, frame.dts, frame.duration)
    return start + _kind_and_crc(start, FRAME, fields) + fields


def reserve_head(reserve_bytes: int) -> bytes:
    """The written bytes of a reserve block that is `reserve_bytes` long as a whole."""
    start = HEADER.pack(TYPED, reserve_bytes - HEADER.size, 0)
    return start + _kind_and_crc(start, RESERVE, b"")


def streams_block(streams: Streams) -> bytes:
    """The whole block that describes the streams."""
    document: dict[str, Any] = {
        "anchor_pts": streams.anchor_pts,
        "anchor_us": streams.anchor_us,
        "tracks": [_track_to_json(track) for track in streams.tracks],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    start = HEADER.pack(TYPED, _TYPED_IN_DATA + len(text), streams.anchor_us)
    kind = SEALED_STREAMS if streams.is_sealed else STREAMS
    return start + _kind_and_crc(start, kind, text) + text


def parse_streams(text: bytes, kind: int) -> Streams:
    """What a streams block of this kind says in its JSON; raises ChunkError."""
    try:
        found = json.loads(text)
        tracks = tuple(_track_from_json(entry) for entry in found["tracks"])
        return Streams(tracks, int(found["anchor_pts"]), int(found["anchor_us"]), kind == SEALED_STREAMS)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as err:
        raise ChunkError(f"the description of the streams can't be read: {err}") from err


def _kind_and_crc(start: bytes, kind: int, rest: bytes) -> bytes:
    return struct.pack(">BI", kind, zlib.crc32(rest, zlib.crc32(start + bytes((kind,)))))


# JSON has no narrower type than Any for what comes out of it.
def _track_to_json(track: Track) -> dict[str, Any]:
    return {
        "number": track.number,
        "kind": track.kind,
        "codec": track.codec,
        "timescale": track.timescale,
        "sample_entry": base64.b64encode(track.sample_entry).decode(),
        "width": track.width,
        "height": track.height,
        "sample_rate": track.sample_rate,
        "channels": track.channels,
        "frame_rate": str(track.frame_rate),
    }


def _track_from_json(entry: dict[str, Any]) -> Track:
    kind = entry["kind"]
    timescale = int(entry["timescale"])
    if kind not in ("video", "audio") or timescale <= 0:
        raise ValueError(f"a track of kind {kind!r} with timescale {timescale}")
    return Track(
        number=int(entry["number"]),
        kind=kind,
        codec=str(entry["codec"]),
        timescale=timescale,
        sample_entry=base64.b64decode(entry["sample_entry"], validate=True),
        width=int(entry.get("width", 0)),
        height=int(entry.get("height", 0)),
        sample_rate=int(entry.get("sample_rate", 0)),
        channels=int(entry.get("channels", 0)),
        frame_rate=Fraction(entry.get("frame_rate", "0")),
    )
