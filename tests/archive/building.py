"""Small chunks made by hand: frames whose payload is well-formed NAL units, and a writer around them."""

from fractions import Fraction
from pathlib import Path

from pynvr.archive.writer import ChunkWriter
from pynvr.model.frame import Frame, Track

ANCHOR_US = 1_760_000_000_000_000
ANCHOR_PTS = 1000
VIDEO = Track(0, "video", "h264", 90_000, b"\0\0\0\x0eavc1entry", 640, 360, frame_rate=Fraction(30000, 1001))
AUDIO = Track(1, "audio", "aac", 48_000, b"\0\0\0\x0emp4aentry", sample_rate=48_000, channels=2)


def nal(kind: int, length: int = 8) -> bytes:
    """One NAL unit with its length in front."""
    return length.to_bytes(4, "big") + bytes((kind,)) + bytes(0x55 for _ in range(length - 1))


def picture(number: int, is_key: bool = False, b_frame: bool = False, length: int = 8) -> Frame:
    """Frame `number` of a video of 25 frames a second."""
    payload = nal(0x67) + nal(0x68) + nal(0x65, length) if is_key else nal(0x41, length)
    pts = ANCHOR_PTS + number * 3600
    dts = pts - 1800 if b_frame else pts
    return Frame(0, ANCHOR_US + number * 40_000, pts, dts, 3600, is_key, (payload,), len(payload))


def sound(number: int, length: int = 6) -> Frame:
    pts = 50_000 + number * 1024
    payload = bytes((number & 0xFF,)) * length
    return Frame(1, ANCHOR_US + number * 1024_000_000 // 48_000, pts, pts, 1024, True, (payload,), length)


def write_chunk(path: Path, frames: list[Frame], reserve_bytes: int = 64, tracks=(VIDEO, AUDIO)) -> list[int]:
    """Make the chunk; the end of its head, then of each frame's block."""
    writer = ChunkWriter.create(path, tracks, ANCHOR_PTS, ANCHOR_US, reserve_bytes)
    ends = [path.stat().st_size]
    for frame in frames:
        writer.append(frame)
        ends.append(path.stat().st_size)
    writer.close()
    return ends
