"""The chunk format, byte by byte: files checked in, and the same bytes spelled out."""

import base64
import json
import zlib
from pathlib import Path

import pytest

from pynvr.archive.reader import is_finished, read_chunk
from pynvr.base.errors import ChunkError
from pynvr.model.frame import Frame, Track
from tests.archive.building import ANCHOR_PTS, ANCHOR_US, AUDIO, VIDEO, nal, picture, sound, write_chunk

GOLDEN = Path(__file__).parent / "golden"
FRAMES = [picture(0, is_key=True), sound(0), picture(1), picture(2, b_frame=True), sound(1)]


def test_the_writer_still_writes_the_golden_version_1(tmp_path):
    path = tmp_path / "day" / "c.chunk"
    write_chunk(path, FRAMES)
    assert path.read_bytes() == (GOLDEN / "sealed.chunk").read_bytes()


@pytest.mark.parametrize("name", ["version1.chunk", "sealed.chunk"], ids=["without seals, as once", "with seals"])
def test_the_golden_version_1_is_read(name):
    contents = read_chunk(GOLDEN / name)
    assert contents.tracks == (VIDEO, AUDIO)
    assert (contents.anchor_pts, contents.anchor_us) == (ANCHOR_PTS, ANCHOR_US)
    assert contents.reserve == (0, 64)
    assert contents.dropped_bytes == 0
    data = (GOLDEN / name).read_bytes()
    assert contents.whole_bytes == len(data)
    assert contents.is_sealed == (name == "sealed.chunk")
    for found, frame in zip(contents.frames, FRAMES, strict=True):
        assert data[found.offset : found.offset + found.size] == frame.payload[0]
        assert found[:4] == frame[:4]
        assert found.is_key == frame.is_key
    assert [found.duration for found in contents.frames] == [0, 1024, 0, 3600, 1024]


def test_the_golden_version_0_is_read():
    data = (GOLDEN / "version0.chunk").read_bytes()
    contents = read_chunk(GOLDEN / "version0.chunk")
    assert (contents.tracks, contents.reserve, contents.dropped_bytes) == ((), None, 0)
    assert [f.is_key for f in contents.frames] == [True, False, False]
    assert [f.time_us for f in contents.frames] == [ANCHOR_US + n * 40_000 for n in range(3)]
    assert [f.pts for f in contents.frames] == [0, 3600, 7200]
    assert data[contents.frames[2].offset :] == nal(0x41)


def test_version_0_is_what_the_specification_says():
    keyframe = nal(0x67) + nal(0x68) + nal(0x65)
    spelled = b""
    for number, payload in enumerate((keyframe, nal(0x41), nal(0x41))):
        spelled += b"\0" + len(payload).to_bytes(8, "big") + (ANCHOR_US + number * 40_000).to_bytes(8, "big") + payload
    assert spelled == (GOLDEN / "version0.chunk").read_bytes()


@pytest.mark.parametrize("is_sealed", [False, True])
def test_version_1_is_what_the_document_says(is_sealed):
    data = (GOLDEN / ("sealed.chunk" if is_sealed else "version1.chunk")).read_bytes()

    def header(version: int, length: int, time_us: int) -> bytes:
        return bytes((version,)) + length.to_bytes(8, "big") + time_us.to_bytes(8, "big")

    def typed(kind: int, fields: bytes, data: bytes = b"", time_us: int = ANCHOR_US) -> bytes:
        start = header(1, 5 + len(fields) + len(data), time_us) + bytes((kind,))
        return start + zlib.crc32(start + fields).to_bytes(4, "big") + fields + data

    def frame(of: Frame, duration: int) -> bytes:
        fields = bytes((of.track, 1 if of.is_key else 0)) + of.pts.to_bytes(8, "big", signed=True)
        fields += of.dts.to_bytes(8, "big", signed=True) + duration.to_bytes(4, "big")
        return typed(2, fields, bytes(of.payload[0]), of.time_us)

    def track(of: Track) -> dict[str, object]:
        return {
            "number": of.number, "kind": of.kind, "codec": of.codec, "timescale": of.timescale,
            "sample_entry": base64.b64encode(of.sample_entry).decode(), "width": of.width, "height": of.height,
            "sample_rate": of.sample_rate, "channels": of.channels, "frame_rate": str(of.frame_rate),
        }  # fmt: skip

    def sealed(block: bytes) -> bytes:
        start = header(1, 5, 0) + b"\3"
        return block + start + zlib.crc32(block + start).to_bytes(4, "big") if is_sealed else block

    start = header(1, 64 - 17, 0) + b"\0"
    spelled = (start + zlib.crc32(start).to_bytes(4, "big")).ljust(64, b"\0")
    streams: dict[str, object] = {
        "anchor_pts": ANCHOR_PTS,
        "anchor_us": ANCHOR_US,
        "tracks": [track(VIDEO), track(AUDIO)],
    }
    spelled += typed(5 if is_sealed else 1, json.dumps(streams, separators=(",", ":")).encode())
    spelled += sealed(header(0, FRAMES[0].size, FRAMES[0].time_us) + FRAMES[0].payload[0])
    spelled += sealed(frame(FRAMES[1], 1024))
    spelled += sealed(header(0, FRAMES[2].size, FRAMES[2].time_us) + FRAMES[2].payload[0])
    spelled += sealed(frame(FRAMES[3], 3600))
    spelled += sealed(frame(FRAMES[4], 1024))
    assert data == spelled


@pytest.mark.parametrize("name", ["version1.chunk", "sealed.chunk"])
def test_a_reader_that_knows_no_seals_meets_an_unknown_kind_before_any_frame_of_a_chunk_with_seals(name):
    """It makes an MP4 of what it read up to damage: that must be nothing, for then it keeps the chunk."""
    data = (GOLDEN / name).read_bytes()
    at, kinds = 0, []
    while at < len(data):
        kinds.append(data[at + 17] if data[at] else 2)
        if kinds[-1] not in (0, 1, 2):
            break
        at += 17 + int.from_bytes(data[at + 1 : at + 9], "big")
    assert kinds == ([0, 1, 2, 2, 2, 2, 2] if name == "version1.chunk" else [0, 5])


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\0\x1cftypisom\0\0\2\0isomiso2" + bytes(64), b"RIFF" + bytes(99)])
def test_what_is_no_chunk_is_refused(tmp_path, data):
    path = tmp_path / "x.chunk"
    path.write_bytes(data)
    with pytest.raises(ChunkError, match=r"x\.chunk"):
        read_chunk(path)
    assert is_finished(path) == (b"ftyp" in data)
